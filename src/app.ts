import type { Config } from './config.js';
import { ensureDemo } from './demo-site.js';
import { systemClock, systemIds } from './domain/system.js';
import type { Clock, Ids, Limiter, Store } from './domain/ports.js';
import { createFaces, type AppFiles, type Faces } from './faces.js';
import { createDoor } from './http/door.js';
import { createHttpServer, drain, listen } from './http/http-server.js';
import { createMemoryLimiter } from './limits/memory-limiter.js';
import { createLifecycle } from './ops/lifecycle.js';
import type { Logger } from './ops/logger.js';
import { createMetrics } from './ops/metrics.js';
import { openStore } from './store/open-store.js';

/** One running Sayso. */
export interface App {
  /** Opens the store, listens, and is ready when it resolves. Throws StoppedError where `stop` came first. */
  start(): Promise<Running>;
  /** Stops in the opposite order: tells sockets, finishes requests, closes the store. Twice is fine. */
  stop(): Promise<void>;
}

/** What a started app can be reached by. */
export interface Running extends Omit<Faces, 'app'> {
  /** Where it listens, as in `http://127.0.0.1:8080`. */
  readonly url: string;
  readonly port: number;
  readonly store: Store;
}

/** What tests put in the place of the real thing. */
export interface Overrides {
  readonly clock?: Clock;
  readonly ids?: Ids;
  readonly limiter?: Limiter;
  readonly store?: Store;
}

/** What sockets are told to wait before they come back, in ms: there is no other node to spread over. */
const retryInMs = (): number => 1_000;

/** Puts the parts together: store → domain → HTTP and sockets. The one place that knows them all. */
export function createApp(
  {
    config,
    log,
    files,
  }: { readonly config: Config; readonly log: Logger; readonly files: AppFiles },
  overrides: Overrides = {},
): App {
  const lifecycle = createLifecycle({ log });
  const { clock = systemClock, ids = systemIds } = overrides;

  return {
    start: async () => {
      const metrics = createMetrics();
      const store = await lifecycle.begin({
        name: 'store',
        start: () => overrides.store ?? openStore(config.databaseUrl, { clock, metrics }),
        stop: (opened) => opened.close(),
      });
      const limiter = await lifecycle.begin({
        name: 'limits',
        start: () => overrides.limiter ?? createMemoryLimiter(),
        stop: (made) => made.close(),
      });
      const door = createDoor();
      const server = createHttpServer(door);
      const { url, port } = await lifecycle.begin({
        name: 'listen',
        start: () => listen(server, config),
        stop: () => drain(server),
      });
      const { threads, comments, moderation, realtime } = await lifecycle.begin({
        name: 'faces',
        start: async () => {
          if (config.mode !== 'production') await ensureDemo(store, url, config.publicUrl);
          const ready = (): boolean => lifecycle.ready();
          const parts = { config, log, files, store, limiter, clock, ids, metrics };
          const made = createFaces({ ...parts, url, ready });
          made.realtime.attach(server);
          door.open(made.app);
          return made;
        },
        stop: async (made) => {
          await made.realtime.stop(retryInMs);
          made.app.close();
        },
      });
      lifecycle.complete();
      return { url, port, store, threads, comments, moderation, realtime };
    },
    stop: () => lifecycle.stop(),
  };
}
