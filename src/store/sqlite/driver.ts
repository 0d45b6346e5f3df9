import { createRequire } from 'node:module';
import { DomainError } from '../../domain/errors.js';

/** What is bound and read: nothing else crosses the seam. */
export type Value = string | number | null;

/** A row as the driver reads it: column → value. */
export type Row = Readonly<Record<string, Value>>;

interface Statement {
  run(...values: Value[]): { readonly lastInsertRowid: number | bigint };
  get(...values: Value[]): Row | undefined;
  all(...values: Value[]): Row[];
}

interface Binding {
  exec(sql: string): void;
  prepare(sql: string): Statement;
  close(): void;
}

/** One connection. Statements are prepared once a text and kept; all calls are synchronous. */
export interface Database {
  /** Several statements without values. */
  exec(sql: string): void;
  /** Returns the row id of the last insert. */
  run(sql: string, ...values: Value[]): number;
  get(sql: string, ...values: Value[]): Row | undefined;
  all(sql: string, ...values: Value[]): readonly Row[];
  close(): void;
}

type Constructor = new (path: string) => Binding;

/** `node:sqlite` is there without a flag from 22.13 on: https://nodejs.org/api/sqlite.html */
export const hasBuiltIn = (version: string): boolean => {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  return major > 22 || (major === 22 && minor >= 13);
};

/** Opens a file, or `:memory:`. Throws the driver's error. */
export function openDatabase(path: string): Database {
  const binding = new (loadConstructor())(path);
  const statements = new Map<string, { statement: Statement; values: number }>();

  /** A missing value would silently be NULL, and text is cut at U+0000 by some builds. */
  const prepared = (sql: string, values: readonly Value[]): Statement => {
    let found = statements.get(sql);
    if (found === undefined) {
      found = { statement: binding.prepare(sql), values: sql.split('?').length - 1 };
      statements.set(sql, found);
    }
    if (values.length !== found.values) throw new TypeError(`${found.values} values for: ${sql}`);
    for (const value of values) if (typeof value === 'string') refuseMalformed(value);
    return found.statement;
  };

  return {
    exec: (sql) => binding.exec(sql),
    run: (sql, ...values) => Number(prepared(sql, values).run(...values).lastInsertRowid),
    get: (sql, ...values) => prepared(sql, values).get(...values),
    all: (sql, ...values) => prepared(sql, values).all(...values),
    close() {
      statements.clear();
      binding.close();
    },
  };
}

function refuseMalformed(text: string): void {
  if (text.includes('\0') || !text.isWellFormed()) throw new DomainError('MALFORMED_TEXT');
}

function loadConstructor(): Constructor {
  const require = createRequire(import.meta.url);
  const name = hasBuiltIn(process.versions.node) ? 'node:sqlite' : '@photostructure/sqlite';
  // both modules export the same class; only what `Binding` names is used
  return (require(name) as { DatabaseSync: Constructor }).DatabaseSync;
}
