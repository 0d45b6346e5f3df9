import type { IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import { limiterKey } from '../auth/address-key.js';
import type { Sites } from '../domain/sites.js';
import type { SocketLimits } from './settings.js';

/** Who may open a socket. */
export interface Admission {
  /** Null: come in, the place is taken until the connection closes. Otherwise the HTTP status. */
  admit(request: IncomingMessage): Promise<403 | 429 | 503 | null>;
  /** Open connections, handshakes included. */
  open(): number;
  /** Ends every open connection at once, and admits nobody from here on. */
  close(): void;
}

const minuteMs = 60_000;

/**
 * Origins of the sites and caps an address and for the node. Socket.IO's `cors` is no check for
 * WebSocket; an absent `Origin` is not a browser and comes in under the same caps.
 */
export function createAdmission(deps: {
  readonly sites: Pick<Sites, 'knowsOrigin'>;
  readonly limits: SocketLimits;
  readonly now: () => number;
  readonly addressOf: (request: IncomingMessage) => string;
}): Admission {
  const { limits, now } = deps;
  const open = new Map<string, number>();
  const connects = new Map<string, number>();
  const sockets = new Set<Socket>();
  let closed = false;
  let minute = 0;

  /** Counts a try. A fixed minute, forgotten whole: a table that nobody can fill for long. */
  function tooMany(address: string): boolean {
    const present = Math.floor(now() / minuteMs);
    if (present !== minute) connects.clear();
    minute = present;
    const tries = (connects.get(address) ?? 0) + 1;
    connects.set(address, tries);
    return tries > limits.connectsPerMinute;
  }

  function take(address: string, request: IncomingMessage): void {
    open.set(address, (open.get(address) ?? 0) + 1);
    const { socket } = request;
    sockets.add(socket);
    socket.once('close', () => {
      sockets.delete(socket);
      const left = (open.get(address) ?? 1) - 1;
      if (left > 0) open.set(address, left);
      else open.delete(address);
    });
  }

  return {
    async admit(request) {
      const address = limiterKey(deps.addressOf(request));
      if (tooMany(address)) return 429;
      const { origin } = request.headers;
      if (origin !== undefined && !(await deps.sites.knowsOrigin(origin))) return 403;
      if (closed || sockets.size >= limits.openTotal) return 503;
      if ((open.get(address) ?? 0) >= limits.openPerAddress) return 429;
      if (!request.socket.destroyed) take(address, request);
      return null;
    },
    open: () => sockets.size,
    close() {
      closed = true;
      for (const socket of sockets) socket.destroy();
    },
  };
}
