import { DomainError } from '../domain/errors.js';
import type { Operation, Outcome } from '../domain/operation.js';
import type { Result } from '../domain/rows.js';
import type { ThreadName } from '../domain/thread.js';

/** How a store makes a batch durable. */
export interface ThreadAdapter {
  /**
   * Locks the thread, settles what `waiting` returns (asked anew at each try, so that a late one
   * takes along what has queued up) and makes it durable. Resolves to one result each for the first
   * of them, at least one. Rejects with STORE_UNAVAILABLE where nobody could be written, with
   * anything else where this batch could not; nothing is written then.
   */
  commit(thread: ThreadName, waiting: () => readonly Operation[]): Promise<readonly Result[]>;
}

/** Puts operations in line, thread by thread, and commits what waits. */
export interface ThreadWriter {
  /** As `ThreadStore.write`. */
  write(thread: ThreadName, operation: Operation): Promise<Outcome>;
  /** Takes no more; resolves once all that waits is settled. */
  close(): Promise<void>;
}

interface Entry {
  readonly operation: Operation;
  resolve(outcome: Outcome): void;
  reject(error: unknown): void;
}

interface Queue {
  readonly thread: ThreadName;
  readonly entries: Entry[];
  /** How many of the first are tried one by one. */
  alone: number;
  done: Promise<void>;
}

const maxBatch = 64;

/** `maxWaiting`: operations of all threads above which new ones are OVERLOADED. */
export function createThreadWriter(deps: {
  readonly adapter: ThreadAdapter;
  readonly maxWaiting?: number;
}): ThreadWriter {
  const { adapter, maxWaiting = 4_096 } = deps;
  const queues = new Map<string, Queue>();
  let waiting = 0;
  let closed = false;

  const take = (queue: Queue, count: number): Entry[] => {
    waiting -= count;
    queue.alone = Math.max(0, queue.alone - count);
    return queue.entries.splice(0, count);
  };

  /** One commit. A bad operation takes nobody with it: after a failure each is tried alone. */
  const commitOnce = async (queue: Queue): Promise<void> => {
    let tried = 0;
    const peek = (): readonly Operation[] => {
      const batch = queue.entries.slice(0, queue.alone > 0 ? 1 : maxBatch);
      tried = batch.length;
      return batch.map((entry) => entry.operation);
    };
    try {
      const results = await adapter.commit(queue.thread, peek);
      if (results.length === 0) throw new Error('A batch was settled without any result.');
      take(queue, results.length).forEach((entry, i) => answer(entry, results[i]));
    } catch (error) {
      const down = error instanceof DomainError && error.code === 'STORE_UNAVAILABLE';
      if (down) for (const entry of take(queue, queue.entries.length)) entry.reject(error);
      else if (tried > 1) queue.alone = tried;
      else for (const entry of take(queue, 1)) entry.reject(error);
    }
  };

  const drain = async (key: string, queue: Queue): Promise<void> => {
    while (queue.entries.length > 0) await commitOnce(queue);
    queues.delete(key);
  };

  const enqueue = (thread: ThreadName, entry: Entry): void => {
    const key = `${thread.site}\0${thread.article}`;
    const found = queues.get(key);
    waiting += 1;
    if (found !== undefined) {
      found.entries.push(entry);
      return;
    }
    const queue: Queue = { thread, entries: [entry], alone: 0, done: Promise.resolve() };
    queues.set(key, queue);
    queue.done = drain(key, queue);
  };

  return {
    write(thread, operation) {
      if (closed) return Promise.reject(new DomainError('STORE_CLOSED'));
      if (waiting >= maxWaiting) {
        return Promise.reject(new DomainError('OVERLOADED', { retryAfter: 1 }));
      }
      return new Promise((resolve, reject) => {
        enqueue(thread, { operation, resolve, reject });
      });
    },
    async close() {
      closed = true;
      await Promise.all([...queues.values()].map((queue) => queue.done));
    },
  };
}

function answer(entry: Entry, result: Result | undefined): void {
  if (result === undefined) entry.reject(new Error('An operation was settled without a result.'));
  else if (result.ok) entry.resolve(result.outcome);
  else entry.reject(result.error);
}
