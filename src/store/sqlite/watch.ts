import type { Notice } from '../../domain/ports.js';
import type { Database, Row } from './driver.js';
import { toChange } from './rows.js';
import type { Told } from './write.js';

/** Tells listeners of every change in the file, whoever wrote it. */
export interface Watch {
  add(listener: (notice: Notice) => void): () => void;
  /** A commit of this process, right after it. */
  committed(told: Told): void;
  /** Looks for what other processes wrote. */
  poll(): void;
}

/** Changes read at once: a long import of the command line is told piece by piece. */
const maxRead = 500;

/**
 * The log has one numbering for all threads, given under the write lock: whatever lies between the
 * last number seen and an own commit was written by another process and is told first.
 */
export function createWatch(db: Database): Watch {
  const listeners = new Set<(notice: Notice) => void>();
  let seen = Number(db.get('select max(seq) seq from changes')?.['seq'] ?? 0);
  let version = dataVersion(db);

  const tell = (notice: Notice): void => {
    for (const listener of [...listeners]) {
      try {
        listener(notice);
      } catch (error) {
        // the others are told all the same; the process hears of the mistake
        queueMicrotask(() => {
          throw error;
        });
      }
    }
  };

  const tellOthers = (below: number): boolean => {
    const rows = listeners.size === 0 ? [] : db.all(between, seen, below, maxRead);
    for (const row of rows) tell(toForeignNotice(row));
    const last = rows.at(-1);
    if (rows.length < maxRead || last === undefined) return true;
    seen = Number(last['seq']);
    return false;
  };

  const poll = (): void => {
    const present = dataVersion(db);
    if (present === version) return;
    const newest = Number(db.get('select max(seq) seq from changes')?.['seq'] ?? 0);
    if (!tellOthers(newest + 1)) return;
    seen = Math.max(seen, newest);
    version = present;
  };

  return {
    add(listener) {
      // an own wrapper each: the same function may follow twice and stop once
      const own = (notice: Notice): void => listener(notice);
      listeners.add(own);
      return () => listeners.delete(own);
    },
    committed({ seq, notice }) {
      while (seq > seen + 1 && !tellOthers(seq));
      seen = Math.max(seen, seq);
      tell(notice);
    },
    poll,
  };
}

/** Moves when another connection has committed: https://sqlite.org/pragma.html#pragma_data_version */
const dataVersion = (db: Database): number =>
  Number(db.get('pragma data_version')?.['data_version']);

const between = `
  select changes.*, threads.site, threads.article from changes join threads using (tk)
  where seq > ? and seq < ? order by seq limit ?`;

function toForeignNotice(row: Row): Notice {
  const change = toChange(row);
  const { tk, site, rev } = change;
  return { tk, site, article: String(row['article']), rev, change };
}
