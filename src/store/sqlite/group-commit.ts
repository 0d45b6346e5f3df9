import { DomainError } from '../../domain/errors.js';
import type { Database } from './driver.js';
import { isBusy, isDown, toStoreError } from './errors.js';

/** Runs synchronous jobs in transactions that many of them share. */
export interface GroupCommit {
  /**
   * Runs `job` under the write lock; resolves to its result once it is durable. A job that throws
   * is undone alone. `committed` is called right after the commit, before anybody is answered.
   */
  run<T>(job: () => T, committed?: (result: T) => void): Promise<T>;
  /** Resolves once nothing waits. */
  drain(): Promise<void>;
}

interface Job {
  readonly since: number;
  /** Does the work; returns what to do once it is durable. */
  work(): { tell(): void; answer(): void };
  reject(error: unknown): void;
}

interface Done {
  tell(): void;
  answer(): void;
}

/**
 * A first job is written at once; those that come within `pauseMs` after a commit share the next
 * one. A transaction ends after `maxMs` of work, so that it never holds up the process or another
 * one for long. While somebody else has the lock it is tried again, up to 2 s a job.
 */
export function createGroupCommit(deps: {
  readonly db: Database;
  readonly pauseMs: number;
  readonly maxMs: number;
  /** Called after each transaction, when all its jobs have been told. */
  committed(): void;
}): GroupCommit {
  const { db, pauseMs, maxMs, committed: transactionCommitted } = deps;
  const jobs: Job[] = [];
  const idle: (() => void)[] = [];
  let scheduled = false;
  let endedAt = -Infinity;

  const schedule = (): void => {
    if (scheduled) return;
    scheduled = true;
    const waitMs = Math.ceil(endedAt + pauseMs - performance.now());
    if (waitMs > 0) setTimeout(flush, waitMs);
    else setImmediate(flush);
  };

  const flush = (): void => {
    scheduled = false;
    if (begin()) transact();
    endedAt = performance.now();
    if (jobs.length > 0) schedule();
    else for (const resolve of idle.splice(0)) resolve();
  };

  const begin = (): boolean => {
    try {
      db.run('begin immediate');
      return true;
    } catch (error) {
      const patience = isBusy(error) ? performance.now() - maxWaitMs : Infinity;
      const late = jobs.filter((job) => job.since <= patience);
      jobs.splice(0, jobs.length, ...jobs.filter((job) => job.since > patience));
      for (const job of late) job.reject(toStoreError(error));
      return false;
    }
  };

  const transact = (): void => {
    const taken: Job[] = [];
    const done: Done[] = [];
    try {
      const until = performance.now() + maxMs;
      do {
        const job = jobs.shift();
        if (job === undefined) break;
        taken.push(job);
        attempt(db, job, done);
      } while (performance.now() < until);
      db.run('commit');
    } catch (error) {
      rollBack(db);
      for (const job of taken) job.reject(toStoreError(error));
      return;
    }
    for (const { tell } of done) tell();
    transactionCommitted();
    for (const { answer } of done) answer();
  };

  return {
    run: (job, committed) =>
      new Promise((resolve, reject) => {
        const work = (): Done => {
          const result = job();
          return { tell: () => committed?.(result), answer: () => resolve(result) };
        };
        jobs.push({ since: performance.now(), work, reject });
        schedule();
      }),
    drain: () =>
      jobs.length === 0 && !scheduled
        ? Promise.resolve()
        : new Promise((resolve) => idle.push(resolve)),
  };
}

const maxWaitMs = 1_800;

/** One job in its savepoint. Throws where the whole transaction is lost. */
function attempt(db: Database, job: Job, done: Done[]): void {
  db.run('savepoint job');
  try {
    done.push(job.work());
  } catch (error) {
    // these may have ended the transaction: https://sqlite.org/lang_transaction.html#response_to_errors_within_a_transaction
    if (isDown(error)) throw error;
    db.run('rollback to job');
    job.reject(error instanceof DomainError ? error : toStoreError(error));
  }
  db.run('release job');
}

function rollBack(db: Database): void {
  try {
    db.run('rollback');
  } catch {
    // the failure had rolled it back already
  }
}
