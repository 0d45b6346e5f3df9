import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';

/** How long connections may take, in ms. */
export interface Timeouts {
  /** For the head of a request. */
  readonly headers: number;
  /** For a whole request. */
  readonly request: number;
  /** Nothing moves: longer than a long poll waits. */
  readonly idle: number;
  /** Between requests: longer than proxies keep a connection, so that they, not we, end it. */
  readonly keepAlive: number;
}

/** How long a connection is kept between requests. */
export const keepAliveMs = 65_000;

const timeoutsOfServers: Timeouts = {
  headers: 10_000,
  request: 30_000,
  idle: 45_000,
  keepAlive: keepAliveMs,
};

/** A server for the app, with time limits that a slow or silent client cannot stretch. */
export function createHttpServer(
  app: { readonly handle: RequestListener },
  timeouts: Timeouts = timeoutsOfServers,
): Server {
  const server = createServer(
    {
      headersTimeout: timeouts.headers,
      requestTimeout: timeouts.request,
      keepAliveTimeout: timeouts.keepAlive,
      connectionsCheckingInterval: Math.min(2_000, timeouts.headers / 2),
      maxHeaderSize: 16 * 1024,
      noDelay: true,
    },
    app.handle,
  );
  server.setTimeout(timeouts.idle);
  // Whatever a client expects, it gets the answer that it would get without.
  server.on('checkExpectation', app.handle);
  server.on('clientError', (error: NodeJS.ErrnoException, socket) => {
    // Sockets of an HTTP server are those of the net module.
    refuse(error, socket as Socket);
  });
  return server;
}

/** Listens; tells where it can be reached from this machine. Rejects where it cannot. */
export const listen = (
  server: Server,
  { port, host }: { readonly port: number; readonly host: string },
): Promise<{ readonly url: string; readonly port: number }> =>
  new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => {
      server.off('error', reject);
      // A server that listens on a port has an address of this form (Node's documentation of net).
      const { port: taken } = server.address() as AddressInfo;
      resolve({ url: urlOf(host, taken), port: taken });
    });
  });

/** How long requests under way may take once the app is stopping: what follows fits into 10 s. */
const drainMs = 8_000;

/** Stops accepting, lets requests under way finish, then cuts what is left. */
export const drain = (server: Server): Promise<void> =>
  new Promise((resolve) => {
    const idle = setInterval(() => server.closeIdleConnections(), 50);
    const limit = setTimeout(() => server.closeAllConnections(), drainMs);
    server.close(() => {
      clearInterval(idle);
      clearTimeout(limit);
      resolve();
    });
  });

function urlOf(host: string, port: number): string {
  const reachable = host === '0.0.0.0' || host === '::' ? '127.0.0.1' : host;
  return `http://${reachable.includes(':') ? `[${reachable}]` : reachable}:${port}`;
}

/** What cannot be read as HTTP is answered in one line, without a word of what was sent. */
function refuse(error: NodeJS.ErrnoException, socket: Socket): void {
  if (error.code === 'ECONNRESET' || !socket.writable) {
    socket.destroy();
    return;
  }
  const status =
    error.code === 'ERR_HTTP_REQUEST_TIMEOUT'
      ? '408 Request Timeout'
      : error.code === 'HPE_HEADER_OVERFLOW'
        ? '431 Request Header Fields Too Large'
        : '400 Bad Request';
  socket.end(`HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
}
