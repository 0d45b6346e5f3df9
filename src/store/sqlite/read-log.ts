import type { LogRows } from '../../domain/ports.js';
import type { Change } from '../../domain/thread.js';
import type { Database } from './driver.js';
import { readComments, readThread } from './read-thread.js';
import { toChange } from './rows.js';

/** Changes read in one answer at most, whatever they name. */
const maxChanges = 1_000;

/** The log after `since` with the rows it names; the first change is read whatever its size. */
export function readLog(db: Database, tk: string, since: number, maxIds: number): LogRows {
  const thread = readThread(db, tk);
  if (thread === null) return { thread, changes: [], comments: [], more: false };
  const changes: Change[] = [];
  const named = new Set<string>();
  const found = db.all(after, thread.site, tk, since, maxChanges + 1);
  for (const row of found.slice(0, maxChanges)) {
    const change = toChange(row);
    const fresh = [...change.ids, ...change.counted].filter((id) => !named.has(id));
    if (changes.length > 0 && named.size + fresh.length > maxIds) break;
    for (const id of fresh) named.add(id);
    changes.push(change);
  }
  return {
    thread,
    changes,
    comments: readComments(db, tk, named),
    more: changes.length < found.length,
  };
}

const after = 'select *, ? as site from changes where tk = ? and rev > ? order by rev limit ?';
