import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { DomainError } from '../domain/errors.js';
import type { Clock } from '../domain/ports.js';
import { sqlitePath } from './open-store.js';
import { backUp, restore } from './sqlite/backup.js';
import type { Database } from './sqlite/driver.js';
import { toStoreError } from './sqlite/errors.js';
import { examine, type Finding } from './sqlite/examine.js';
import { mend } from './sqlite/mend.js';
import { closeDatabase, openConfigured } from './sqlite/open.js';

/** What the command line does to a store as a whole. All but `restore` work beside a server. */
export interface Maintenance {
  /** One consistent file of everything. */
  backUp(target: string): void;
  /**
   * Puts a backup in the store's place, with revisions that no client has seen; returns where the
   * old file is, null: there was none.
   */
  restore(backup: string, replace: boolean): string | null;
  examine(): readonly Finding[];
  /** Sets numbers to what a recount gives, as changes that clients hear of; returns how many rows. */
  mend(): number;
}

/** Maintenance of the store that an address names. NOT_FOUND where its file is not there. */
export function createMaintenance(url: string, deps: { readonly clock: Clock }): Maintenance {
  const path = sqlitePath(url);
  const present = <T>(work: () => T): T => {
    if (!existsSync(path)) {
      throw new DomainError('NOT_FOUND', { detail: `There is no database at ${resolve(path)}.` });
    }
    try {
      return work();
    } catch (error) {
      throw toStoreError(error);
    }
  };
  const open = <T>(work: (db: Database) => T): T => present(() => withDatabase(path, work));
  return {
    backUp: (target) => present(() => backUp(path, target)),
    restore: (backup, replace) => restore(backup, path, replace),
    examine: () => open(examine),
    mend: () => open((db) => mend(db, deps.clock)),
  };
}

/** A tool may wait for the server's writes, unlike a server. */
function withDatabase<T>(path: string, work: (db: Database) => T): T {
  const db = openConfigured(path);
  try {
    db.exec('pragma busy_timeout = 10000');
    return work(db);
  } finally {
    closeDatabase(db);
  }
}
