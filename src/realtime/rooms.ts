import { setImmediate as nextTurn } from 'node:timers/promises';
import { deliver, type Packet, type ThreadsSocket } from './wire.js';
import type { SocketLimits } from './settings.js';

/** Sockets that hear the same. */
export interface Room {
  add(socket: ThreadsSocket): void;
  /** Whether it was in. */
  delete(socket: ThreadsSocket): boolean;
  has(socket: ThreadsSocket): boolean;
  size(): number;
  /**
   * Sends to everybody who is in, a slice at a time with other work between. Who joins meanwhile
   * may or may not get it: whoever joins reads the log afterwards.
   */
  send(packet: Packet): Promise<void>;
}

/** Sockets of one slice: about 10 ms of work. */
const sliceSize = 500;

/** An empty room. */
export function createRoom(limits: SocketLimits): Room {
  const slices: Set<ThreadsSocket>[] = [];

  return {
    add(socket) {
      if (slices.some((slice) => slice.has(socket))) return;
      const free = slices.find((slice) => slice.size < sliceSize);
      if (free) free.add(socket);
      else slices.push(new Set([socket]));
    },
    delete: (socket) => slices.some((slice) => slice.delete(socket)),
    has: (socket) => slices.some((slice) => slice.has(socket)),
    size: () => slices.reduce((sum, slice) => sum + slice.size, 0),
    async send(packet) {
      for (let i = 0; i < slices.length; i += 1) {
        if (i > 0) await nextTurn();
        for (const socket of slices[i] ?? []) deliver(socket, packet, limits);
      }
    },
  };
}
