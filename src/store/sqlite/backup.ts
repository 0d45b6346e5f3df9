import {
  closeSync,
  copyFileSync,
  existsSync,
  fsyncSync,
  openSync,
  renameSync,
  rmSync,
} from 'node:fs';
import { dirname } from 'node:path';
import { DomainError } from '../../domain/errors.js';
import { openDatabase, type Database } from './driver.js';
import { claim } from './lock.js';
import { migrations, schemaVersion } from './schema.js';

/**
 * Writes one consistent file of everything, also while a server writes. The file appears under its
 * name only once it is whole and on disk. INVALID_INPUT where there is one already.
 */
export function backUp(db: Database, target: string): void {
  if (existsSync(target)) throw refused(`${target} is there already.`);
  const part = `${target}.part`;
  rmSync(part, { force: true });
  try {
    db.run('vacuum into ?', part);
    verify(part);
    putInPlace(part, target);
  } finally {
    rmSync(part, { force: true });
  }
}

/**
 * Puts a backup in the place of the database, which must have no server. What was there is kept
 * beside it, under the name that is returned; null: nothing was there.
 * INVALID_INPUT where the backup is no good, or something is there and `replace` is not set.
 */
export function restore(backup: string, path: string, replace: boolean): string | null {
  if (!existsSync(backup)) throw refused(`${backup} is not there.`);
  verify(backup);
  const occupied = existsSync(path);
  if (occupied && !replace) throw refused(`${path} is there already; --replace puts it aside.`);
  const release = claim(path);
  const part = `${path}.part`;
  try {
    copyFileSync(backup, part);
    const aside = occupied ? putAside(path) : null;
    putInPlace(part, path);
    return aside;
  } finally {
    rmSync(part, { force: true });
    release();
  }
}

/** With its write-ahead log, which holds what the file itself does not yet. */
function putAside(path: string): string {
  let aside = `${path}.replaced`;
  for (let n = 2; existsSync(aside); n += 1) aside = `${path}.replaced-${n}`;
  for (const suffix of ['-wal', '-shm', '']) {
    if (existsSync(path + suffix)) renameSync(path + suffix, aside + suffix);
  }
  return aside;
}

function verify(file: string): void {
  const db = openDatabase(file);
  try {
    const version = schemaVersion(db);
    if (version < 1 || version > migrations.length) {
      throw refused(
        `${file} is no backup that this version of Sayso can read (schema ${version}).`,
      );
    }
    const result = db.get('pragma integrity_check(1)')?.['integrity_check'];
    if (result !== 'ok') throw refused(`${file} is damaged: ${String(result)}`);
  } catch (error) {
    if (error instanceof DomainError) throw error;
    throw refused(`${file} is not a database of Sayso.`, error);
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
