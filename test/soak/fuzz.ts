import { Agent, request } from 'node:http';
import { connect } from 'node:net';
import { gunzipSync } from 'node:zlib';
import { Problem } from '../../src/contract/errors.js';
import type { Route } from '../../src/contract/route.js';
import { routes } from '../../src/contract/routes.js';
import {
  aFuzzedCall,
  aFuzzedPage,
  someFuzzedBytes,
  type FuzzWorld,
  type WireRequest,
} from './fuzz-requests.js';
import { createDice, type Dice } from './nasty.js';

/** What a run came to. */
export interface FuzzResult {
  readonly requests: number;
  /** Answers by status; 0: the connection was closed without one. */
  readonly statuses: Readonly<Record<number, number>>;
  /** Answers 5xx, answers that break their schema, and requests that nobody answered. */
  readonly failures: readonly string[];
}

/** Sends seeded wrong requests for `ms`, `parallel` at a time. */
export async function fuzz({
  url,
  world,
  seed,
  ms,
  parallel = 16,
}: {
  readonly url: string;
  readonly world: FuzzWorld;
  readonly seed: number;
  readonly ms: number;
  readonly parallel?: number;
}): Promise<FuzzResult> {
  const until = Date.now() + ms;
  const statuses: Record<number, number> = {};
  const failures: string[] = [];
  let requests = 0;
  const agent = new Agent({ keepAlive: true, maxSockets: parallel });

  const lane = async (dice: Dice): Promise<void> => {
    while (Date.now() < until && failures.length < 20) {
      requests += 1;
      const { status, failure } = await once(agent, url, dice, world);
      statuses[status] = (statuses[status] ?? 0) + 1;
      if (failure !== null) failures.push(failure);
    }
  };
  await Promise.all(Array.from({ length: parallel }, (_, i) => lane(createDice(seed + i))));
  agent.destroy();
  return { requests, statuses, failures };
}

interface Verdict {
  readonly status: number;
  readonly failure: string | null;
}

async function once(agent: Agent, url: string, dice: Dice, world: FuzzWorld): Promise<Verdict> {
  if (dice.chance(0.1)) return sendBytes(url, someFuzzedBytes(dice, world));
  const wire = dice.chance(0.1) ? aFuzzedPage(dice, world) : aFuzzedCall(dice, world);
  return sendCall(agent, url, wire);
}

function sendCall(agent: Agent, url: string, wire: WireRequest): Promise<Verdict> {
  const { hostname, port } = new URL(url);
  const { method, path, body } = wire;
  const headers: Record<string, string> = Object.fromEntries(wire.headers);
  if (body !== null) headers['Content-Length'] = String(body.length);
  const told = `${method} ${path.slice(0, 500)} ${JSON.stringify(headers).slice(0, 500)} ${String(body).slice(0, 500)}`;
  return new Promise((resolve) => {
    const fail = (status: number, why: string) => resolve({ status, failure: `${why}\n  ${told}` });
    const outgoing = request({ agent, hostname, port, method, path, headers }, (incoming) => {
      const chunks: Buffer[] = [];
      incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
      incoming.on('error', (error) => fail(0, `broken off: ${error.message}`));
      incoming.on('end', () => {
        const status = incoming.statusCode ?? 0;
        const raw = Buffer.concat(chunks);
        const zipped = incoming.headers['content-encoding'] === 'gzip' && raw.length > 0;
        const text = (zipped ? gunzipSync(raw) : raw).toString();
        const why = complaint(wire, status, incoming.headers['content-type'] ?? '', text);
        resolve({ status, failure: why === null ? null : `${why}\n  ${told}` });
      });
    });
    outgoing.setTimeout(20_000, () => fail(0, 'no answer'));
    outgoing.on('error', (error) => fail(0, `no answer: ${error.message}`));
    outgoing.end(body ?? undefined);
  });
}

/** What is wrong with an answer; null: nothing. */
function complaint(wire: WireRequest, status: number, type: string, text: string): string | null {
  if (status >= 500) return `status ${status}: ${text.slice(0, 500)}`;
  if (wire.method === 'HEAD' || status === 304 || status === 204) {
    return text === '' ? null : `a body where none may be: ${text.slice(0, 200)}`;
  }
  // A head of more than 16 kB is refused before anything of it is understood.
  if (status === 431) return null;
  if (status >= 400) {
    if (!type.startsWith('application/problem+json')) return `status ${status} of type ${type}`;
    const parsed = Problem.safeParse(parse(text));
    return parsed.success ? null : `not a problem: ${text.slice(0, 500)}`;
  }
  if (wire.name === null || wire.method === 'OPTIONS') return null;
  const route: Route = routes[wire.name];
  // Another method at the same address is another route.
  if (route.method !== wire.method || route.reply === undefined) return null;
  const parsed = route.reply.safeParse(parse(text));
  return parsed.success ? null : `breaks its schema: ${parsed.error.message.slice(0, 500)}`;
}

/** Raw bytes on a connection of their own: any answer but 5xx will do, and so will none. */
function sendBytes(url: string, bytes: Buffer): Promise<Verdict> {
  const { hostname, port } = new URL(url);
  return new Promise((resolve) => {
    const socket = connect(Number(port), hostname);
    let text = '';
    // What waits for more of a request gets no more.
    const enough = setTimeout(() => socket.destroy(), 300);
    socket.on('data', (chunk: Buffer) => (text += chunk.toString('latin1')));
    socket.on('error', () => undefined);
    socket.on('close', () => {
      clearTimeout(enough);
      const status = Number(/^HTTP\/1.1 (\d{3})/.exec(text)?.[1] ?? 0);
      const bad =
        status >= 500 ? `status ${status} to ${JSON.stringify(bytes.toString('latin1'))}` : null;
      resolve({ status, failure: bad });
    });
    socket.write(bytes);
  });
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
