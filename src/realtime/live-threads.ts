import type { Joined } from '../contract/events.js';
import type { Notice, ThreadStore } from '../domain/ports.js';
import { threadKey, type ThreadName } from '../domain/thread.js';
import type { Threads } from '../domain/threads.js';
import type { Logger } from '../ops/logger.js';
import type { Metrics } from '../ops/metrics.js';
import { createLiveThread, type LiveThread } from './live-thread.js';
import { createOwnChanges, type OwnChanges } from './own-changes.js';
import { createRoom, type Room } from './rooms.js';
import type { SocketLimits, Timing } from './settings.js';
import { encode, type ThreadsSocket } from './wire.js';

/** What live threads need. */
export interface LiveThreadsDeps {
  readonly threads: Threads;
  readonly store: Pick<ThreadStore, 'watch' | 'readLog' | 'readComment'>;
  readonly limits: SocketLimits;
  readonly timing: Timing;
  readonly now: () => number;
  readonly logger: Logger;
  readonly metrics: Pick<Metrics, 'room' | 'frame'>;
}

/** All threads that this node follows: those with viewers, and for a while those that had some. */
export interface LiveThreads {
  /** Puts the socket into the thread's room, then reads what it has missed. Rejects as the store does. */
  join(
    socket: ThreadsSocket,
    name: ThreadName,
    since: number | undefined,
  ): Promise<Exclude<Joined, { ok: false }>>;
  leave(socket: ThreadsSocket, tk: string): void;
  hear(notice: Notice): void;
  /** Tells how many are reading, ends what nobody has followed for a while, sends heartbeats. */
  sweep(): void;
  /** Threads that somebody follows. */
  size(): number;
  stop(): void;
}

interface Entry {
  readonly live: LiveThread;
  readonly room: Room;
  readonly own: OwnChanges;
  /** What `thread:viewers` said last. */
  shown: number;
  /** Epoch ms; null while somebody follows. */
  emptySince: number | null;
}

/** Threads kept without viewers; beyond it the longest empty one goes first. */
const mostLingering = 1_000;

/** Follows no thread yet. */
export function createLiveThreads(deps: LiveThreadsDeps): LiveThreads {
  const { limits, timing, now, metrics } = deps;
  const entries = new Map<string, Entry>();
  const lingering = new Set<string>();

  const onError = (error: unknown): void =>
    deps.logger.warn({ error }, 'A live thread could not be read; it tries again.');

  function start(tk: string, name: ThreadName): Entry {
    const room = createRoom(limits);
    const live = createLiveThread({
      name,
      threads: deps.threads,
      send: async (frame) => {
        if (room.size() === 0) return;
        metrics.frame(room.size());
        await room.send(encode('thread:changed', frame));
      },
      now,
      timing,
      onError,
    });
    const own = createOwnChanges({ ...deps, name, tk, onError });
    const entry: Entry = { live, room, own, shown: 0, emptySince: null };
    entries.set(tk, entry);
    return entry;
  }

  function end(tk: string): void {
    entries.get(tk)?.live.stop();
    entries.delete(tk);
    lingering.delete(tk);
  }

  function enter(entry: Entry, tk: string, socket: ThreadsSocket): void {
    if (entry.room.has(socket)) return;
    if (entry.room.size() === 0) metrics.room(1);
    entry.room.add(socket);
    entry.own.add(socket);
    entry.emptySince = null;
    lingering.delete(tk);
    socket.data.threads.push(tk);
  }

  function leave(socket: ThreadsSocket, tk: string): void {
    const entry = entries.get(tk);
    socket.data.threads = socket.data.threads.filter((other) => other !== tk);
    if (!entry?.room.delete(socket)) return;
    entry.own.delete(socket);
    if (entry.room.size() > 0) return;
    metrics.room(-1);
    entry.emptySince = now();
    entry.shown = 0;
    lingering.add(tk);
    const [longest] = lingering.size > mostLingering ? lingering : [];
    if (longest !== undefined) end(longest);
  }

  function showViewers({ live, room }: Entry, shown: number): number {
    const viewers = room.size();
    if (viewers === shown || Math.max(viewers, shown) < 2) return shown;
    void room.send(encode('thread:viewers', { ...live.name, viewers }));
    return viewers;
  }

  return {
    async join(socket, name, since) {
      const tk = threadKey(name);
      const entry = entries.get(tk) ?? start(tk, name);
      const before = entry.room.has(socket);
      enter(entry, tk, socket);
      try {
        const answer = await entry.live.catchUp(since);
        if ('resync' in answer) return { ok: true, ...answer };
        return { ok: true, ...answer, viewers: entry.room.size() };
      } catch (error) {
        if (!before) leave(socket, tk);
        throw error;
      }
    },
    leave,
    hear(notice) {
      const entry = entries.get(notice.tk);
      entry?.live.hear(notice);
      entry?.own.hear(notice);
    },
    sweep() {
      const at = now();
      for (const [tk, entry] of entries) {
        if (entry.emptySince === null) {
          entry.shown = showViewers(entry, entry.shown);
          entry.live.beat().catch(onError);
        } else if (at - entry.emptySince >= timing.lingerMs) end(tk);
      }
    },
    size: () => entries.size - lingering.size,
    stop() {
      for (const tk of [...entries.keys()]) end(tk);
    },
  };
}
