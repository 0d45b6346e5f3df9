import type { Socket as SocketIo } from 'socket.io';
import type {
  ClientToServerEvents,
  ServerToClientEvents,
  serverEvents,
} from '../contract/events.js';
import type { Viewer } from './viewer.js';
import type { SocketLimits } from './settings.js';

/** A socket of `/threads`. */
export type ThreadsSocket = SocketIo<
  ClientToServerEvents,
  ServerToClientEvents,
  Record<string, never>,
  Viewer
>;

/** An event that is encoded once, for any number of sockets. */
export interface Packet {
  readonly text: string;
  readonly frame: Buffer;
  readonly options: { readonly compress: false; readonly wsPreEncodedFrame: readonly Buffer[] };
}

/** The parts of an Engine.IO connection that its types hide and Socket.IO's own adapter uses. */
interface Connection {
  readonly readyState: string;
  readonly writeBuffer: readonly { readonly data?: unknown }[];
  readonly transport: {
    readonly writable: boolean;
    /** The WebSocket of `ws`, and below it the TCP connection. */
    readonly socket?: {
      readonly bufferedAmount: number;
      readonly _socket?: { readonly writableLength: number; write(frame: Buffer): boolean };
      terminate(): void;
    };
  };
  write(text: string, options: object): unknown;
}

const namespace = '/threads';

/** Encodes an event of `/threads` with its WebSocket frame (RFC 6455, section 5.2: final, text, unmasked). */
export function encode<E extends keyof typeof serverEvents>(
  event: E,
  payload: Parameters<ServerToClientEvents[E]>[0],
): Packet {
  const text = `2${namespace},${JSON.stringify([event, payload])}`;
  const frame = frameOf(`4${text}`);
  return { text, frame, options: { compress: false, wsPreEncodedFrame: [frame] } };
}

/**
 * Sends a packet, or cuts the socket if too much is waiting for it already. Cut at once, without
 * a closing handshake: what waits for a peer that does not read would stay in memory for it.
 */
export function deliver(socket: ThreadsSocket, packet: Packet, limits: SocketLimits): void {
  const connection = connectionOf(socket);
  if (connection.readyState !== 'open') return;
  const { writeBuffer, transport } = connection;
  const tcp = transport.socket?._socket;
  // Nothing waits: the frame goes straight to TCP. The way through Engine.IO and ws costs as much again.
  if (tcp?.writableLength === 0 && writeBuffer.length === 0 && transport.writable) {
    tcp.write(packet.frame);
  } else if (isSlow(connection, limits)) cut(socket);
  else connection.write(packet.text, packet.options);
}

/** Whether more waits for this socket than it is granted. */
export const isBehind = (socket: ThreadsSocket, limits: SocketLimits): boolean =>
  isSlow(connectionOf(socket), limits);

/** Ends the connection at once and drops what waits for it. */
export function cut(socket: ThreadsSocket): void {
  const { transport } = connectionOf(socket);
  if (transport.socket) transport.socket.terminate();
  else socket.disconnect(true);
}

/** Socket.IO's adapter writes to connections in this way; its types do not say so. */
const connectionOf = (socket: ThreadsSocket): Connection => socket.conn as unknown as Connection;

function isSlow({ writeBuffer, transport }: Connection, limits: SocketLimits): boolean {
  if (writeBuffer.length === 0) return false;
  if (writeBuffer.length >= limits.waitingPackets) return true;
  let bytes = transport.socket?.bufferedAmount ?? 0;
  for (const { data } of writeBuffer) if (typeof data === 'string') bytes += data.length;
  return bytes > limits.waitingBytes;
}

function frameOf(text: string): Buffer {
  const length = Buffer.byteLength(text);
  const header = length < 126 ? 2 : length < 65_536 ? 4 : 10;
  const frame = Buffer.allocUnsafe(header + length);
  frame[0] = 0x81;
  if (header === 2) frame[1] = length;
  else if (header === 4) {
    frame[1] = 126;
    frame.writeUInt16BE(length, 2);
  } else {
    frame[1] = 127;
    frame.writeBigUInt64BE(BigInt(length), 2);
  }
  frame.write(text, header);
  return frame;
}
