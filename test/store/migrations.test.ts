import { openDatabase, type Database } from '../../src/store/sqlite/driver.js';
import { migrate, migrations, schemaVersion } from '../../src/store/sqlite/schema.js';

let db: Database;
beforeEach(() => (db = openDatabase(':memory:')));
afterEach(() => db.close());

const schema = (of: Database) => of.all('select type, name, sql from sqlite_schema order by name');

describe('migrate', () => {
  it('brings an empty file to today’s schema, and leaves it there', () => {
    migrate(db);
    const first = schema(db);
    migrate(db);
    expect(schema(db)).toEqual(first);
    expect(schemaVersion(db)).toBe(migrations.length);
  });

  it('undoes a step that is cut off, and does it again', () => {
    const steps = ['create table a (x)', 'create table b (x); create table c (x)'];
    const broken = ['create table a (x)', 'create table b (x); insert into nowhere values (1)'];
    expect(() => migrate(db, broken)).toThrow(/nowhere/);
    expect(schemaVersion(db)).toBe(1);
    expect(schema(db).map(({ name }) => name)).toEqual(['a']);
    migrate(db, steps);
    expect(schemaVersion(db)).toBe(2);
    expect(schema(db).map(({ name }) => name)).toEqual(['a', 'b', 'c']);
  });

  it('refuses a file that a newer version has made, and touches nothing', () => {
    migrate(db, ['create table a (x)', 'create table b (x)']);
    const before = schema(db);
    expect(() => migrate(db, ['create table a (x)'])).toThrow(
      'The database has schema 2, this version of Sayso knows 1.',
    );
    expect(schema(db)).toEqual(before);
  });
});
