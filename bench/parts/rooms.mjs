// A room of Sayso, one of bare Socket.IO and a C loop, each a process on core 0 with as many viewers.
import { execFileSync, spawnSync } from 'node:child_process';
import { connect } from 'node:net';
import { join } from 'node:path';
import { bundlePart, pinned, root, startPart } from '../lib/processes.mjs';
import { ask, openViewers } from '../lib/viewers.mjs';

/** Viewers of each room. */
export const viewersOfRoom = Number(process.env.SAYSO_BENCH_VIEWERS ?? 5_000);

/** The value below which the share `part` (0 to 1) of the times lies. */
export function percentile(times, part) {
  const sorted = [...times].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? 0;
}

/** A pause between posts after which the next one does not count as frequent. */
const calmMs = 600;

/** Starts the rooms; `floor` is null where there is no C compiler, which is said aloud. */
export async function prepareRooms({ withFloor = true, viewers = viewersOfRoom } = {}) {
  const kinds = ['sayso', 'bare'];
  const rooms = {};
  for (const kind of kinds) rooms[kind] = await aRoom(kind, { viewers });
  const floor = withFloor ? await aFloor() : null;
  return {
    ...rooms,
    floor,
    close: async () => {
      for (const kind of kinds) await rooms[kind].close();
      await floor?.close();
    },
  };
}

/** Heap bytes that each viewer costs a process of its own. */
export async function heapAViewer(kind) {
  const room = await aRoom(kind, { viewers: 50 });
  try {
    const before = (await room.ask('/heap')).bytes;
    const join = ['thread:join', { site: 'bench', article: 'hot', since: 0 }];
    const crowd = await openViewers(room.url, { count: viewersOfRoom, join });
    const { bytes } = await room.ask('/heap');
    crowd.close();
    return (bytes - before) / viewersOfRoom;
  } finally {
    await room.close();
  }
}

/** A process with one thread and its viewers. */
export async function aRoom(kind, { viewers = viewersOfRoom, seeded = 0 } = {}) {
  const part = await startPart(await bundlePart('broadcast.ts'), [kind, seeded], {
    NODE_OPTIONS: '--expose-gc',
  });
  const payload = { site: 'bench', article: 'hot', ...(seeded > 0 ? {} : { since: 0 }) };
  const crowd = await openViewers(part.url, { count: viewers, join: ['thread:join', payload] });
  return {
    url: part.url,
    crowd,
    ask: (path) => ask(part.url, path),
    /** One post that reaches everybody; resolves with the ms from the call to the last viewer. */
    async broadcast() {
      await new Promise((resolve) => setTimeout(resolve, calmMs));
      const wanted = crowd.heard() + viewers;
      const began = performance.now();
      const sent = ask(part.url, '/emit');
      await crowd.until(wanted);
      const ms = performance.now() - began;
      await sent;
      return ms;
    },
    close: async (signal) => {
      crowd.close();
      await part.stop(signal);
    },
  };
}

/** The C loop with as many connections; it writes as many bytes as a frame of one comment has. */
async function aFloor(bytes = 950) {
  if (spawnSync('gcc', ['--version']).status !== 0) {
    process.stderr.write('  No gcc: SKIPPED the C write() loop, and the goals against it.\n');
    return null;
  }
  const program = join(root, 'node_modules/.cache/sayso-bench/write-loop');
  execFileSync('gcc', ['-O2', '-o', program, join(root, 'bench/parts/write-loop.c')]);
  const [command, args] = pinned(0, []);
  const run = command === 'taskset' ? [command, [...args.slice(0, 2), program]] : [program, []];
  const part = await startPart(null, [viewersOfRoom], {}, run);
  const port = Number(new URL(part.url).port);
  const control = connect(port, '127.0.0.1');
  await new Promise((resolve) => control.once('connect', resolve));
  let heard = 0;
  const sockets = [];
  for (let i = 0; i < viewersOfRoom; i += 1) {
    const socket = connect(port, '127.0.0.1').on('data', (data) => (heard += data.length));
    sockets.push(socket);
    if (i % 200 === 199) await new Promise((resolve) => socket.once('connect', resolve));
  }
  await new Promise((resolve) => control.once('data', resolve));
  return {
    async broadcast() {
      const wanted = heard + bytes * viewersOfRoom;
      const began = performance.now();
      const told = new Promise((resolve) => control.once('data', resolve));
      control.write(`${bytes}\n`);
      while (heard < wanted) await new Promise((resolve) => setImmediate(resolve));
      const ms = performance.now() - began;
      return { ms, microseconds: Number(String(await told)) };
    },
    close: async () => {
      for (const socket of sockets) socket.destroy();
      control.destroy();
      await part.stop();
    },
  };
}
