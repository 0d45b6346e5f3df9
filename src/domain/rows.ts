import type { Comment } from './comment.js';
import type { AuditEntry, EarlierText, Operation, Outcome, Report, Vote } from './operation.js';
import type { DomainError } from './errors.js';
import type { Change, Thread } from './thread.js';

/** What a store has to read under the thread's lock before it settles a batch. */
export interface Concerned {
  /** Comment ids; their ancestors by `path` are concerned too. */
  readonly comments: ReadonlySet<string>;
  readonly idems: ReadonlySet<string>;
  /** `comment id:actor id`. */
  readonly votes: ReadonlySet<string>;
  /** `comment id:address key` of earlier reports. */
  readonly reports: ReadonlySet<string>;
  /** Author ids whose last post in this thread matters (slow mode). */
  readonly authors: ReadonlySet<string>;
  /** Decisions to be undone, and with them the comments they were about. */
  readonly decisions: ReadonlySet<string>;
}

/** The rows concerned, as they are under the lock. Absent: not there. Comments of other threads never are. */
export interface Rows {
  readonly comments: ReadonlyMap<string, Comment>;
  readonly repeats: ReadonlyMap<string, Comment>;
  readonly votes: ReadonlyMap<string, -1 | 0 | 1>;
  readonly reports: ReadonlySet<string>;
  /** Epoch ms. */
  readonly lastPostAt: ReadonlyMap<string, number>;
  readonly decisions: ReadonlyMap<string, AuditEntry>;
}

/** What one operation came to. */
export type Result =
  | { readonly ok: true; readonly outcome: Outcome }
  | { readonly ok: false; readonly error: DomainError };

/** All that a commit writes, and what each operation came to. */
export interface Settled {
  /** Null: nothing to write, no number is used. */
  readonly change: Change | null;
  readonly thread: Thread;
  /** Rows made or altered, whole; `rev` of each is set. */
  readonly comments: readonly Comment[];
  readonly votes: readonly Vote[];
  readonly reports: readonly Report[];
  readonly earlier: readonly EarlierText[];
  /** Comments whose earlier texts, report texts and votes' owner go with them. */
  readonly erased: readonly string[];
  readonly audit: readonly AuditEntry[];
  /** One each for the first `results.length` operations; the rest did not fit and goes to the next batch. */
  readonly results: readonly Result[];
}

/** Which rows a batch needs: read these, then their ancestors. */
export function concerned(operations: readonly Operation[]): Concerned {
  const sets = {
    comments: new Set<string>(),
    idems: new Set<string>(),
    votes: new Set<string>(),
    reports: new Set<string>(),
    authors: new Set<string>(),
    decisions: new Set<string>(),
  };
  for (const operation of operations) collect(operation, sets);
  return sets;
}

type Sets = { [K in keyof Concerned]: Set<string> };

function collect(operation: Operation, sets: Sets): void {
  switch (operation.type) {
    case 'post':
      if (operation.parentId !== null) sets.comments.add(operation.parentId);
      if (operation.idem !== null) sets.idems.add(operation.idem);
      sets.authors.add(operation.author.id);
      return;
    case 'vote':
      sets.comments.add(operation.id);
      sets.votes.add(`${operation.id}:${operation.actorId}`);
      return;
    case 'report':
      sets.comments.add(operation.id);
      sets.reports.add(`${operation.id}:${operation.ipKey}`);
      return;
    case 'undo':
      sets.decisions.add(operation.decisionId);
      return;
    case 'edit':
    case 'delete':
    case 'decide':
    case 'rerender':
      sets.comments.add(operation.id);
      return;
    case 'announce':
    case 'setting':
      return;
  }
}
