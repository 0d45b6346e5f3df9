import { io } from 'socket.io-client';
import { createFollower, type Follower } from '../../src/browser/shared/live/follower.js';
import { openSocket } from '../../src/browser/shared/live/socket.js';
import type { CommentPage, Changes, ReplyPage, Resync } from '../../src/contract/thread.js';
import type { Joined, ThreadChanged } from '../../src/contract/events.js';
import type { ThreadStore } from '../../src/domain/ports.js';
import type { ThreadName } from '../../src/domain/thread.js';
import { createMixedChanges, readWhole } from './mixed-changes.js';
import { WebSocketOfTests } from './realtime.js';
import { until } from './until.js';

/** What came of a run. */
export interface DropsReport {
  readonly clients: number;
  readonly changes: number;
  readonly drops: number;
  readonly frames: number;
  /** Reads of `GET …/changes`. */
  readonly catchUps: number;
  readonly reloads: number;
  /** Rows that a client lacks, has too much, or has in another form than a fresh read, over all clients. */
  readonly wrong: number;
  /** Rows told as new to a client that had them. */
  readonly doubled: number;
}

interface DroppedClient {
  readonly follower: Follower;
  drop(): void;
  close(): void;
}

/**
 * Clients of both kinds follow one thread of a real server by its public interfaces and are dropped
 * at random while it changes in every way; at the end each is compared with a fresh read by REST.
 */
export async function runDrops(options: {
  readonly url: string;
  readonly name: ThreadName;
  readonly store: Pick<ThreadStore, 'write'>;
  readonly clients: number;
  readonly changes: number;
  readonly random: () => number;
}): Promise<DropsReport> {
  const { url, name, random } = options;
  const base = `${url}/api/v1/sites/${name.site}/articles/${encodeURIComponent(name.article)}`;
  const counted = { drops: 0, frames: 0, catchUps: 0, reloads: 0, doubled: 0 };
  const draw = (below: number): number => Math.floor(random() * below);

  const get = async <T>(path: string): Promise<T> => {
    const answer = await fetch(`${base}${path}`, { headers: { connection: 'keep-alive' } });
    if (!answer.ok) throw new Error(`${path} was answered ${String(answer.status)}`);
    return (await answer.json()) as T;
  };
  const rest = {
    page: (
      _: ThreadName,
      { sort, limit, cursor }: { sort: string; limit: number; cursor: string | null },
    ) =>
      get<CommentPage>(
        `/comments?sort=${sort}&limit=${String(limit)}${cursor === null ? '' : `&cursor=${cursor}`}`,
      ),
    branch: (_: ThreadName, of: { parentId: string; limit: number; cursor: string | null }) =>
      get<ReplyPage>(
        `/comments?parent=${of.parentId}&limit=${String(of.limit)}${of.cursor === null ? '' : `&cursor=${of.cursor}`}`,
      ),
  };

  function aFollower(reload: () => void): Follower {
    const known = new Set<string>();
    return createFollower({
      fetchChanges: (since) => {
        counted.catchUps += 1;
        return get<Changes | Resync>(`/changes?since=${String(since)}&limit=100`);
      },
      onItems: (changes) => {
        for (const { id, item, before } of changes) {
          if (item && !before && known.has(id)) counted.doubled += 1;
          if (item) known.add(id);
          else known.delete(id);
        }
      },
      onThread: () => undefined,
      onResync: () => {
        known.clear();
        counted.reloads += 1;
        reload();
      },
      wait: () => new Promise((done) => setTimeout(done, 20)),
    });
  }

  /** Both kinds of client behind one face: how to join, how to be dropped. */
  function aClient(kind: 'official' | 'small'): DroppedClient {
    const follower = aFollower(() => void start());
    const heard = (frame: ThreadChanged): void => {
      counted.frames += 1;
      follower.frame(frame);
    };
    const start = async (): Promise<void> => {
      if (follower.cursor() === null) {
        const { rev, thread, items } = await readWhole(rest, name);
        follower.list({ rev, thread, items: [...items.values()] });
      }
      follower.joining();
      const since = follower.cursor() ?? 0;
      const refused = { ok: false, code: 'OVERLOADED' } as const;
      follower.joined(await join({ ...name, since }).catch(() => refused));
    };
    let join: (payload: { site: string; article: string; since: number }) => Promise<Joined>;

    if (kind === 'official') {
      const socket = io(`${url}/threads`, {
        transports: ['websocket'],
        forceNew: true,
        reconnectionDelay: 10,
        reconnectionDelayMax: 100,
      });
      join = (payload) =>
        socket.timeout(10_000).emitWithAck('thread:join', payload) as Promise<Joined>;
      socket.on('connect', () => void start());
      socket.on('thread:changed', heard);
      return {
        follower,
        // The connection itself: closing the engine while it opens would wait for its time limit.
        drop: () => (socket.io.engine.transport as { ws?: { terminate(): void } }).ws?.terminate(),
        close: () => void socket.disconnect(),
      };
    }
    const raw: WebSocket[] = [];
    const Recorded = function (address: string): WebSocket {
      const made = new WebSocketOfTests(address);
      raw.push(made);
      return made;
    } as unknown as typeof WebSocket;
    const socket = openSocket({ url, WebSocket: Recorded, random: () => 0.05 * random() });
    join = (payload) => socket.send('thread:join', payload) as Promise<Joined>;
    socket.on('thread:changed', heard);
    socket.onState((state) => {
      if (state === 'open') void start();
    });
    return { follower, drop: () => raw.at(-1)?.close(), close: () => socket.close() };
  }

  const clients = Array.from({ length: options.clients }, (_, i) =>
    aClient(i % 2 === 0 ? 'official' : 'small'),
  );
  try {
    await until(
      () => clients.every(({ follower }) => follower.cursor() !== null),
      'all to join',
      60_000,
    );
    const changes = createMixedChanges(options.store, name);
    for (let i = 0; i < options.changes; i += 1) {
      await changes.apply(draw(70), draw(1_000), draw(20));
      if (random() < 0.5) await new Promise((done) => setTimeout(done, random() * 10));
      for (let drops = draw(5); drops > 0; drops -= 1) {
        counted.drops += 1;
        clients[draw(clients.length)]?.drop();
      }
    }
    const whole = await readWhole(rest, name);
    const behind = (): readonly DroppedClient[] =>
      clients.filter(
        ({ follower }) => !follower.settled() || (follower.cursor() ?? -1) < whole.rev,
      );
    await until(
      () => behind().length === 0,
      () => `${String(behind().length)} clients to be at revision ${String(whole.rev)}`,
      120_000,
    );
    let wrong = 0;
    for (const { follower } of clients) {
      const mine = new Map(follower.items().map((item) => [item.id, JSON.stringify(sorted(item))]));
      for (const [id, item] of whole.items) {
        if (mine.get(id) !== JSON.stringify(sorted(item))) wrong += 1;
        mine.delete(id);
      }
      wrong += mine.size;
    }
    const { clients: count, changes: made } = options;
    return { clients: count, changes: made, ...counted, wrong };
  } finally {
    for (const client of clients) client.close();
  }
}

const sorted = (item: object): object =>
  Object.fromEntries(Object.entries(item).sort(([a], [b]) => (a < b ? -1 : 1)));
