import type { z } from 'zod';
import type { ErrorCode } from '../contract/errors.js';
import { clientEvents } from '../contract/events.js';
import { DomainError } from '../domain/errors.js';
import type { Sites } from '../domain/sites.js';
import { threadKey } from '../domain/thread.js';
import type { Logger } from '../ops/logger.js';
import type { LiveThreads } from './live-threads.js';
import type { SocketLimits } from './settings.js';
import { spend } from './viewer.js';
import type { WatchedCounts } from './watched-counts.js';
import { cut, isBehind, type ThreadsSocket } from './wire.js';

/** What messages of `/threads` need. */
export interface ThreadsNamespaceDeps {
  readonly sites: Pick<Sites, 'find'>;
  readonly live: LiveThreads;
  readonly counts: WatchedCounts;
  readonly limits: SocketLimits;
  readonly now: () => number;
  readonly logger: Logger;
}

/** Answers what sockets send. */
export interface ThreadsNamespace {
  /** One message: schema, token bucket, optional acknowledgement. Never throws, never rejects. */
  receive(socket: ThreadsSocket, event: string, args: readonly unknown[]): Promise<void>;
  /** The socket has gone: it leaves everything. */
  forget(socket: ThreadsSocket): void;
}

type Answer = Readonly<Record<string, unknown>> & { readonly ok: boolean };
type Handler = (socket: ThreadsSocket, payload: unknown) => Promise<Answer>;

/** Handlers of the events in `contract/events.ts`. */
export function createThreadsNamespace(deps: ThreadsNamespaceDeps): ThreadsNamespace {
  const { sites, live, counts, limits } = deps;

  const handlers = new Map<string, Handler>([
    [
      'thread:join',
      async (socket, payload) => {
        const { site, article, since } = parse(clientEvents['thread:join'].payload, payload);
        await knownSite(site);
        const { threads } = socket.data;
        const joined = threads.includes(threadKey({ site, article }));
        if (!joined && threads.length >= limits.roomsPerSocket)
          throw new DomainError('RATE_LIMITED');
        if (!socket.connected) throw new DomainError('SHUTTING_DOWN');
        return live.join(socket, { site, article }, since);
      },
    ],
    [
      'thread:leave',
      async (socket, payload) => {
        const name = parse(clientEvents['thread:leave'].payload, payload);
        live.leave(socket, threadKey(name));
        return { ok: true };
      },
    ],
    [
      'counts:watch',
      async (socket, payload) => {
        const { site, articles } = parse(clientEvents['counts:watch'].payload, payload);
        await knownSite(site);
        if (!socket.connected) throw new DomainError('SHUTTING_DOWN');
        return { ok: true, counts: await counts.watch(socket, site, articles) };
      },
    ],
  ]);

  async function knownSite(id: string): Promise<void> {
    if ((await sites.find(id)) === null) throw new DomainError('NOT_FOUND');
  }

  async function answer(socket: ThreadsSocket, event: string, payload: unknown): Promise<Answer> {
    try {
      const handler = handlers.get(event);
      if (!handler) throw new DomainError('INVALID_INPUT');
      return await handler(socket, payload);
    } catch (error) {
      if (error instanceof DomainError) return refusal(error.code);
      deps.logger.error({ error, event }, 'A socket message failed.');
      return refusal('INTERNAL');
    }
  }

  return {
    async receive(socket, event, args) {
      const last = args.at(-1);
      const acknowledge = typeof last === 'function' ? (last as (answer: Answer) => void) : null; // Socket.IO's
      if (!spend(socket.data, deps.now(), limits)) {
        acknowledge?.(refusal('RATE_LIMITED'));
        if (socket.data.strikes >= limits.strikes) socket.disconnect(true);
        return;
      }
      const reply = await answer(socket, event, args[0]);
      if (isBehind(socket, limits)) cut(socket);
      else acknowledge?.(reply);
    },
    forget(socket) {
      for (const tk of socket.data.threads) live.leave(socket, tk);
      counts.leave(socket);
    },
  };
}

const refusal = (code: ErrorCode): Answer => ({ ok: false, code });

function parse<S extends z.ZodType>(schema: S, payload: unknown): z.output<S> {
  const parsed = schema.safeParse(payload);
  if (!parsed.success) throw new DomainError('INVALID_INPUT');
  return parsed.data;
}
