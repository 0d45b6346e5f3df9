import { createDraft, type Act, type Draft } from './draft.js';
import { DomainError } from './errors.js';
import type { Operation, Outcome } from './operation.js';
import type { Result, Rows, Settled } from './rows.js';
import { decide, undo } from './settle-decision.js';
import { edit, post, remove, rerender } from './settle-text.js';
import { announce, setThread } from './settle-thread.js';
import { report, vote } from './settle-reader.js';
import type { Thread } from './thread.js';

/** Rows altered and bytes of HTML after which a batch is full; the rest waits for the next one. */
const fullAt = { rows: 66, htmlBytes: 96 * 1024 } as const;

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
  const settled: Settling[] = [];
  for (const operation of operations) {
    if (draft.touched() > fullAt.rows || draft.htmlBytes() > fullAt.htmlBytes) break;
    settled.push(attempt(draft, operation));
  }
  const written = draft.finish();
  return { ...written, results: settled.map((one) => toResult(one, draft, written, thread)) };
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

function toResult(
  settling: Settling,
  draft: Draft,
  written: Omit<Settled, 'results'>,
  before: Thread,
): Result {
  if ('error' in settling) return { ok: false, error: settling.error };
  const { id, replayed = false, decisionId = null } = settling.act;
  const outcome: Outcome = {
    thread: written.thread,
    comment: id === null ? null : draft.comment(id),
    replayed,
    decisionId,
    created: before.rev === 0,
  };
  return { ok: true, outcome };
}
