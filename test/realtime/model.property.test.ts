import fc from 'fast-check';
import { createFollower, type Follower } from '../../src/browser/shared/live/follower.js';
import type { KnownItem } from '../../src/browser/shared/live/thread-log.js';
import type { ThreadChanged } from '../../src/contract/events.js';
import { createSites } from '../../src/domain/sites.js';
import { threadKey } from '../../src/domain/thread.js';
import { createThreads, type Threads } from '../../src/domain/threads.js';
import { createLiveThread, type LiveThread } from '../../src/realtime/live-thread.js';
import { defaultTiming } from '../../src/realtime/settings.js';
import { openStore } from '../../src/store/open-store.js';
import { createMixedChanges, readWhole } from '../helpers/mixed-changes.js';
import { demoSite } from '../helpers/realtime.js';
import { seeded } from '../helpers/seeded.js';
import { manyFaults, unreliable, type Faults } from '../helpers/unreliable-store.js';
import { until } from '../helpers/until.js';

/** What goes wrong, and which rule is switched off to see that the model notices. */
interface Rules {
  readonly faults: Faults;
  /** Chance that a frame is lost on a connection that stays. */
  readonly wireLoss: number;
  /** Whether empty frames heal at the end. */
  readonly heartbeats: boolean;
  readonly gapRule: boolean;
  readonly joinFirst: boolean;
}

const noFaults: Faults = {
  lose: 0,
  delay: 0,
  delayMs: 4,
  repeat: 0,
  stale: 0,
  slow: 0.5,
  forget: 0,
};
const everything: Rules = {
  faults: manyFaults,
  wireLoss: 0.2,
  heartbeats: true,
  gapRule: true,
  joinFirst: true,
};
const onlyDrops: Rules = { ...everything, faults: noFaults, wireLoss: 0, heartbeats: false };

const name = { site: 'demo', article: 'a' };
const clock = { now: () => Date.now() };
const timing = { ...defaultTiming, windowMs: 3, heartbeatMs: 0 };

interface Step {
  readonly kind: number;
  readonly target: number;
  readonly detail: number;
}

/** A server process: its own view of the store, one live thread, whoever is connected to it. */
interface ModelNode {
  readonly threads: Threads;
  readonly live: LiveThread;
  readonly connections: Set<(frame: ThreadChanged) => void>;
  heal(): void;
  stop(): void;
}

interface ModelClient {
  readonly follower: Follower;
  /** Comments that were told as new while they were known already. */
  readonly doubled: string[];
  connect(node: ModelNode): Promise<void>;
  drop(): void;
  connected(): boolean;
}

async function play(steps: readonly Step[], seed: number, given: Rules): Promise<void> {
  let rules = given;
  const random = seeded(seed);
  const base = await openStore('sqlite::memory:', { clock });
  await base.directory.putSite(demoSite);
  const nodes = [0, 1].map(() => aNode());
  const clients = [0, 1, 2].map(() => aClient());
  const changes = createMixedChanges(unreliable(base, rules.faults, random).threads, name);
  try {
    await Promise.all(clients.map((client, i) => client.connect(nodes[i % 2]!)));
    for (const step of steps) {
      if (step.kind < 70) await changes.apply(step.kind, step.target, step.detail);
      else if (step.kind < 80) await new Promise((done) => setTimeout(done, step.detail % 5));
      else {
        const client = clients[step.target % 3]!;
        client.drop();
        void client.connect(nodes[step.detail % 2]!);
      }
    }
    await settle();
    const whole = await readWhole(aThreads(base), name);
    for (const { follower, doubled } of clients) {
      expect(byId(follower.items())).toEqual(byId([...whole.items.values()]));
      expect(follower.thread()?.count).toBe(whole.thread.count);
      expect(doubled).toEqual([]);
    }
  } finally {
    for (const client of clients) client.drop();
    for (const node of nodes) node.stop();
    await base.close();
  }

  function aThreads(store: typeof base): Threads {
    const sites = createSites({ directory: store.directory, clock });
    return createThreads({ threads: store.threads, sites, clock });
  }

  function aNode(): ModelNode {
    const store = unreliable(base, rules.faults, random);
    const threads = aThreads(store);
    const connections = new Set<(frame: ThreadChanged) => void>();
    const live = createLiveThread({
      name,
      threads,
      send: async (frame) => {
        for (const connection of [...connections]) {
          await Promise.resolve();
          if (random() >= rules.wireLoss) connection(frame);
        }
      },
      now: () => Date.now(),
      timing,
      onError: (error) => {
        throw error;
      },
    });
    const stop = store.threads.watch((notice) => live.hear(notice));
    return {
      threads,
      live,
      connections,
      heal: () => store.heal(),
      stop: () => {
        stop();
        live.stop();
      },
    };
  }

  function aClient(): ModelClient {
    const known = new Set<string>();
    const doubled: string[] = [];
    let node: ModelNode | null = null;
    let connection: ((frame: ThreadChanged) => void) | null = null;
    let loading: Promise<void> | null = null;
    const follower = createFollower({
      fetchChanges: (since) => {
        if (!node) return Promise.reject(new Error('offline'));
        return node.threads.changes(name, since, 100);
      },
      onItems: (items) => {
        for (const { id, item, before } of items) {
          if (item && !before && known.has(id)) doubled.push(id);
          if (item) known.add(id);
          else known.delete(id);
        }
      },
      onThread: () => undefined,
      onResync: () => {
        known.clear();
        drop();
      },
      wait: () => new Promise((done) => setTimeout(done, 2)),
    });

    function drop(): void {
      if (connection) node?.connections.delete(connection);
      connection = node = null;
    }

    /** As a browser does it: the page (by HTTP), then the socket, then the join. */
    async function connect(to: ModelNode): Promise<void> {
      drop();
      node = to;
      const mine = (frame: ThreadChanged): void => {
        follower.frame(rules.gapRule ? frame : { ...frame, prev: 0 });
      };
      connection = mine;
      if (follower.cursor() === null) {
        loading ??= readWhole(aThreads(base), name)
          .then(({ rev, thread, items }) => {
            follower.list({ rev, thread, items: [...items.values()] });
          })
          .finally(() => (loading = null));
        await loading;
      }
      if (connection !== mine) return;
      follower.joining();
      if (rules.joinFirst) to.connections.add(mine);
      const answer = await to.live.catchUp(follower.cursor() ?? 0);
      if (connection !== mine) return;
      if (!rules.joinFirst) {
        await new Promise((done) => setTimeout(done, random() * 3));
        if (connection === mine) to.connections.add(mine);
      }
      const ok = { ok: true } as const;
      follower.joined('resync' in answer ? { ...ok, ...answer } : { ...ok, ...answer, viewers: 1 });
    }

    return { follower, doubled, connect, drop, connected: () => connection !== null };
  }

  /** No more faults: everybody comes back, and what is under way ends. */
  async function settle(): Promise<void> {
    for (const node of nodes) node.heal();
    rules = { ...rules, wireLoss: 0 };
    const head = await base.threads.readThread(threadKey(name));
    const rev = head?.rev ?? 0;
    let rounds = 0;
    await until(
      async () => {
        rounds += 1;
        for (const [i, client] of clients.entries()) {
          if (!client.connected()) await client.connect(nodes[i % 2]!);
        }
        if (rules.heartbeats) await Promise.all(nodes.map(({ live }) => live.beat()));
        return (
          clients.every(({ follower }) => follower.settled() && (follower.cursor() ?? -1) >= rev) ||
          (!rules.heartbeats && rounds > 60)
        );
      },
      () =>
        `cursors ${clients.map(({ follower }) => String(follower.cursor())).join(', ')} of ${String(rev)}`,
      5_000,
    );
  }
}

const byId = (items: readonly KnownItem[]): Record<string, KnownItem> =>
  Object.fromEntries(items.map((item) => [item.id, item]));

const aGame = fc.tuple(
  fc.array(fc.record({ kind: fc.nat(99), target: fc.nat(50), detail: fc.nat(20) }), {
    minLength: 5,
    maxLength: 60,
  }),
  fc.nat(2 ** 31),
);

const runs = Number(process.env['SAYSO_TEST_RUNS'] ?? 60);
const seed = Number(process.env['SAYSO_TEST_SEED'] ?? Date.now() % 2 ** 31);

/** How the first of a number of games fails when a rule is missing; null: none does. */
async function firstFailure(rules: Rules): Promise<string | null> {
  const property = fc.asyncProperty(aGame, ([steps, of]) => play(steps, of, rules));
  const result = await fc.check(property, { numRuns: 200, seed, endOnFailure: true });
  return result.errorInstance instanceof Error ? result.errorInstance.message : null;
}

describe(`a model of readers, nodes and an unreliable store (seed ${String(seed)})`, () => {
  it('REL-9 ends with every reader equal to a fresh read, whatever was lost, late, doubled or old', async () => {
    const property = fc.asyncProperty(aGame, ([steps, of]) => play(steps, of, everything));
    await fc.assert(property, { numRuns: runs, seed, endOnFailure: true });
  }, 600_000);

  it('needs no heartbeat where nothing but connections is lost', async () => {
    const property = fc.asyncProperty(aGame, ([steps, of]) => play(steps, of, onlyDrops));
    await fc.assert(property, { numRuns: runs, seed, endOnFailure: true });
  }, 600_000);

  it('notices when a reader takes every frame, gap or not', async () => {
    expect(await firstFailure({ ...everything, gapRule: false })).toContain('toEqual');
  }, 120_000);

  it('notices when a join reads before it is in the room', async () => {
    expect(await firstFailure({ ...onlyDrops, joinFirst: false })).toMatch(/toEqual|toBe/);
  }, 120_000);
});
