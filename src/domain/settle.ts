import { limits } from '../contract/limits.js';
import type { Comment } from './comment.js';
import { createDraft, type Act, type Draft } from './draft.js';
import { DomainError } from './errors.js';
import type { Operation, Outcome } from './operation.js';
import type { Result, Rows, Settled } from './rows.js';
import { decide } from './settle-decision.js';
import { post } from './settle-post.js';
import { edit, remove, rerender } from './settle-text.js';
import { announce, setThread } from './settle-thread.js';
import { undo } from './settle-undo.js';
import { report, vote } from './settle-reader.js';
import { numbersBytes, viewBytes } from './size.js';
import type { Thread } from './thread.js';

/**
 * Rows and bytes after which a batch is full, so that readers can be sent its change in one piece
 * whatever the last operation alters: one row and all above it.
 */
const fullAt = {
  rows: limits.pageItems - (limits.depth + 1),
  bytes: limits.changesBytes - limits.depth * numbersBytes,
} as const;

/**
 * Decides what a batch of operations does to a thread: the one place where a thread changes.
 * Pure. `thread` is the present row ({@link emptyThread} where there is none), `now` epoch ms. An
 * operation that fails alters nothing. At least one operation is settled; `results` says how many.
 */
export function settle(
  thread: Thread,
  rows: Rows,
  operations: readonly Operation[],
  now: number,
): Settled {
  const draft = createDraft(thread, rows, Math.max(now, thread.at));
  const settled: (Settling & { readonly created: boolean })[] = [];
  for (const operation of operations) {
    if (settled.length > 0 && isFull(draft, operation)) break;
    const isFirst = thread.rev === 0 && !draft.altered();
    const settling = attempt(draft, operation);
    settled.push({ ...settling, created: isFirst && draft.altered() });
  }
  const written = draft.finish();
  return { ...written, results: settled.map((one) => toResult(one, draft, written)) };
}

type Settling = { readonly act: Act } | { readonly error: DomainError };

function attempt(draft: Draft, operation: Operation): Settling {
  try {
    return { act: perform(draft, operation) };
  } catch (error) {
    if (error instanceof DomainError) return { error };
    throw error;
  }
}

function perform(draft: Draft, operation: Operation): Act {
  switch (operation.type) {
    case 'post':
      return post(draft, operation);
    case 'edit':
      return edit(draft, operation);
    case 'delete':
      return remove(draft, operation);
    case 'rerender':
      return rerender(draft, operation);
    case 'vote':
      return vote(draft, operation);
    case 'report':
      return report(draft, operation);
    case 'decide':
      return decide(draft, operation);
    case 'undo':
      return undo(draft, operation);
    case 'announce':
      return announce(draft, operation);
    case 'setting':
      return setThread(draft, operation);
  }
}

const isFull = (draft: Draft, next: Operation): boolean =>
  draft.touched() > fullAt.rows || draft.bytes() + sizeOf(draft, next) > fullAt.bytes;

/** Bytes of the row that an operation is about, as readers will be sent it. */
function sizeOf(draft: Draft, operation: Operation): number {
  if (operation.type === 'post') {
    const { author, text } = operation;
    return viewBytes({
      status: 'approved',
      article: draft.thread().article,
      author,
      html: text.html,
    });
  }
  const row = targetOf(draft, operation);
  if (row === null) return 0;
  const { type } = operation;
  const html =
    type === 'edit' ? operation.text.html : type === 'rerender' ? operation.html : row.html;
  return viewBytes({ ...row, status: 'approved', html });
}

function targetOf(draft: Draft, operation: Operation): Comment | null {
  if (operation.type === 'undo') {
    return draft.comment(draft.decision(operation.decisionId)?.target ?? '');
  }
  return 'id' in operation ? draft.comment(operation.id) : null;
}

function toResult(
  settling: Settling & { readonly created: boolean },
  draft: Draft,
  written: Omit<Settled, 'results'>,
): Result {
  if ('error' in settling) return { ok: false, error: settling.error };
  const { id, replayed = false, decisionId = null } = settling.act;
  const outcome: Outcome = {
    thread: written.thread,
    comment: id === null ? null : draft.comment(id),
    replayed,
    decisionId,
    created: settling.created,
  };
  return { ok: true, outcome };
}
