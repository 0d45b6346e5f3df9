import type { Database } from './driver.js';

/** How long a change is kept, in ms: whoever was away for longer loads the list again. */
export const keptMs = 7 * 24 * 3_600_000;

/** Rows let go in one go, so that a write never waits long behind it. */
const maxRows = 1_000;

/**
 * Lets go of changes older than 7 days and of sessions that have expired. Changes go in the order
 * they came in, so that what is left of a thread's log has no hole; the newest always stays, because
 * numbers of changes must not be given twice. `now` in epoch ms. Returns whether more are waiting.
 */
export function cleanUp(db: Database, now: number): boolean {
  const oldest = db.all('select seq, at from changes order by seq limit ?', maxRows + 1);
  const old = oldest.slice(0, -1).findLastIndex(({ at }) => Number(at) < now - keptMs);
  const last = oldest[old]?.['seq'];
  if (last !== undefined) db.run('delete from changes where seq <= ?', last);
  db.run('delete from sessions where expires_at < ?', now);
  return old + 1 >= maxRows;
}
