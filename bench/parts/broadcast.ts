// One room: of Sayso (`sayso`), or of bare Socket.IO as its documentation writes it (`bare`).
// It is told by HTTP what to do: /emit, /run?rate=&ms=, /cpu, /heap, /loop.
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { Server } from 'socket.io';
import { systemClock, systemIds } from '../../src/domain/system.js';
import { newSite } from '../../src/domain/site.js';
import { createSites } from '../../src/domain/sites.js';
import { createThreads } from '../../src/domain/threads.js';
import { renderText } from '../../src/domain/text/render.js';
import { silentLogger } from '../../src/ops/logger.js';
import { createRealtime } from '../../src/realtime/realtime-server.js';
import { openStore } from '../../src/store/open-store.js';
import { aCommentView, aPost } from '../../test/helpers/factories.js';
import { sentence } from './words.js';

type Emit = (n: number) => Promise<void>;

const [kind = 'sayso', seeded = '0'] = process.argv.slice(2);
const name = { site: 'bench', article: 'hot' };
const delays = monitorEventLoopDelay({ resolution: 1 });
delays.enable();
let emitted = 0;
let running = Promise.resolve();

const http = createServer((request, response) => void answer(request, response));
const emit = kind === 'bare' ? bare() : await sayso();
for (let n = 0; n < Number(seeded); n += 1) await emit(n);
http.listen(0, '127.0.0.1', 4_096, () => {
  const { port } = http.address() as AddressInfo;
  console.log(JSON.stringify({ url: `http://127.0.0.1:${String(port)}` }));
});
process.on('SIGTERM', () => process.exit(0));

async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const url = new URL(request.url ?? '/', 'http://bench');
  response.end(JSON.stringify(await act(url)));
}

async function act({ pathname, searchParams }: URL): Promise<unknown> {
  if (pathname === '/emit') await emit((emitted += 1));
  else if (pathname === '/run') {
    running = run(Number(searchParams.get('rate')), Number(searchParams.get('ms')));
  } else if (pathname === '/wait') await running;
  else if (pathname === '/cpu') {
    const { user, system } = process.cpuUsage();
    return { microseconds: user + system };
  } else if (pathname === '/heap') {
    for (let i = 0; i < 4; i += 1) {
      globalThis.gc?.();
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    const { heapUsed, external } = process.memoryUsage();
    return { bytes: heapUsed, external };
  } else if (pathname === '/loop') {
    const ms = delays.max / 1e6;
    delays.reset();
    return { ms };
  }
  return { emitted };
}

/** Posts at a rate, each with the time at which it was due in its text. */
async function run(rate: number, ms: number): Promise<void> {
  const began = performance.now();
  const writes: Promise<void>[] = [];
  for (let sent = 0; sent < (rate * ms) / 1_000;) {
    for (; began + (sent * 1_000) / rate <= performance.now(); sent += 1) {
      writes.push(emit((emitted += 1)));
    }
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
  await Promise.all(writes);
}

function bare(): Emit {
  const io = new Server(http, {
    transports: ['websocket'],
    serveClient: false,
    perMessageDeflate: false,
  });
  const namespace = io.of('/threads');
  namespace.on('connection', (socket) => {
    socket.on('thread:join', (_payload: unknown, acknowledge: (answer: unknown) => void) => {
      void socket.join('hot');
      acknowledge({ ok: true });
    });
  });
  return async (n) => {
    const item = aView(n);
    const frame = { ...name, prev: n - 1, rev: n, thread: aHead(n), items: [item] };
    namespace.to('hot').emit('thread:changed', frame);
  };
}

async function sayso(): Promise<Emit> {
  const store = await openStore(process.env['DATABASE_URL'] ?? 'sqlite::memory:', {
    clock: systemClock,
  });
  await store.directory.putSite(newSite('bench'));
  const sites = createSites({ directory: store.directory, clock: systemClock });
  const threads = createThreads({ threads: store.threads, sites, clock: systemClock });
  createRealtime({
    threads,
    store: store.threads,
    sites,
    identify: () => Promise.reject(new Error('Nobody signs in here.')),
    addressOf: () => '127.0.0.1',
    clock: systemClock,
    logger: { ...silentLogger, error: (fields) => console.error(fields) },
    metrics: { socket: () => undefined, room: () => undefined, frame: () => undefined },
    limits: {
      ...{ openPerAddress: 1e6, openTotal: 1e6, connectsPerMinute: 1e9 },
      ...{ roomsPerSocket: 20, messagesPerSecond: 10, messageBurst: 20 },
    },
  }).attach(http);
  return async (n) => {
    const text = {
      ...renderText(`${String(Date.now())} ${sentence(n, 280)}`, 'text'),
      fingerprint: null,
    };
    const author = { id: `person-${String(n % 40)}`, name: 'A reader', kind: 'guest' } as const;
    const entropy = systemIds.entropy();
    await store.threads.write(name, aPost({ entropy, author: { ...author, badges: [] }, text }));
  };
}

function aHead(rev: number): object {
  const rest = { state: 'open', moderation: 'open', notice: null, pinned: [], closesAt: null };
  return { rev, count: rev, ...rest };
}

/** A comment of the same size as those of Sayso. */
function aView(n: number): object {
  return aCommentView(`KsbZ7jb2dA3C6NWl01M87C7E3D${String(n).padStart(16, '0')}`, {
    ...name,
    author: { id: `person-${String(n % 40)}`, name: 'A reader', kind: 'guest', badges: [] },
    html: `<p>${String(Date.now())} ${sentence(n, 280)}</p>`,
    createdAt: new Date().toISOString(),
    rev: n,
    firstRev: n,
  });
}
