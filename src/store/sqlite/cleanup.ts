import type { Database } from './driver.js';

const dayMs = 24 * 3_600_000;

/** How long a change is kept: whoever was away for longer loads the list again. */
const changesMs = 7 * dayMs;

/** How long the keyed hash of an address is kept. SECURITY.md promises it. */
const addressesMs = 30 * dayMs;

/** Rows let go in one go, so that a write never waits long behind it. */
const maxRows = 1_000;

/**
 * Lets go of changes older than 7 days, of sessions that have expired, and of all that comes from
 * addresses after 30 days, with the secrets behind it. `now` in epoch ms. Returns whether more waits.
 */
export function cleanUp(db: Database, now: number): boolean {
  db.run('delete from sessions where expires_at < ?', now);
  db.run('delete from address_secrets where month < ?', monthOf(now - addressesMs));
  const counts = [
    forgetChanges(db, now - changesMs),
    forgetAuthors(db, now - addressesMs),
    forgetReporters(db, now - addressesMs),
  ];
  return counts.some((count) => count >= maxRows);
}

/**
 * In the order they came in, so that what is left of a thread's log has no hole; the newest always
 * stays, because numbers of changes must not be given twice.
 */
function forgetChanges(db: Database, before: number): number {
  const oldest = db.all(
    'select seq, at from changes where seq > 0 order by seq limit ?',
    maxRows + 1,
  );
  const old = oldest.slice(0, -1).findLastIndex(({ at }) => Number(at) < before);
  const last = oldest[old]?.['seq'];
  if (last !== undefined) db.run('delete from changes where seq <= ?', last);
  return old + 1;
}

function forgetAuthors(db: Database, before: number): number {
  const rows = db.all(oldAuthors, before, maxRows);
  for (const { place } of rows) {
    db.run('update comments set ip_key = null where rowid = ?', place ?? null);
  }
  return rows.length;
}

const oldAuthors = `
  select rowid place from comments where ip_key is not null and created_at < ? limit ?`;

/** The report itself stays, for its number stands on the comment. */
function forgetReporters(db: Database, before: number): number {
  const rows = db.all(oldReporters, before, maxRows);
  for (const row of rows) {
    db.run(forgetReporter, row['comment_id'] ?? null, row['ip_key'] ?? null);
  }
  return rows.length;
}

const oldReporters = `
  select comment_id, ip_key from reports where substr(ip_key, 1, 5) <> 'gone:' and at < ? limit ?`;
const forgetReporter = `
  update reports set ip_key = 'gone:' || hex(randomblob(16)) where comment_id = ? and ip_key = ?`;

const monthOf = (at: number): string => new Date(at).toISOString().slice(0, 7);
