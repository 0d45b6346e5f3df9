import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { DomainError } from '../domain/errors.js';
import { sqlitePath } from './open-store.js';
import { backUp, restore } from './sqlite/backup.js';
import type { Database } from './sqlite/driver.js';
import { toStoreError } from './sqlite/errors.js';
import { examine, mend, type Finding } from './sqlite/examine.js';
import { rerenderBatch, rerenderEarlier, type Renderer } from './sqlite/rerender.js';
import { openConfigured } from './sqlite/sqlite-store.js';

/** What the command line does to a store as a whole. All but `restore` work beside a server. */
export interface Maintenance {
  /** One consistent file of everything. */
  backUp(target: string): void;
  /** Puts a backup in the store's place; returns where the old file is, null: there was none. */
  restore(backup: string, replace: boolean): string | null;
  examine(): readonly Finding[];
  /** Sets numbers to what a recount gives; returns how many. */
  mend(): number;
  /** Brings texts of older policies to the present one; `progress` hears how many are done. */
  rerender(renderer: Renderer, progress: (done: number) => void): number;
}

/** Maintenance of the store that an address names. NOT_FOUND where its file is not there. */
export function createMaintenance(url: string): Maintenance {
  const path = sqlitePath(url);
  const open = <T>(work: (db: Database) => T): T => {
    if (!existsSync(path)) {
      throw new DomainError('NOT_FOUND', { detail: `There is no database at ${resolve(path)}.` });
    }
    try {
      return withDatabase(path, work);
    } catch (error) {
      throw toStoreError(error);
    }
  };
  return {
    backUp: (target) => open((db) => backUp(db, target)),
    restore: (backup, replace) => restore(backup, path, replace),
    examine: () => open(examine),
    mend: () => open(mend),
    rerender: (renderer, progress) =>
      open((db) => {
        let done = 0;
        for (let size = rerenderBatch(db, renderer); size > 0; size = rerenderBatch(db, renderer)) {
          done += size;
          progress(done);
        }
        return done + rerenderEarlier(db, renderer);
      }),
  };
}

/** A tool may wait for the server's writes, unlike a server. */
function withDatabase<T>(path: string, work: (db: Database) => T): T {
  const db = openConfigured(path);
  try {
    db.exec('pragma busy_timeout = 10000');
    return work(db);
  } finally {
    db.close();
  }
}
