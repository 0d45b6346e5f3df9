import type { IncomingMessage } from 'node:http';
import { createAccessTokens } from './auth/access-tokens.js';
import { createAddressKeys } from './auth/address-key.js';
import { createIdentify, sessionOf } from './auth/identify.js';
import { createServiceKeys } from './auth/service-keys.js';
import { createSsoTokens } from './auth/sso.js';
import type { Config } from './config.js';
import { createComments, type Comments } from './domain/comments.js';
import { createModeration, type Moderation } from './domain/moderation.js';
import type { Clock, Ids, Limiter, Store } from './domain/ports.js';
import { checks } from './domain/screening/checks.js';
import { createSessions } from './domain/sessions.js';
import { createSites, type Sites } from './domain/sites.js';
import { createThreads, type Threads } from './domain/threads.js';
import { createHttpApp, type HttpApp } from './http/http-app.js';
import { createAddresses } from './http/middleware/address.js';
import type { Logger } from './ops/logger.js';
import type { Metrics } from './ops/metrics.js';
import { createRealtime, type Realtime } from './realtime/realtime-server.js';

/** Built browser files, and the version that `/` tells. */
export interface AppFiles {
  readonly browserFolder: string | null;
  readonly version: string;
}

/** What the world sees of Sayso, and the use cases behind it. */
export interface Faces {
  readonly app: HttpApp;
  readonly realtime: Realtime;
  readonly threads: Threads;
  readonly comments: Comments;
  readonly moderation: Moderation;
}

interface Deps {
  readonly config: Config;
  readonly log: Logger;
  readonly files: AppFiles;
  readonly store: Store;
  readonly limiter: Limiter;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly metrics: Metrics;
  /** Where it listens; its public address unless another is configured. */
  readonly url: string;
  readonly ready: () => boolean;
}

/** Puts the use cases over a store, and HTTP and sockets before them. */
export function createFaces({
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
}: Deps): Faces {
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
    sites: withOwnPages(sites, publicUrl),
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

/** Sockets of our own pages, `/t/…`, come from our origin, which no site has to list. */
function withOwnPages(
  { find, knowsOrigin }: Sites,
  publicUrl: string,
): Pick<Sites, 'find' | 'knowsOrigin'> {
  const own = new URL(publicUrl).origin;
  return { find, knowsOrigin: async (origin) => origin === own || (await knowsOrigin(origin)) };
}

const answers = (store: Store): Promise<boolean> =>
  store.ping().then(
    () => true,
    () => false,
  );
