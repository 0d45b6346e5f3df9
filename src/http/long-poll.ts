import type { Changes, Resync } from '../contract/thread.js';
import { DomainError } from '../domain/errors.js';
import type { Notice } from '../domain/ports.js';
import { threadKey, type ThreadName } from '../domain/thread.js';
import type { HttpDeps } from './deps.js';

/** One request that waits. */
export interface Wait {
  readonly thread: ThreadName;
  readonly since: number;
  readonly limit: number;
  readonly seconds: number;
  /** Key by which the address is counted. */
  readonly bucket: string;
  readonly signal: AbortSignal;
}

/** Holds requests for changes until something public happens to their thread. */
export interface LongPoll {
  /** The changes after `since`; without any, those that come within `seconds`. */
  changes(wait: Wait): Promise<Changes | Resync>;
  /** How many requests wait. */
  size(): number;
  /** Answers all that wait, with nothing if need be. */
  close(): void;
}

/** Requests that may wait at once, in all and from one address. */
const maxWaiting = 10_000;
const maxWaitingOfAddress = 500;

/** How often it is looked whether a notice was missed. */
const lookMs = 10_000;

type Waiter = () => void;

/** Long polling, the fallback where sockets are blocked. */
export function createLongPoll({ threads, watch }: Pick<HttpDeps, 'threads' | 'watch'>): LongPoll {
  const waiters = new Map<string, Set<Waiter>>();
  const byAddress = new Map<string, number>();
  let waiting = 0;
  let closed = false;

  const wakeAll = (tk: string): void => {
    for (const wake of [...(waiters.get(tk) ?? [])]) wake();
  };
  const stop = watch((notice) => {
    if (isPublic(notice)) wakeAll(notice.tk);
  });

  const enter = (bucket: string): (() => void) => {
    const ofAddress = byAddress.get(bucket) ?? 0;
    if (waiting >= maxWaiting) throw new DomainError('OVERLOADED', { retryAfter: 10 });
    if (ofAddress >= maxWaitingOfAddress) {
      throw new DomainError('RATE_LIMITED', { retryAfter: 10, rule: 'waiting' });
    }
    waiting += 1;
    byAddress.set(bucket, ofAddress + 1);
    return () => {
      waiting -= 1;
      const left = (byAddress.get(bucket) ?? 1) - 1;
      if (left === 0) byAddress.delete(bucket);
      else byAddress.set(bucket, left);
    };
  };

  /** Resolves at the next public notice of the thread, after `ms`, or when the caller is gone. */
  const listen = (tk: string, signal: AbortSignal) => {
    let woken = false;
    let resolveNow: Waiter = () => undefined;
    const wake: Waiter = () => {
      woken = true;
      resolveNow();
    };
    const set = waiters.get(tk) ?? new Set();
    waiters.set(tk, set.add(wake));
    signal.addEventListener('abort', wake, { once: true });
    return {
      next: async (ms: number): Promise<void> => {
        if (!woken && !closed) {
          await new Promise<void>((resolve) => {
            const timer = setTimeout(resolve, ms);
            resolveNow = () => {
              clearTimeout(timer);
              resolve();
            };
          });
        }
        woken = false;
      },
      stop: () => {
        signal.removeEventListener('abort', wake);
        set.delete(wake);
        if (set.size === 0 && waiters.get(tk) === set) waiters.delete(tk);
      },
    };
  };

  return {
    changes: async ({ thread, since, limit, seconds, bucket, signal }) => {
      const read = () => threads.changes(thread, since, limit);
      if (seconds === 0) return read();
      const leave = enter(bucket);
      // Listens before it reads, so that nothing can happen in between.
      const ear = listen(threadKey(thread), signal);
      // Counted by the system's clock, as the timer is, which no `Clock` moves.
      const until = Date.now() + seconds * 1_000;
      try {
        for (;;) {
          const answer = await read();
          const left = until - Date.now();
          if (isNews(answer, since) || left <= 0 || signal.aborted || closed) return answer;
          await ear.next(Math.min(left, lookMs));
        }
      } finally {
        ear.stop();
        leave();
      }
    },
    size: () => waiting,
    close: () => {
      closed = true;
      stop();
      for (const tk of [...waiters.keys()]) wakeAll(tk);
    },
  };
}

/** A notice without its change says only that the head moved: it may be public. */
const isPublic = ({ change }: Notice): boolean =>
  change === null || change.head || change.ids.length > 0 || change.counted.length > 0;

/** Whether there is something to tell: a cursor that only passes what is not public can wait. */
function isNews(answer: Changes | Resync, since: number): boolean {
  if ('resync' in answer) return true;
  return answer.items.length > 0 || answer.more || answer.rev > since;
}
