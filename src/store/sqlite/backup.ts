import {
  closeSync,
  copyFileSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  renameSync,
  rmSync,
} from 'node:fs';
import { dirname } from 'node:path';
import { DomainError } from '../../domain/errors.js';
import { openDatabase } from './driver.js';
import { claim } from './lock.js';
import { closeDatabase, openConfigured } from './open.js';
import { migrations, schemaVersion } from './schema.js';

/**
 * Writes one consistent file of everything, also while a server writes. The file appears under its
 * name only once it is whole and on disk; its schema is that of the source. INVALID_INPUT where
 * there is one already.
 */
export function backUp(path: string, target: string): void {
  if (existsSync(target)) throw refused(`${target} is there already.`);
  mkdirSync(dirname(target), { recursive: true });
  const part = `${target}.part`;
  remove(part);
  const db = openDatabase(path);
  try {
    db.exec('pragma busy_timeout = 10000');
    db.run('vacuum into ?', part);
    verify(part, target);
    putInPlace(part, target);
  } finally {
    db.close();
    remove(part);
  }
}

/**
 * Puts a backup in the place of the database, which must have no server. What was there is kept
 * beside it, under the name that is returned; null: nothing was there. All revisions move up by
 * 1,000,000, or past those of what is replaced, and the log is emptied.
 * INVALID_INPUT where the backup is no good, or something is there and `replace` is not set.
 */
export function restore(backup: string, path: string, replace: boolean): string | null {
  if (!existsSync(backup)) throw refused(`${backup} is not there.`);
  const occupied = existsSync(path);
  if (occupied && !replace) throw refused(`${path} is there already; --replace puts it aside.`);
  mkdirSync(dirname(path), { recursive: true });
  const release = claim(path);
  const part = `${path}.part`;
  try {
    remove(part);
    copyFileSync(backup, part);
    verify(part, backup);
    prepare(part, occupied ? lastRevision(path) : 0);
    const aside = occupied ? putAside(path) : null;
    putInPlace(part, path);
    return aside;
  } finally {
    remove(part);
    release();
  }
}

const step = 1_000_000;

/**
 * Moves the revisions of threads and rows past all that clients may have seen, and empties the log:
 * whoever comes with a cursor of before finds no next change and loads afresh. `first_rev` stays,
 * for what was new to a reader then is no newer now; audit entries stay, for their hashes cover the
 * revision.
 */
function prepare(file: string, seen: number): void {
  const raise = step * (1 + Math.floor(seen / step));
  const db = openConfigured(file);
  try {
    db.exec('begin immediate');
    db.run('update threads set rev = rev + ?, head_rev = head_rev + ?', raise, raise);
    db.run('update comments set rev = rev + ?', raise);
    db.exec('delete from changes; commit; pragma wal_checkpoint(truncate)');
    // one file from here on, which can be moved
    db.exec('pragma journal_mode = delete');
  } finally {
    db.close();
  }
}

/** The highest revision in a database; 0 where it cannot be read. */
function lastRevision(path: string): number {
  try {
    const db = openDatabase(path);
    try {
      return Number(db.get('select max(rev) rev from threads')?.['rev'] ?? 0);
    } finally {
      closeDatabase(db);
    }
  } catch {
    // damaged, or of another program: the reason to restore may be just that
    return 0;
  }
}

/** With its write-ahead log, which may hold what the file itself does not yet. */
function putAside(path: string): string {
  let aside = `${path}.replaced`;
  for (let n = 2; existsSync(aside); n += 1) aside = `${path}.replaced-${n}`;
  for (const suffix of journals) {
    if (existsSync(path + suffix)) renameSync(path + suffix, aside + suffix);
  }
  return aside;
}

/** What a database may consist of besides its file. */
const journals = ['-wal', '-shm', ''];

function remove(path: string): void {
  for (const suffix of journals) rmSync(path + suffix, { force: true });
}

/** `name` is what the file is called in messages. */
function verify(file: string, name: string): void {
  const db = openDatabase(file);
  try {
    const version = schemaVersion(db);
    const known = db.get(`select 1 from sqlite_schema where name = 'threads'`) !== undefined;
    if (!known || version < 1 || version > migrations.length) {
      throw refused(
        `${name} is no backup that this version of Sayso can read (schema ${version}).`,
      );
    }
    const result = db.get('pragma integrity_check(1)')?.['integrity_check'];
    if (result !== 'ok') throw refused(`${name} is damaged: ${String(result)}`);
  } catch (error) {
    if (error instanceof DomainError) throw error;
    throw refused(`${name} is not a database of Sayso.`, error);
  } finally {
    db.close();
  }
}

/** Renamed only after its bytes are on disk, and the folder after that. */
function putInPlace(part: string, target: string): void {
  sync(part);
  renameSync(part, target);
  sync(dirname(target));
}

function sync(path: string): void {
  const handle = openSync(path, 'r');
  try {
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}

const refused = (detail: string, cause?: unknown): DomainError =>
  new DomainError('INVALID_INPUT', { detail }, cause);
