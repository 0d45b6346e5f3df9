import type { Comment } from '../../domain/comment.js';
import type { Clock, Notice } from '../../domain/ports.js';
import type { Settled } from '../../domain/rows.js';
import { settle } from '../../domain/settle.js';
import { emptyThread, threadKey, type Thread } from '../../domain/thread.js';
import type { ThreadAdapter } from '../thread-writer.js';
import type { Database } from './driver.js';
import type { GroupCommit } from './group-commit.js';
import { readConcerned } from './read-concerned.js';
import { readThread } from './read-thread.js';
import {
  auditColumns,
  auditValues,
  changeValues,
  commentColumns,
  commentValues,
  threadColumns,
  threadValues,
} from './rows.js';

/** A commit as it is told: `seq` is its place in the log of all threads. */
export interface Told {
  readonly seq: number;
  readonly notice: Notice;
}

/**
 * The thread writer's way into SQLite. `settled` hears right after each commit how many operations a
 * thread had in it, and its change; null: there was none.
 */
export function createSqliteAdapter(deps: {
  readonly db: Database;
  readonly group: GroupCommit;
  readonly clock: Clock;
  settled(operations: number, told: Told | null): void;
}): ThreadAdapter {
  const { db, group, clock } = deps;
  return {
    async commit(name, waiting) {
      const tk = threadKey(name);
      const { results } = await group.run(
        () => {
          const stored = readThread(db, tk);
          const thread = stored ?? emptyThread(name);
          const operations = waiting();
          const rows = readConcerned(db, thread, operations);
          const settled = settle(thread, rows, operations, clock.now());
          const seq = save(db, settled, stored === null, rows.comments);
          const told = seq === null ? null : { seq, notice: toNotice(settled) };
          return { results: settled.results, told };
        },
        ({ results, told }) => deps.settled(results.length, told),
      );
      return results;
    },
  };
}

function toNotice({ change, thread }: Settled): Notice {
  const { tk, site, article, rev } = thread;
  return { tk, site, article, rev, change };
}

/** Writes all that was settled; returns the place of the change, null where there is none. */
function save(
  db: Database,
  settled: Settled,
  isNew: boolean,
  before: ReadonlyMap<string, Comment>,
): number | null {
  if (settled.change === null) return null;
  saveThread(db, settled.thread, isNew);
  for (const comment of settled.comments) saveComment(db, comment, before.get(comment.id));
  for (const vote of settled.votes) db.run(putVote, vote.commentId, vote.actorId, vote.value);
  for (const report of settled.reports) {
    const { commentId, ipKey, actorId, at, reason, text } = report;
    db.run(putReport, commentId, ipKey, actorId, at, reason, text);
  }
  for (const earlier of settled.earlier) {
    const { commentId, version, at, source } = earlier;
    db.run(putEarlier, commentId, version, at, source);
  }
  for (const id of settled.erased) for (const sql of eraseTraces) db.run(sql, id);
  for (const entry of settled.audit) db.run(putAudit, ...auditValues(entry));
  return db.run(putChange, ...changeValues(settled.change));
}

function saveThread(db: Database, thread: Thread, isNew: boolean): void {
  if (isNew) db.run(insertThread, ...threadValues(thread));
  else db.run(updateThread, ...threadValues(thread).slice(1), thread.tk);
}

/** Votes and replies move numbers only: then the text and most indexes are left alone. */
function saveComment(db: Database, comment: Comment, before: Comment | undefined): void {
  if (before === undefined) {
    db.run(insertComment, ...commentValues(comment));
  } else if (differsInNumbersOnly(comment, before)) {
    db.run(updateNumbers, ...numbers.map((key) => comment[key]), comment.id);
  } else {
    db.run(updateComment, ...commentValues(comment).slice(1), comment.id);
  }
}

const numbers = ['rev', 'up', 'down', 'score', 'replies', 'reports'] as const;
const movable = new Set<string>(numbers);

const differsInNumbersOnly = (comment: Comment, before: Comment): boolean =>
  // keys of a comment are what its type says: it is built by our own code
  (Object.keys(comment) as (keyof Comment)[]).every(
    (key) => comment[key] === before[key] || movable.has(key),
  );

const marks = (columns: readonly unknown[]): string => columns.map(() => '?').join(', ');
const assigned = (columns: readonly string[]): string =>
  columns.map((column) => `${column} = ?`).join(', ');
const insert = (table: string, columns: readonly string[]): string =>
  `insert into ${table} (${columns.join(', ')}) values (${marks(columns)})`;

const insertThread = insert('threads', threadColumns);
// a key that is set, if only to itself, makes SQLite look for the rows that refer to it
const updateThread = `update threads set ${assigned(threadColumns.slice(1))} where tk = ?`;
const insertComment = insert('comments', commentColumns);
const updateComment = `update comments set ${assigned(commentColumns.slice(1))} where id = ?`;
const updateNumbers = `update comments set ${assigned(numbers)} where id = ?`;
/** Writes an entry of the log; values as of `changeValues`. */
export const putChange = insert('changes', ['tk', 'rev', 'at', 'head', 'ids', 'counted', 'desk']);
const putAudit = insert('audit', auditColumns);
const putVote =
  insert('votes', ['comment_id', 'actor_id', 'value']) +
  ' on conflict do update set value = excluded.value';
const putReport =
  insert('reports', ['comment_id', 'ip_key', 'actor_id', 'at', 'reason', 'text']) +
  ' on conflict do nothing';
const putEarlier = insert('earlier_texts', ['comment_id', 'version', 'at', 'source']);
const eraseTraces = [
  'delete from earlier_texts where comment_id = ?',
  'delete from votes where comment_id = ?',
  `update reports set text = '' where comment_id = ?`,
];
