import type { IncomingMessage, Server as HttpServer } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';
import { Server } from 'socket.io';
import type { ClientToServerEvents, ServerToClientEvents } from '../contract/events.js';
import { limits as sizes } from '../contract/limits.js';
import { DomainError } from '../domain/errors.js';
import type { Clock, ThreadStore } from '../domain/ports.js';
import type { Sites } from '../domain/sites.js';
import type { Threads } from '../domain/threads.js';
import type { Logger } from '../ops/logger.js';
import type { Metrics } from '../ops/metrics.js';
import { createAdmission } from './admission.js';
import { guard, lighten, type EngineConnection } from './guard.js';
import { createLiveThreads } from './live-threads.js';
import {
  defaultPatience,
  defaultTiming,
  type NodeLimits,
  type Patience,
  type Timing,
} from './settings.js';
import { createThreadsNamespace } from './threads-namespace.js';
import { newViewer, type Identity, type Viewer } from './viewer.js';
import { createWatchedCounts } from './watched-counts.js';
import { deliver, encode, type ThreadsSocket } from './wire.js';

/** What the realtime side needs. */
export interface RealtimeDeps {
  readonly threads: Threads;
  readonly store: Pick<ThreadStore, 'watch' | 'readLog' | 'readComment'>;
  readonly sites: Pick<Sites, 'find' | 'knowsOrigin'>;
  /** Who the token of a handshake belongs to. Rejects with UNAUTHENTICATED or TOKEN_EXPIRED. */
  readonly identify: (token: string, address: string) => Promise<Identity>;
  /** The client's address, behind proxies too. */
  readonly addressOf: (request: IncomingMessage) => string;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly metrics: Pick<Metrics, 'socket' | 'room' | 'frame'>;
  readonly limits: NodeLimits & Partial<Patience>;
  readonly timing?: Partial<Timing>;
}

/** The sockets of one server. */
export interface Realtime {
  /** Serves `/socket.io` on this server, beside what it serves already. */
  attach(server: HttpServer): void;
  /** Says `bye` with a wait in ms that is drawn for each socket, then closes them all. Twice is fine. */
  stop(drawRetryInMs: () => number): Promise<void>;
  /** What is open now. */
  stats(): { readonly sockets: number; readonly threads: number };
}

type IoServer = Server<ClientToServerEvents, ServerToClientEvents, Record<string, never>, Viewer>;

/** How long `bye` may take to reach everybody. */
const farewellMs = 1_000;

/** Follows the store from the first socket on. */
export function createRealtime(deps: RealtimeDeps): Realtime {
  const limits = { ...defaultPatience, ...deps.limits };
  const timing = { ...defaultTiming, ...deps.timing };
  const now = (): number => deps.clock.now();
  const { logger, metrics, threads } = deps;
  const onError = (error: unknown): void => logger.warn({ error }, 'A socket could not be served.');
  const admission = createAdmission({ ...deps, limits, now });
  const live = createLiveThreads({ ...deps, limits, timing, now });
  const counts = createWatchedCounts({ threads, limits, windowMs: timing.countsMs, onError });
  const messages = createThreadsNamespace({ ...deps, live, counts, limits, now });
  const addresses = new WeakMap<object, string>();
  const identified = new Set<ThreadsSocket>();
  const io = createServer(admission, onError);
  const namespace = io.of('/threads');
  let unwatch: (() => void) | null = null;
  let sweeping: NodeJS.Timeout | undefined;

  namespace.use((socket, next) => {
    identityOf(socket).then(
      (identity) => {
        socket.data = newViewer(identity, now(), limits);
        next();
      },
      (error: unknown) => next(toConnectError(error, logger)),
    );
  });

  namespace.on('connection', (socket) => {
    metrics.socket('/threads', 1);
    if (socket.data.identity) identified.add(socket);
    socket.onAny((event: string, ...args: unknown[]) => {
      messages.receive(socket, event, args).catch(onError);
    });
    socket.once('disconnect', () => {
      metrics.socket('/threads', -1);
      identified.delete(socket);
      messages.forget(socket);
    });
  });

  async function identityOf(socket: ThreadsSocket): Promise<Identity | null> {
    const { token } = socket.handshake.auth as { token?: unknown }; // whatever the client sent
    if (token === undefined || token === null) return null;
    if (typeof token !== 'string') throw new DomainError('UNAUTHENTICATED');
    return deps.identify(token, addresses.get(socket.conn) ?? '');
  }

  function sweep(): void {
    const at = now();
    for (const socket of identified) {
      if ((socket.data.identity?.expiresAt ?? 0) <= at) socket.disconnect(true);
    }
    live.sweep();
  }

  return {
    attach(server) {
      io.attach(server);
      shortenClosing(io);
      server.on('listening', () => shortenClosing(io));
      // Before Socket.IO's own listener, so that it hears only what the guard lets through.
      io.engine.prependListener('connection', (connection: EngineConnection) => {
        addresses.set(connection, deps.addressOf(connection.request));
        guard(connection, limits);
        lighten(connection);
      });
      unwatch ??= deps.store.watch((notice) => {
        live.hear(notice);
        counts.hear(notice);
      });
      sweeping ??= setInterval(sweep, timing.sweepMs).unref();
    },
    async stop(drawRetryInMs) {
      unwatch?.();
      unwatch = null;
      clearInterval(sweeping);
      live.stop();
      counts.stop();
      for (const socket of namespace.sockets.values()) {
        deliver(socket, encode('bye', { retryInMs: drawRetryInMs() }), limits);
        socket.disconnect(true);
      }
      // Peers that do not answer the closing handshake would hold the process for 30 s.
      for (let waitedMs = 0; admission.open() > 0 && waitedMs < farewellMs; waitedMs += 10) {
        await pause(10);
      }
      admission.close();
    },
    stats: () => ({ sockets: namespace.sockets.size, threads: live.size() }),
  };
}

function createServer(
  admission: ReturnType<typeof createAdmission>,
  onError: (error: unknown) => void,
): IoServer {
  const io: IoServer = new Server({
    path: '/socket.io',
    transports: ['websocket'],
    serveClient: false,
    maxHttpBufferSize: sizes.socketMessageBytes,
    connectTimeout: 5_000,
    perMessageDeflate: false,
    httpCompression: false,
    allowUpgrades: false,
    allowRequest: (request, decide) => {
      admission.admit(request).then(
        (status) => {
          if (status !== null) refuse(request, status);
          decide(null, status === null);
        },
        (error: unknown) => {
          onError(error);
          refuse(request, 503);
          decide(null, false);
        },
      );
    },
  });
  io.use((_socket, next) => next(new Error('NOT_FOUND')));
  return io;
}

/**
 * A peer that does not answer the closing handshake is cut after a second, not after the 30 s of
 * `ws`. Engine.IO makes its WebSocket server on attach and again when the HTTP server listens.
 */
function shortenClosing(io: IoServer): void {
  const { ws } = io.engine as unknown as { ws: { options: { closeTimeout: number } } }; // hidden by its types
  ws.options.closeTimeout = 1_000;
}

const phrases = { 403: 'Forbidden', 429: 'Too Many Requests', 503: 'Service Unavailable' } as const;

/** Engine.IO answers every refused upgrade with 400; a client should know whether to come back. */
function refuse(request: IncomingMessage, status: keyof typeof phrases): void {
  const again = status === 403 ? '' : 'Retry-After: 10\r\n';
  if (request.headers.upgrade === undefined) return;
  request.socket.end(
    `HTTP/1.1 ${String(status)} ${phrases[status]}\r\n${again}Connection: close\r\nContent-Length: 0\r\n\r\n`,
  );
}

function toConnectError(error: unknown, logger: Logger): Error {
  if (!(error instanceof DomainError)) {
    logger.error({ error }, 'A handshake failed.');
    return Object.assign(new Error('INTERNAL'), { data: { code: 'INTERNAL' } });
  }
  return Object.assign(new Error(error.code), { data: { code: error.code } });
}
