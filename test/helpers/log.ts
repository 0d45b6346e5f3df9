import { ancestorIds, type Comment } from '../../src/domain/comment.js';
import type { DomainError } from '../../src/domain/errors.js';
import type {
  AuditEntry,
  EarlierText,
  Operation,
  Outcome,
  Report,
} from '../../src/domain/operation.js';
import type { LogRows } from '../../src/domain/ports.js';
import { concerned, type Rows, type Settled } from '../../src/domain/rows.js';
import { settle } from '../../src/domain/settle.js';
import { emptyThread, type Change, type Thread } from '../../src/domain/thread.js';

/** A thread held in maps: what a store does around `settle`, and nothing else. */
export interface Log {
  /** Epoch ms of the next settling. */
  now: number;
  thread(): Thread;
  comments(): ReadonlyMap<string, Comment>;
  comment(id: string): Comment;
  changes(): readonly Change[];
  audit(): readonly AuditEntry[];
  earlier(): readonly EarlierText[];
  reports(): readonly Report[];
  votes(): ReadonlyMap<string, -1 | 0 | 1>;
  /** Settles a batch and takes what it wrote. */
  settle(...operations: readonly Operation[]): Settled;
  /** What a batch would come to. */
  preview(...operations: readonly Operation[]): Settled;
  /** Settles one operation that must succeed. */
  run(operation: Operation): Outcome;
  /** Posts a comment. */
  post(operation: Operation): Comment;
  /** Settles one operation that must fail. */
  fail(operation: Operation): DomainError;
  /** As a store reads it: what was after `since`, with the rows as they are. */
  read(since: number, maxIds?: number): LogRows;
}

/** An empty thread at noon of 2026-11-23. */
export function createLog(article = 'article-1'): Log {
  let thread = emptyThread({ site: 'demo', article });
  const comments = new Map<string, Comment>();
  const votes = new Map<string, -1 | 0 | 1>();
  let reports: Report[] = [];
  let earlier: EarlierText[] = [];
  const audit: AuditEntry[] = [];
  const changes: Change[] = [];

  const readRows = (operations: readonly Operation[]): Rows => {
    const needed = concerned(operations);
    const decisions = audit.filter(({ id }) => needed.decisions.has(id));
    const found = new Map<string, Comment>();
    for (const id of [...needed.comments, ...decisions.map(({ target }) => target ?? '')]) {
      const comment = comments.get(id);
      for (const one of comment ? [id, ...ancestorIds(comment)] : []) {
        found.set(one, comments.get(one)!);
      }
    }
    const all = [...comments.values()];
    return {
      comments: found,
      repeats: new Map(
        all.flatMap((one) => (one.idem && needed.idems.has(one.idem) ? [[one.idem, one]] : [])),
      ),
      votes: new Map([...votes].filter(([key]) => needed.votes.has(key))),
      reports: new Set(
        reports
          .map(({ commentId, ipKey }) => `${commentId}:${ipKey}`)
          .filter((key) => needed.reports.has(key)),
      ),
      lastPostAt: new Map(
        [...needed.authors].flatMap((author) => {
          const own = all.filter((one) => one.author?.id === author);
          return own.length > 0 ? [[author, Math.max(...own.map((one) => one.createdAt))]] : [];
        }),
      ),
      decisions: new Map(decisions.map((entry) => [entry.id, entry])),
    };
  };

  const take = (settled: Settled): void => {
    if (settled.change === null) return;
    thread = settled.thread;
    changes.push(settled.change);
    for (const comment of settled.comments) comments.set(comment.id, comment);
    for (const vote of settled.votes) votes.set(`${vote.commentId}:${vote.actorId}`, vote.value);
    reports.push(...settled.reports);
    earlier.push(...settled.earlier);
    audit.push(...settled.audit);
    for (const id of settled.erased) {
      earlier = earlier.filter(({ commentId }) => commentId !== id);
      reports = reports.map((one) => (one.commentId === id ? { ...one, text: '' } : one));
      for (const key of [...votes.keys()]) if (key.startsWith(`${id}:`)) votes.delete(key);
    }
  };

  const log: Log = {
    now: Date.UTC(2026, 10, 23, 12),
    thread: () => thread,
    comments: () => comments,
    comment: (id) => {
      const found = comments.get(id);
      if (!found) throw new Error(`No comment ${id}.`);
      return found;
    },
    changes: () => changes,
    audit: () => audit,
    earlier: () => earlier,
    reports: () => reports,
    votes: () => votes,
    preview: (...operations) => settle(thread, readRows(operations), operations, log.now),
    settle: (...operations) => {
      const settled = log.preview(...operations);
      take(settled);
      return settled;
    },
    run: (operation) => {
      const [result] = log.settle(operation).results;
      if (!result?.ok) throw result?.error ?? new Error('No result.');
      return result.outcome;
    },
    post: (operation) => log.run(operation).comment!,
    fail: (operation) => {
      const before = stateOf(log);
      const settled = log.settle(operation);
      const [result] = settled.results;
      if (!result || result.ok) throw new Error(`${operation.type} succeeded.`);
      expect(settled).toMatchObject({ change: null, comments: [], votes: [], audit: [] });
      expect(stateOf(log)).toBe(before);
      return result.error;
    },
    read: (since, maxIds = 100) => {
      const after: Change[] = [];
      const ids = new Set<string>();
      for (const change of changes.filter(({ rev }) => rev > since)) {
        const wider = new Set([...ids, ...change.ids, ...change.counted]);
        if (after.length > 0 && wider.size > maxIds) break;
        for (const id of wider) ids.add(id);
        after.push(change);
      }
      return {
        thread: thread.rev === 0 ? null : thread,
        changes: after,
        comments: [...ids].map((id) => log.comment(id)),
        more: (after.at(-1)?.rev ?? since) < thread.rev,
      };
    },
  };
  return log;
}

/** All of a thread as one string, to see whether anything moved. */
const stateOf = (log: Log): string =>
  JSON.stringify([
    log.thread(),
    [...log.comments()],
    [...log.votes()],
    [log.reports(), log.earlier(), log.audit(), log.changes()],
  ]);
