import type { EventEmitter } from 'node:events';
import type { IncomingMessage } from 'node:http';
import type { SocketLimits } from './settings.js';

/** The parts of an Engine.IO connection that are used here. */
export interface EngineConnection extends EventEmitter {
  request: IncomingMessage;
  close(discard?: boolean): void;
}

const windowMs = 1_000;

/**
 * Closes a connection that sends binary data, or more packets than any client has reason to:
 * connects and acknowledgements too, which never reach a handler. Must hear before Socket.IO does.
 */
export function guard(connection: EngineConnection, limits: SocketLimits): void {
  // Far above what the token bucket of messages lets through: pongs and connects are in it.
  const mostPackets = 30 + limits.messageBurst + 5 * limits.messagesPerSecond;
  let packets = 0;
  let since = 0;
  connection.on('data', (data: unknown) => {
    const at = performance.now();
    if (at - since > windowMs) {
      since = at;
      packets = 0;
    }
    packets += 1;
    if (packets > mostPackets || !isText(data)) connection.close(true);
  });
}

/**
 * Drops the headers of the handshake: nothing needs them from here on, and the request lives as long
 * as its connection. Source: https://socket.io/docs/v4/memory-usage/
 */
export function lighten({ request }: EngineConnection): void {
  request.headers = none;
  request.rawHeaders = noneRaw;
}

const none = {};
const noneRaw: string[] = [];

/** Socket.IO packets of kind 5 and 6 announce binary attachments. */
const isText = (data: unknown): boolean => typeof data === 'string' && !/^[56]/.test(data);
