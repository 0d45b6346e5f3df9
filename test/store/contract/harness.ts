import type { Comment } from '../../../src/domain/comment.js';
import type { Outcome, Operation } from '../../../src/domain/operation.js';
import type { Clock, Store } from '../../../src/domain/ports.js';
import { createClock, type ManualClock } from '../../helpers/clock.js';
import { name, tk } from './names.js';

/** A store on data of its own. */
export interface Opened {
  readonly store: Store;
  /** By which another process opens the same data. */
  readonly url: string;
  /** Closes the store and opens the same data again. */
  reopen(): Promise<Store>;
  /** Closes whatever is open and drops the data. */
  close(): Promise<void>;
}

/** Opens a store on fresh, empty data. */
export type Open = (clock: Clock) => Promise<Opened>;

/** What the tests of one promise work with: a fresh store a test. */
export interface Harness {
  readonly clock: ManualClock;
  store(): Store;
  opened(): Opened;
  /** Writes to {@link name}. */
  write(operation: Operation): Promise<Outcome>;
  /** Writes to {@link name}; the comment that was meant. */
  put(operation: Operation): Promise<Comment>;
}

/** Opens before each test and closes after it. */
export function createHarness(open: Open): Harness {
  const clock = createClock();
  let opened: Opened | null = null;
  const present = (): Opened => {
    if (opened === null) throw new Error('No store is open.');
    return opened;
  };
  beforeEach(async () => {
    clock.set(Date.UTC(2026, 10, 23, 12));
    opened = await open(clock);
  });
  afterEach(async () => {
    await opened?.close();
    opened = null;
  });
  const write = (operation: Operation): Promise<Outcome> =>
    present().store.threads.write(name, operation);
  return {
    clock,
    store: () => present().store,
    opened: present,
    write,
    async put(operation) {
      const { comment } = await write(operation);
      if (comment === null) throw new Error(`${operation.type} is not about a comment.`);
      return comment;
    },
  };
}

/** `count` promises at once. */
export const inParallel = <T>(count: number, work: (i: number) => Promise<T>): Promise<T[]> =>
  Promise.all(Array.from({ length: count }, (_, i) => work(i)));

/** All roots of the thread in an order, page by page. */
export async function readRoots(
  store: Store,
  sort: 'newest' | 'oldest' | 'top' | 'replies',
  limit = 100,
  key = tk,
): Promise<Comment[]> {
  const rows: Comment[] = [];
  let cursor: string | null = null;
  do {
    const page = await store.threads.readPage(key, { sort, limit, cursor, previews: 0 });
    rows.push(...page.rows);
    cursor = page.next;
  } while (cursor !== null);
  return rows;
}

/** All shown rows of a thread by id, as pages and branches give them. */
export async function readShown(store: Store, key = tk): Promise<Map<string, Comment>> {
  const shown = new Map<string, Comment>();
  for (const root of await readRoots(store, 'newest', 100, key)) {
    shown.set(root.id, root);
    const branch = await store.threads.readBranch(key, {
      parentId: root.id,
      limit: 10_000,
      cursor: null,
    });
    for (const row of branch.rows) shown.set(row.id, row);
  }
  return shown;
}

/** Revisions of the whole log. */
export async function readRevisions(store: Store, key = tk): Promise<number[]> {
  const revisions: number[] = [];
  for (;;) {
    const log = await store.threads.readLog(key, revisions.at(-1) ?? 0, 100);
    revisions.push(...log.changes.map((change) => change.rev));
    if (!log.more) return revisions;
  }
}

/** 1 … n. */
export const upTo = (n: number): number[] => Array.from({ length: n }, (_, i) => i + 1);
