import type { Comment } from '../../domain/comment.js';
import type { AuditEntry, EarlierText } from '../../domain/operation.js';
import type { BranchQuery, BranchRows, ContextRows } from '../../domain/ports.js';
import type { Thread } from '../../domain/thread.js';
import { decodeIdCursor, encodeCursor, unreadable } from '../cursor.js';
import type { Database } from './driver.js';
import { toAuditEntry, toComment, toEarlierText, toThread } from './rows.js';

/** The row of a thread; null: nothing has happened there yet. */
export function readThread(db: Database, tk: string): Thread | null {
  const row = db.get('select * from threads where tk = ?', tk);
  return row === undefined ? null : toThread(row);
}

/** The row of a comment of this thread, whatever it is. */
export function readComment(db: Database, tk: string, id: string): Comment | null {
  if (!id.startsWith(tk)) return null;
  const row = db.get('select * from comments where id = ? and tk = ?', id, tk);
  return row === undefined ? null : toComment(row);
}

/** Rows by id, in no order; those of other threads and unknown ones are left out. */
export const readComments = (
  db: Database,
  tk: string,
  ids: ReadonlySet<string>,
): readonly Comment[] =>
  ids.size === 0 ? [] : db.all(byIds, JSON.stringify([...ids]), tk).map(toComment);

const byIds = `
  select comments.* from json_each(?) wanted cross join comments
  where comments.id = wanted.value and comments.tk = ?`;

/** The comment that a key has made. */
export function findRepeat(db: Database, tk: string, idem: string): Comment | null {
  const row = db.get('select * from comments where tk = ? and idem = ?', tk, idem);
  return row === undefined ? null : toComment(row);
}

/** A page of all shown rows below one comment. The cursor is an id: paths may be long. */
export function readBranch(db: Database, tk: string, page: BranchQuery): BranchRows {
  const thread = readThread(db, tk);
  const after = page.cursor === null ? null : decodeIdCursor('branch', page.cursor);
  const parent = readComment(db, tk, page.parentId);
  if (parent === null) return { thread, rows: [], next: null };
  const from = after === null ? parent.path : readComment(db, tk, after)?.path;
  if (from?.startsWith(parent.path) !== true) throw unreadable();
  return { thread, ...readBelow(db, parent, page.limit, from) };
}

/** Shown rows below a comment in reading order, after the path `from`. */
function readBelow(
  db: Database,
  parent: Pick<Comment, 'tk' | 'path'>,
  limit: number,
  from = parent.path,
): { readonly rows: readonly Comment[]; readonly next: string | null } {
  // '0' is the character after '/': all that begins with the path and a slash lies between
  const found = db.all(
    below,
    parent.tk,
    maxPath(from, `${parent.path}/`),
    `${parent.path}0`,
    limit + 1,
  );
  const rows = found.slice(0, limit).map(toComment);
  const last = rows.at(-1);
  return { rows, next: found.length > limit && last ? encodeCursor('branch', last.id) : null };
}

const maxPath = (a: string, b: string): string => (a > b ? a : b);

const below = `
  select * from comments where tk = ? and path > ? and path < ? and parent is not null and shown = 1
  order by path limit ?`;

/** One comment with what is around it; null where it is not. */
export function readContext(db: Database, tk: string, id: string): ContextRows | null {
  const thread = readThread(db, tk);
  const comment = readComment(db, tk, id);
  if (thread === null || comment === null) return null;
  const ulids = comment.path.split('/').slice(0, -1);
  return {
    thread,
    comment,
    ancestors: ulids.flatMap((ulid) => {
      const above = readComment(db, tk, tk + ulid);
      return above?.shown === true ? [above] : [];
    }),
    siblings: readSiblings(db, comment),
    replies: readBelow(db, comment, 20).rows,
  };
}

function readSiblings(db: Database, { tk, id, parentId }: Comment): readonly Comment[] {
  const before =
    parentId === null ? db.all(rootsBefore, tk, id) : db.all(siblingsBefore, parentId, id);
  const after =
    parentId === null ? db.all(rootsAfter, id, `${tk}~`) : db.all(siblingsAfter, parentId, id);
  return [...before.toReversed(), ...after].map(toComment);
}

const rootsBefore = `
  select * from comments where parent is null and shown = 1 and id > ? and id < ?
  order by id desc limit 2`;
const rootsAfter = `
  select * from comments where parent is null and shown = 1 and id > ? and id < ?
  order by id limit 2`;
const siblingsBefore = `
  select * from comments where parent = ? and shown = 1 and id < ? order by id desc limit 2`;
const siblingsAfter = `
  select * from comments where parent = ? and shown = 1 and id > ? order by id limit 2`;

/** Earlier texts of a comment, oldest first. */
export const readEarlierTexts = (db: Database, commentId: string): readonly EarlierText[] =>
  db
    .all('select * from earlier_texts where comment_id = ? order by version', commentId)
    .map(toEarlierText);

/** The audit chain of a thread, oldest first. */
export const readAudit = (db: Database, tk: string): readonly AuditEntry[] =>
  db.all('select * from audit where tk = ? order by seq', tk).map(toAuditEntry);

/** Comments with text of an older policy, across threads. */
export const readOutdated = (
  db: Database,
  policy: number,
  after: string,
  limit: number,
): readonly Comment[] => db.all(outdated, policy, after, limit).map(toComment);

const outdated = `
  select * from comments where policy < ? and id > ? and status <> 'deleted' order by id limit ?`;

/** Counts and revisions of many threads at once. */
export function readHeads(
  db: Database,
  tks: readonly string[],
): ReadonlyMap<string, { count: number; rev: number }> {
  const sql = `
    select tk, count, rev from threads where tk in (select value from json_each(?))`;
  return new Map(
    db
      .all(sql, JSON.stringify(tks))
      .map(({ tk, count, rev }) => [String(tk), { count: Number(count), rev: Number(rev) }]),
  );
}
