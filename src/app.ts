import type { IncomingMessage, Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createAccessTokens } from './auth/access-tokens.js';
import { createAddressKeys } from './auth/address-key.js';
import { createIdentify, sessionOf } from './auth/identify.js';
import { createServiceKeys } from './auth/service-keys.js';
import { createSsoTokens } from './auth/sso.js';
import type { Config } from './config.js';
import { ensureDemo } from './demo-site.js';
import { createComments, type Comments } from './domain/comments.js';
import { systemClock, systemIds } from './domain/ids.js';
import { createModeration, type Moderation } from './domain/moderation.js';
import type { Clock, Ids, Limiter, Store } from './domain/ports.js';
import { checks } from './domain/screening/checks.js';
import { createSessions } from './domain/sessions.js';
import { createSites } from './domain/sites.js';
import { createThreads, type Threads } from './domain/threads.js';
import { createHttpApp, type HttpApp } from './http/http-app.js';
import { createHttpServer } from './http/http-server.js';
import { createAddresses } from './http/middleware/address.js';
import { createMemoryLimiter } from './limits/memory-limiter.js';
import { createLifecycle } from './ops/lifecycle.js';
import type { Logger } from './ops/logger.js';
import { createMetrics, type Metrics } from './ops/metrics.js';
import { createRealtime, type Realtime } from './realtime/realtime-server.js';
import { openStore } from './store/open-store.js';

/** One running Sayso. */
export interface App {
  /** Opens the store, listens, and is ready when it resolves. */
  start(): Promise<Running>;
  /** Stops in the opposite order: tells sockets, finishes requests, closes the store. Twice is fine. */
  stop(): Promise<void>;
}

/** What a started app can be reached by. */
export interface Running {
  /** Where it listens, as in `http://127.0.0.1:8080`. */
  readonly url: string;
  readonly port: number;
  readonly store: Store;
  readonly threads: Threads;
  readonly comments: Comments;
  readonly moderation: Moderation;
  readonly realtime: Realtime;
}

/** What tests put in the place of the real thing. */
export interface Overrides {
  readonly clock?: Clock;
  readonly ids?: Ids;
  readonly limiter?: Limiter;
  readonly store?: Store;
}

/** Built browser files, and the version that `/` tells. */
export interface AppFiles {
  readonly browserFolder: string | null;
  readonly version: string;
}

/** How long requests under way may take once the app is stopping: what follows fits into 10 s. */
const drainMs = 8_000;

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
  const clock = overrides.clock ?? systemClock;
  const ids = overrides.ids ?? systemIds;

  return {
    start: async () => {
      const metrics = createMetrics();
      const store = overrides.store ?? (await openStore(config.databaseUrl, { clock, metrics }));
      const limiter = overrides.limiter ?? createMemoryLimiter();
      let app: HttpApp | null = null;
      const server = createHttpServer({
        handle: (request, response) => {
          if (app !== null) app.handle(request, response);
          else response.writeHead(503, { 'Retry-After': '1' }).end();
        },
      });
      const running: { current: Running | null } = { current: null };
      await lifecycle.start([
        { name: 'store', stop: () => store.close() },
        { name: 'limits', stop: () => limiter.close() },
        { name: 'listen', start: () => listen(server, config), stop: () => drain(server) },
        {
          name: 'faces',
          start: async () => {
            const url = urlOf(server, config);
            if (config.mode !== 'production') await ensureDemo(store, url, config.publicUrl);
            const faces = createFaces({
              config,
              log,
              files,
              store,
              limiter,
              clock,
              ids,
              metrics,
              url,
              ready: () => lifecycle.ready(),
            });
            app = faces.app;
            faces.realtime.attach(server);
            running.current = { url, port: portOf(server), store, ...faces };
          },
          stop: async () => {
            await running.current?.realtime.stop(() => 1_000);
            app?.close();
          },
        },
      ]);
      if (running.current === null) throw new Error('The app did not start.');
      return running.current;
    },
    stop: () => lifecycle.stop(),
  };
}

interface Parts {
  readonly config: Config;
  readonly log: Logger;
  readonly files: AppFiles;
  readonly store: Store;
  readonly limiter: Limiter;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly metrics: Metrics;
  readonly url: string;
  readonly ready: () => boolean;
}

function createFaces({
  config,
  log,
  files,
  store,
  limiter,
  clock,
  ids,
  metrics,
  url,
  ready,
}: Parts) {
  const { threads: threadStore, directory } = store;
  const publicUrl = config.publicUrl ?? url;
  const sites = createSites({ directory, clock });
  const tokens = createAccessTokens({
    secret: config.secret,
    previousSecret: config.previousSecret,
    issuer: publicUrl,
    clock,
  });
  const newSession = [{ points: config.sessionsPer10Minutes, seconds: 600 }];
  const sso = createSsoTokens({ clock });
  const sessions = createSessions({
    directory,
    sites,
    tokens,
    sso,
    limiter,
    clock,
    ids,
    newSession,
  });
  const threads = createThreads({ threads: threadStore, sites, clock });
  const comments = createComments({
    threads: threadStore,
    directory,
    sites,
    sessions,
    limiter,
    checks,
    clock,
    ids,
  });
  const moderation = createModeration({ threads: threadStore, sites, ids });
  const addressKey = createAddressKeys({ directory, clock, ids });
  const identify = createIdentify({
    accessTokens: tokens,
    serviceKeys: createServiceKeys({ directory, clock, ids }),
  });
  const app = createHttpApp({
    threads,
    comments,
    sessions,
    sites,
    identify,
    addressKey,
    watch: threadStore.watch,
    isReady: async () => ready() && (await answers(store)),
    clock,
    log,
    metrics,
    settings: {
      publicUrl,
      trustProxy: config.trustProxy,
      readsPerMinute: config.readsPerMinute,
      metricsToken: config.metricsToken,
      ...files,
    },
  });
  const addressOf = createAddresses(config.trustProxy);
  const realtime = createRealtime({
    threads,
    store: threadStore,
    sites,
    identify: async (token, address) => sessionOf(tokens, token, await addressKey(address)),
    addressOf: (request: IncomingMessage) => addressOf(request).ip,
    clock,
    logger: log,
    metrics,
    limits: {
      openPerAddress: config.socketsPerAddress,
      connectsPerMinute: config.socketConnectsPerMinute,
      openTotal: config.sockets,
      roomsPerSocket: config.roomsPerSocket,
      messagesPerSecond: config.socketMessagesPerSecond,
      messageBurst: config.socketMessageBurst,
    },
  });
  return { app, realtime, threads, comments, moderation };
}

const answers = (store: Store): Promise<boolean> =>
  store.ping().then(
    () => true,
    () => false,
  );

const listen = (server: Server, { port, host }: Config): Promise<void> =>
  new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => {
      server.off('error', reject);
      resolve();
    });
  });

/** Stops accepting, lets requests under way finish, then cuts what is left. */
const drain = (server: Server): Promise<void> =>
  new Promise((resolve) => {
    const idle = setInterval(() => server.closeIdleConnections(), 50);
    const limit = setTimeout(() => server.closeAllConnections(), drainMs);
    server.close(() => {
      clearInterval(idle);
      clearTimeout(limit);
      resolve();
    });
  });

// A server that listens on a port has an address of this form (Node's documentation of net).
const portOf = (server: Server): number => (server.address() as AddressInfo).port;

function urlOf(server: Server, { host }: Config): string {
  const reachable = host === '0.0.0.0' || host === '::' ? '127.0.0.1' : host;
  return `http://${reachable.includes(':') ? `[${reachable}]` : reachable}:${portOf(server)}`;
}
