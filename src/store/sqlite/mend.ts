import type { Comment } from '../../domain/comment.js';
import type { Clock } from '../../domain/ports.js';
import type { Recount } from '../../domain/recount.js';
import type { Thread } from '../../domain/thread.js';
import type { Database } from './driver.js';
import { recountThread } from './examine.js';
import { readThread } from './read-thread.js';
import { changeValues } from './rows.js';
import { putChange } from './write.js';

/** Rows altered by one change, as in settling. */
const maxRows = 64;

/**
 * Sets every number to what a recount gives, as changes of its thread, so that pages kept and
 * readers connected follow. One transaction a thread. Returns how many rows it set.
 */
export function mend(db: Database, clock: Clock): number {
  const threads = db.all('select tk from threads order by tk');
  return threads.reduce((sum, { tk }) => sum + mendThread(db, String(tk), clock), 0);
}

function mendThread(db: Database, tk: string, clock: Clock): number {
  db.exec('begin immediate');
  try {
    const thread = readThread(db, tk);
    const rows = thread === null ? 0 : correct(db, thread, recountThread(db, thread), clock.now());
    db.exec('commit');
    return rows;
  } catch (error) {
    db.exec('rollback');
    throw error;
  }
}

function correct(db: Database, before: Thread, right: Recount, now: number): number {
  const { count, corrected } = right;
  const { tk, site } = before;
  const at = Math.max(now, before.at);
  const head = count !== before.count;
  let rev = before.rev;
  for (let from = 0; from < corrected.length || (head && from === 0); from += maxRows) {
    rev += 1;
    const rows = corrected.slice(from, from + maxRows);
    for (const row of rows) saveNumbers(db, row, rev);
    const ids = rows.map(({ id }) => id);
    const change = { tk, site, rev, at, head: head && from === 0, ids, counted: [], desk: [] };
    db.run(putChange, ...changeValues(change));
  }
  if (rev === before.rev) return 0;
  const headRev = head ? before.rev + 1 : before.headRev;
  db.run(setThread, rev, headRev, at, count, tk);
  return corrected.length + Number(head);
}

const setThread = 'update threads set rev = ?, head_rev = ?, at = ?, count = ? where tk = ?';

function saveNumbers(db: Database, row: Comment, rev: number): void {
  const { id, shown, up, down, score, replies, reports } = row;
  const firstRev = row.firstRev ?? (shown === true ? rev : null);
  const visible = shown === null ? null : Number(shown);
  db.run(setNumbers, rev, firstRev, visible, up, down, score, replies, reports, id);
}

const setNumbers = `
  update comments set rev = ?, first_rev = ?, shown = ?, up = ?, down = ?, score = ?, replies = ?,
    reports = ? where id = ?`;
