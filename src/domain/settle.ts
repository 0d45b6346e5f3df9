import type { Operation } from './operation.js';
import type { Rows, Settled } from './rows.js';
import type { Thread } from './thread.js';

/**
 * Decides what a batch of operations does to a thread: the one place where a thread changes.
 * Pure. `thread` is the present row ({@link emptyThread} where there is none), `now` epoch ms.
 */
export function settle(
  thread: Thread,
  rows: Rows,
  operations: readonly Operation[],
  now: number,
): Settled {
  void rows;
  void operations;
  void now;
  return {
    change: null,
    thread,
    comments: [],
    votes: [],
    reports: [],
    earlier: [],
    erased: [],
    audit: [],
    results: [],
  };
}
