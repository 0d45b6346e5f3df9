import { createServer, type IncomingMessage, type Server as HttpServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { io, type ManagerOptions, type Socket, type SocketOptions } from 'socket.io-client';
import { WebSocket as NodeWebSocket } from 'ws';
import { openSocket, type LiveSocket } from '../../src/browser/shared/live/socket.js';
import type {
  ClientToServerEvents,
  Joined,
  ServerToClientEvents,
} from '../../src/contract/events.js';
import { DomainError } from '../../src/domain/errors.js';
import type { Operation, Outcome } from '../../src/domain/operation.js';
import type { Clock, Store } from '../../src/domain/ports.js';
import { newSite, type Site } from '../../src/domain/site.js';
import { createSites } from '../../src/domain/sites.js';
import { createThreads, type Threads } from '../../src/domain/threads.js';
import { silentLogger, type Logger } from '../../src/ops/logger.js';
import { createRealtime, type Realtime } from '../../src/realtime/realtime-server.js';
import type { NodeLimits, SocketLimits, Timing } from '../../src/realtime/settings.js';
import type { Identity } from '../../src/realtime/viewer.js';
import { openStore } from '../../src/store/open-store.js';
import { until } from './until.js';

/** The official client, typed by the contract. */
export type OfficialClient = Socket<ServerToClientEvents, ClientToServerEvents>;

/** `ws` in the place of the browser's WebSocket. */
export const WebSocketOfTests = NodeWebSocket as unknown as typeof WebSocket;

/** The site of all realtime tests. */
export const demoSite: Site = { ...newSite('demo'), origins: ['https://news.example'] };

/** Limits of a server whose test sets none. */
const usualLimits: NodeLimits = {
  openPerAddress: 500,
  connectsPerMinute: 100_000,
  openTotal: 20_000,
  roomsPerSocket: 20,
  messagesPerSecond: 10,
  messageBurst: 20,
};

/** A real realtime server over a store in memory. */
export interface RealtimeHarness {
  readonly url: string;
  readonly port: number;
  readonly http: HttpServer;
  readonly store: Store;
  readonly threads: Threads;
  readonly realtime: Realtime;
  /** Tokens that `identify` knows. */
  readonly identities: Map<string, Identity>;
  /** What the server logged as an error. */
  readonly errors: unknown[];
  write(operation: Operation, article?: string): Promise<Outcome>;
  official(options?: Partial<ManagerOptions & SocketOptions>): OfficialClient;
  small(token?: () => string | null): LiveSocket;
  stop(): Promise<void>;
}

/** What a test may set otherwise. */
export interface RealtimeOptions {
  readonly limits?: Partial<SocketLimits>;
  readonly timing?: Partial<Timing>;
  readonly store?: (store: Store) => Store;
  readonly threads?: (threads: Threads) => Threads;
  readonly addressOf?: (request: IncomingMessage) => string;
  readonly clock?: Clock;
}

/** Starts a server on a free port; `stop` closes it and every client made by it. */
export async function startRealtime(options: RealtimeOptions = {}): Promise<RealtimeHarness> {
  const clock = options.clock ?? { now: () => Date.now() };
  const opened = await openStore('sqlite::memory:', { clock });
  const store = options.store?.(opened) ?? opened;
  await store.directory.putSite(demoSite);
  const sites = createSites({ directory: store.directory, clock });
  const plain = createThreads({ threads: store.threads, sites, clock });
  const threads = options.threads?.(plain) ?? plain;
  const identities = new Map<string, Identity>();
  const errors: unknown[] = [];
  const logger: Logger = { ...silentLogger, error: (fields) => errors.push(fields['error']) };
  const realtime = createRealtime({
    threads,
    store: store.threads,
    sites,
    identify: async (token) => {
      const identity = identities.get(token);
      if (identity === undefined) throw new DomainError('UNAUTHENTICATED');
      if (identity.expiresAt <= clock.now()) throw new DomainError('TOKEN_EXPIRED');
      return identity;
    },
    addressOf: options.addressOf ?? ((request) => request.socket.remoteAddress ?? ''),
    clock,
    logger,
    metrics: { socket: () => undefined, room: () => undefined, frame: () => undefined },
    limits: { ...usualLimits, ...options.limits },
    timing: options.timing ?? {},
  });
  const http = createServer((_request, response) => response.writeHead(404).end());
  realtime.attach(http);
  await new Promise<void>((done) => http.listen(0, '127.0.0.1', done));
  const { port } = http.address() as AddressInfo;
  const url = `http://127.0.0.1:${String(port)}`;
  const clients: { close(): void }[] = [];

  return {
    url,
    port,
    http,
    store,
    threads,
    realtime,
    identities,
    errors,
    write: (operation, article = 'a') => store.threads.write({ site: 'demo', article }, operation),
    official(settings = {}) {
      const client: OfficialClient = io(`${url}/threads`, {
        transports: ['websocket'],
        forceNew: true,
        reconnectionDelay: 20,
        reconnectionDelayMax: 50,
        ...settings,
      });
      clients.push({ close: () => client.disconnect() });
      return client;
    },
    small(token) {
      const client = openSocket({
        url,
        WebSocket: WebSocketOfTests,
        random: () => 0.02,
        ...(token && { token }),
      });
      clients.push(client);
      return client;
    },
    async stop() {
      for (const client of clients) client.close();
      await realtime.stop(() => 0);
      http.closeAllConnections();
      await new Promise((done) => http.close(done));
      await store.close();
    },
  };
}

/** Joins with the official client. */
export const join = (
  client: OfficialClient,
  since?: number,
  article = 'a',
): Promise<Extract<Joined, { viewers: number }>> =>
  client.emitWithAck('thread:join', {
    site: 'demo',
    article,
    ...(since !== undefined && { since }),
  }) as Promise<Extract<Joined, { viewers: number }>>;

/** Everything a client hears, in order. */
export function record(client: OfficialClient): { event: string; payload: never }[] {
  const heard: { event: string; payload: never }[] = [];
  client.onAny((event: string, ...payloads: unknown[]) =>
    heard.push({ event, payload: payloads[0] as never }),
  );
  return heard;
}

/** Waits until the client is connected. */
export const connected = (client: OfficialClient): Promise<void> =>
  until(() => client.connected, 'a connection');
