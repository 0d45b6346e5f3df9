import { ancestorIds, type Comment } from '../../domain/comment.js';
import type { AuditEntry, Operation } from '../../domain/operation.js';
import { concerned, type Rows } from '../../domain/rows.js';
import type { Thread } from '../../domain/thread.js';
import type { Database } from './driver.js';
import { toAuditEntry, toComment } from './rows.js';

/** Reads under the lock all that a batch needs of one thread. */
export function readConcerned(
  db: Database,
  thread: Thread,
  operations: readonly Operation[],
): Rows {
  const needed = concerned(operations);
  const decisions = readDecisions(db, thread, needed.decisions);
  const targets = [...decisions.values()].flatMap(({ target }) => target ?? []);
  return {
    comments: readComments(db, thread, [...needed.comments, ...targets]),
    repeats: readRepeats(db, thread, needed.idems),
    votes: readVotes(db, needed.votes),
    reports: readReports(db, needed.reports),
    lastPostAt: readLastPosts(db, thread, operations, needed.authors),
    decisions,
  };
}

/** The comments and all above them. An id of another thread is not there. */
function readComments(
  db: Database,
  thread: Thread,
  ids: readonly string[],
): ReadonlyMap<string, Comment> {
  const found = new Map<string, Comment>();
  const read = (id: string): void => {
    if (found.has(id) || !id.startsWith(thread.tk)) return;
    const row = db.get('select * from comments where id = ?', id);
    if (row === undefined) return;
    const comment = toComment(row);
    found.set(id, comment);
    for (const above of ancestorIds(comment)) read(above);
  };
  for (const id of ids) read(id);
  return found;
}

function readRepeats(
  db: Database,
  { tk }: Thread,
  idems: ReadonlySet<string>,
): ReadonlyMap<string, Comment> {
  const found = new Map<string, Comment>();
  for (const idem of idems) {
    const row = db.get('select * from comments where tk = ? and idem = ?', tk, idem);
    if (row !== undefined) found.set(idem, toComment(row));
  }
  return found;
}

function readVotes(db: Database, keys: ReadonlySet<string>): ReadonlyMap<string, -1 | 0 | 1> {
  const found = new Map<string, -1 | 0 | 1>();
  for (const key of keys) {
    const sql = 'select value from votes where comment_id = ? and actor_id = ?';
    const row = db.get(sql, ...split(key));
    if (row !== undefined) found.set(key, row['value'] as -1 | 0 | 1); // as written
  }
  return found;
}

function readReports(db: Database, keys: ReadonlySet<string>): ReadonlySet<string> {
  const sql = 'select 1 from reports where comment_id = ? and ip_key = ?';
  return new Set([...keys].filter((key) => db.get(sql, ...split(key)) !== undefined));
}

/** Read only where slow mode is on, or may be by an operation of the same batch. */
function readLastPosts(
  db: Database,
  thread: Thread,
  operations: readonly Operation[],
  authors: ReadonlySet<string>,
): ReadonlyMap<string, number> {
  const found = new Map<string, number>();
  const slow = thread.slowModeSeconds > 0 || operations.some(({ type }) => type === 'setting');
  if (!slow || thread.rev === 0) return found;
  for (const author of authors) {
    const row = db.get(lastPost, thread.site, author, thread.tk, `${thread.tk}~`);
    const at = row?.['at'] ?? null;
    if (at !== null) found.set(author, Number(at));
  }
  return found;
}

const lastPost = `
  select max(created_at) at from comments where site = ? and author_id = ?
    and status in ('approved', 'pending', 'rejected', 'spam') and id > ? and id < ?`;

function readDecisions(
  db: Database,
  { tk }: Thread,
  ids: ReadonlySet<string>,
): ReadonlyMap<string, AuditEntry> {
  const found = new Map<string, AuditEntry>();
  for (const id of ids) {
    const row = db.get('select * from audit where id = ? and tk = ?', id, tk);
    if (row !== undefined) found.set(id, toAuditEntry(row));
  }
  return found;
}

/** `comment id:who` at its first colon; ids of comments have none. */
const split = (key: string): [string, string] => {
  const at = key.indexOf(':');
  return [key.slice(0, at), key.slice(at + 1)];
};
