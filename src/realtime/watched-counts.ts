import type { Notice } from '../domain/ports.js';
import { threadKey, type ThreadName } from '../domain/thread.js';
import type { Threads } from '../domain/threads.js';
import { createRoom, type Room } from './rooms.js';
import type { SocketLimits } from './settings.js';
import { encode, type ThreadsSocket } from './wire.js';

/** Counts of articles for pages that list them: `counts:watch` and `counts:changed`. */
export interface WatchedCounts {
  /** Replaces what the socket watched. Listens first, then reads. Rejects as the store does. */
  watch(
    socket: ThreadsSocket,
    site: string,
    articles: readonly string[],
  ): Promise<Readonly<Record<string, number>>>;
  leave(socket: ThreadsSocket): void;
  hear(notice: Notice): void;
  /** Reads the counts of threads that changed and tells those that moved. */
  flush(): Promise<void>;
  stop(): void;
}

interface Entry {
  readonly name: ThreadName;
  readonly room: Room;
  /** As it was told last; -1: not read yet. */
  count: number;
}

/** Watches nothing yet. */
export function createWatchedCounts(deps: {
  readonly threads: Pick<Threads, 'counts'>;
  readonly limits: SocketLimits;
  readonly windowMs: number;
  readonly onError: (error: unknown) => void;
}): WatchedCounts {
  const entries = new Map<string, Entry>();
  const moved = new Set<string>();
  let timer: NodeJS.Timeout | undefined;

  function leave(socket: ThreadsSocket): void {
    for (const tk of socket.data.counted) {
      const entry = entries.get(tk);
      entry?.room.delete(socket);
      if (entry?.room.size() === 0) entries.delete(tk);
    }
    socket.data.counted = [];
  }

  function enter(socket: ThreadsSocket, name: ThreadName): string {
    const tk = threadKey(name);
    const entry = entries.get(tk) ?? { name, room: createRoom(deps.limits), count: -1 };
    entries.set(tk, entry);
    entry.room.add(socket);
    return tk;
  }

  function schedule(): void {
    timer ??= setTimeout(() => {
      timer = undefined;
      flush().catch(deps.onError);
    }, deps.windowMs);
  }

  async function flush(): Promise<void> {
    const bySite = new Map<string, Entry[]>();
    for (const tk of moved) {
      const entry = entries.get(tk);
      if (!entry) continue;
      const { site } = entry.name;
      bySite.set(site, [...(bySite.get(site) ?? []), entry]);
    }
    moved.clear();
    for (const [site, all] of bySite) {
      for (let i = 0; i < all.length; i += articlesOfOneRead) {
        await tell(site, all.slice(i, i + articlesOfOneRead));
      }
    }
  }

  async function tell(site: string, some: readonly Entry[]): Promise<void> {
    const articles = some.map((entry) => entry.name.article);
    const { counts } = await deps.threads.counts(site, articles);
    for (const entry of some) {
      const count = counts[entry.name.article] ?? 0;
      if (count === entry.count) continue;
      entry.count = count;
      await entry.room.send(
        encode('counts:changed', { site, counts: { [entry.name.article]: count } }),
      );
    }
  }

  return {
    async watch(socket, site, articles) {
      leave(socket);
      socket.data.counted = articles.map((article) => enter(socket, { site, article }));
      const { counts } = await deps.threads.counts(site, articles);
      return counts;
    },
    leave,
    hear({ tk }) {
      if (!entries.has(tk)) return;
      moved.add(tk);
      schedule();
    },
    flush,
    stop: () => clearTimeout(timer),
  };
}

const articlesOfOneRead = 100;
