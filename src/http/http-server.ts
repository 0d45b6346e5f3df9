import { createServer, type Server } from 'node:http';
import type { Socket } from 'node:net';
import type { HttpApp } from './http-app.js';

/** How long a client may take for its head, and for a whole request. */
const headersTimeoutMs = 10_000;
const requestTimeoutMs = 30_000;

/** A connection on which nothing moves is closed: longer than a long poll waits. */
const idleMs = 45_000;

/** Longer than proxies keep a connection for reuse, so that they, not we, end it. */
const keepAliveMs = 65_000;

/** A server for the app, with time limits that a slow or silent client cannot stretch. */
export function createHttpServer(app: HttpApp): Server {
  const server = createServer(
    {
      headersTimeout: headersTimeoutMs,
      requestTimeout: requestTimeoutMs,
      keepAliveTimeout: keepAliveMs,
      connectionsCheckingInterval: 2_000,
      maxHeaderSize: 16 * 1024,
      noDelay: true,
    },
    app.handle,
  );
  server.setTimeout(idleMs);
  server.on('clientError', (error: NodeJS.ErrnoException, socket) => {
    // Sockets of an HTTP server are those of the net module.
    refuse(error, socket as Socket);
  });
  return server;
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
