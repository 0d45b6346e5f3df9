import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { DomainError } from '../../domain/errors.js';
import type { Clock, Store, ThreadStore } from '../../domain/ports.js';
import { createThreadWriter, type ThreadWriter } from '../thread-writer.js';
import { cleanUp } from './cleanup.js';
import { createDirectory } from './directory.js';
import type { Database } from './driver.js';
import { isBusy, toStoreError } from './errors.js';
import { createGroupCommit } from './group-commit.js';
import { claim } from './lock.js';
import { closeDatabase, openConfigured } from './open.js';
import { readHistory, readMine } from './read-author.js';
import { readLog } from './read-log.js';
import { readPage } from './read-page.js';
import {
  findRepeat,
  readAudit,
  readBranch,
  readComment,
  readContext,
  readEarlierTexts,
  readHeads,
  readOutdated,
  readThread,
} from './read-thread.js';
import { createWatch, type Watch } from './watch.js';
import { createSqliteAdapter } from './write.js';

/** Who opens the file: the one server, or a tool of the command line beside it. */
export type Role = 'server' | 'tool';

/**
 * Opens (and makes, and migrates) a database file. `path` may be `:memory:`. `committed` hears how
 * many operations each transaction took.
 */
export async function openSqliteStore(
  path: string,
  deps: { readonly clock: Clock; readonly role: Role; committed(operations: number): void },
): Promise<Store> {
  const { clock, role, committed } = deps;
  const inMemory = path === ':memory:';
  let release = (): void => undefined;
  try {
    if (!inMemory) mkdirSync(dirname(path), { recursive: true });
    if (!inMemory && role === 'server') release = claim(path);
    const db = openConfigured(path);
    return createSqliteStore({ db, clock, role, inMemory, release, committed });
  } catch (error) {
    release();
    throw cannotOpen(path, error);
  }
}

/** Whoever starts it is told what is wrong with the file, and which. */
function cannotOpen(path: string, error: unknown): unknown {
  const known = error instanceof Error && ('errcode' in error || 'code' in error);
  if (!known || error instanceof DomainError) return error;
  const detail = `${path} cannot be opened as the store: ${error.message}`;
  return new DomainError('STORE_UNAVAILABLE', { detail, retryAfter: 1 }, error);
}

/** A store on an open connection, which it closes. `release` lets go of the claim on the file. */
export function createSqliteStore(parts: {
  readonly db: Database;
  readonly clock: Clock;
  readonly role: Role;
  readonly inMemory: boolean;
  release(): void;
  committed?(operations: number): void;
}): Store {
  const { db, clock, role } = parts;
  const tool = role === 'tool';
  let operations = 0;
  const group = createGroupCommit({
    db,
    pauseMs: tool ? 25 : 2,
    maxMs: tool ? 0 : 10,
    committed() {
      if (operations > 0) parts.committed?.(operations);
      operations = 0;
    },
  });
  const watch = createWatch(db);
  const adapter = createSqliteAdapter({
    ...{ db, group, clock },
    settled(count, told) {
      operations += count;
      if (told !== null) watch.committed(told);
    },
  });
  const writer = createThreadWriter({ adapter });
  let closing: Promise<void> | null = null;

  const read = async <T>(work: (db: Database) => T): Promise<T> => {
    if (closing !== null) throw new DomainError('STORE_CLOSED');
    return readSnapshot(db, work);
  };
  const write = <T>(work: (db: Database) => T): Promise<T> =>
    closing === null ? group.run(() => work(db)) : Promise.reject(new DomainError('STORE_CLOSED'));

  const stopTimers = startTimers({ clock, role, watch, inMemory: parts.inMemory, write });

  const close = async (): Promise<void> => {
    await writer.close();
    await group.drain();
    stopTimers();
    closeDatabase(db);
    parts.release();
  };

  return {
    threads: createThreads(read, writer, watch),
    directory: createDirectory({ read, write }),
    ping: () => read((connection) => void connection.get('select count(*) from sites')),
    close: () => (closing ??= close()),
  };
}

type Read = <T>(work: (db: Database) => T) => Promise<T>;

function createThreads(read: Read, writer: ThreadWriter, watch: Watch): ThreadStore {
  return {
    write: writer.write,
    readThread: (tk) => read((db) => readThread(db, tk)),
    readPage: (tk, page) => read((db) => readPage(db, tk, page)),
    readBranch: (tk, page) => read((db) => readBranch(db, tk, page)),
    readComment: (tk, id) =>
      read((db) => {
        const thread = readThread(db, tk);
        const comment = readComment(db, tk, id);
        return thread === null || comment === null ? null : { thread, comment };
      }),
    readContext: (tk, id) => read((db) => readContext(db, tk, id)),
    readLog: (tk, since, maxIds) => read((db) => readLog(db, tk, since, maxIds)),
    findRepeat: (tk, idem) => read((db) => findRepeat(db, tk, idem)),
    readMine: (tk, authorId, since) => read((db) => readMine(db, tk, authorId, since)),
    readHeads: (tks) => read((db) => readHeads(db, tks)),
    readHistory: (site, authorId, fingerprint, now) =>
      read((db) => readHistory(db, site, authorId, fingerprint, now)),
    readEarlierTexts: (id) => read((db) => readEarlierTexts(db, id)),
    readAudit: (tk) => read((db) => readAudit(db, tk)),
    readOutdated: (policy, after, limit) => read((db) => readOutdated(db, policy, after, limit)),
    watch: watch.add,
  };
}

/** One read transaction: all statements see one state, whoever writes meanwhile. */
async function readSnapshot<T>(db: Database, work: (db: Database) => T): Promise<T> {
  const until = performance.now() + 1_800;
  for (;;) {
    try {
      return snapshot(db, work);
    } catch (error) {
      if (!isBusy(error) || performance.now() > until) throw toStoreError(error);
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
  }
}

function snapshot<T>(db: Database, work: (db: Database) => T): T {
  db.run('begin');
  try {
    return work(db);
  } finally {
    db.run('rollback');
  }
}

/** Once a second other processes' commits are looked for; once a minute old rows are let go. */
function startTimers(parts: {
  readonly clock: Clock;
  readonly role: Role;
  readonly watch: Watch;
  readonly inMemory: boolean;
  write<T>(work: (db: Database) => T): Promise<T>;
}): () => void {
  const { clock, role, watch, inMemory, write } = parts;
  const poll = (): void => {
    try {
      watch.poll();
    } catch (error) {
      // a store that is down is told to whoever reads or writes; the next second looks again
      if (toStoreError(error) === error) throw error;
    }
  };
  const clean = async (): Promise<void> => {
    try {
      while (await write((db) => cleanUp(db, clock.now())));
    } catch (error) {
      if (!(error instanceof DomainError)) throw error;
    }
  };
  const timers = [
    inMemory ? undefined : setInterval(poll, 1_000).unref(),
    role === 'tool' ? undefined : setInterval(() => void clean(), 60_000).unref(),
  ];
  return () => timers.forEach(clearInterval);
}
