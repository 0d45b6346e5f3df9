import { spawnSync } from 'node:child_process';
import { openDatabase, type Database } from '../../src/store/sqlite/driver.js';
import { readEarlierTexts } from '../../src/store/sqlite/read-thread.js';
import { migrate, migrations, schemaVersion } from '../../src/store/sqlite/schema.js';
import { bundle } from '../helpers/bundle.js';
import { aFolder } from '../helpers/folder.js';

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

  it('keeps earlier texts, without the HTML that older versions stored', () => {
    migrate(db, migrations.slice(0, 2));
    db.exec('pragma foreign_keys = off');
    db.exec(
      `insert into earlier_texts values ('${'a'.repeat(42)}', 0, 7, 'First.', '<p>First.</p>')`,
    );
    migrate(db);
    expect(readEarlierTexts(db, 'a'.repeat(42))).toEqual([
      { commentId: 'a'.repeat(42), tk: 'a'.repeat(16), version: 0, at: 7, source: 'First.' },
    ]);
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

  it('REL-7 refuses a file that a newer version has made, and touches nothing', () => {
    migrate(db, ['create table a (x)', 'create table b (x)']);
    const before = schema(db);
    expect(() => migrate(db, ['create table a (x)'])).toThrow(
      'The database has schema 2, this version of Sayso knows 1.',
    );
    expect(schema(db)).toEqual(before);
  });

  it('REL-7 goes on to the same schema wherever kill -9 has struck', () => {
    migrate(db);
    const script = bundle('test/store/child-migrate.ts');
    const folder = aFolder();
    const statements = 3 * migrations.length;
    for (let n = 1; n <= statements; n += 1) {
      const file = `${folder.path}/${n}.db`;
      expect(spawnSync(process.execPath, [script, file, String(n)]).signal).toBe('SIGKILL');
      const struck = openDatabase(file);
      expect(schemaVersion(struck)).toBe(Math.floor((n - 1) / 3));
      migrate(struck);
      expect(schema(struck)).toEqual(schema(db));
      expect(struck.get('pragma integrity_check')).toMatchObject({ integrity_check: 'ok' });
      struck.close();
    }
    folder.remove();
  }, 30_000);
});
