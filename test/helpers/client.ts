import { Agent, request, type IncomingHttpHeaders } from 'node:http';
import { gunzipSync } from 'node:zlib';
import { Problem } from '../../src/contract/errors.js';
import type { Route } from '../../src/contract/route.js';
import { routes, type RouteName } from '../../src/contract/routes.js';

/** An answer as it came. */
export interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  /** Decompressed where it was compressed. */
  readonly text: string;
  /** Bytes on the wire. */
  readonly bytes: number;
  /** Undefined: not JSON. */
  readonly json: unknown;
}

/** What is sent, besides method and address. */
export interface Sent {
  readonly headers?: Readonly<Record<string, string>>;
  /** A string or bytes go as they are; anything else as JSON. */
  readonly body?: unknown;
}

/** The parts of a call of the route table. */
export interface CallInput extends Sent {
  readonly params: Readonly<Record<string, string>>;
  readonly query?: Readonly<Record<string, string | number>>;
  readonly token?: string;
  readonly key?: string;
}

/** Sends requests exactly as told. */
export interface Client {
  send(method: string, path: string, sent?: Sent): Promise<Answer>;
  get(path: string, headers?: Readonly<Record<string, string>>): Promise<Answer>;
  /** A call of the table; whatever is answered must be of the form that the table promises. */
  call(name: RouteName, input: CallInput): Promise<Answer>;
  close(): void;
}

/** A client of the server at `url`. */
export function createClient(url: string): Client {
  const agent = new Agent({ keepAlive: true, maxSockets: 50 });
  const send: Client['send'] = (method, path, sent = {}) =>
    exchange(agent, url, method, path, sent);
  return {
    send,
    get: (path, headers = {}) => send('GET', path, { headers }),
    call: async (name, input) => {
      const route: Route = routes[name];
      const headers = {
        ...(input.token === undefined ? {} : { authorization: `Bearer ${input.token}` }),
        ...(input.key === undefined ? {} : { 'idempotency-key': input.key }),
        ...input.headers,
      };
      const { body } = input;
      const answer = await send(route.method, pathOf(name, input), { headers, body });
      expectPromised(name, answer);
      return answer;
    },
    close: () => agent.destroy(),
  };
}

/** The address of a call: path and query. */
export function pathOf(name: RouteName, { params, query = {} }: CallInput): string {
  const path = routes[name].path.replace(/:(\w+)/g, (_, key: string) =>
    encodeURIComponent(params[key] ?? ''),
  );
  const pairs = Object.entries(query).map(([k, v]) => `${k}=${encodeURIComponent(v)}`);
  return pairs.length === 0 ? path : `${path}?${pairs.join('&')}`;
}

/** Fails unless the answer has the form that the route table promises for its status. */
export function expectPromised(name: RouteName, answer: Answer): void {
  const route: Route = routes[name];
  const successes = route.statuses ?? [route.status];
  if (answer.status === 304) return expect(answer.text).toBe('');
  if (!successes.includes(answer.status)) return expectProblem(answer);
  if (route.reply === undefined) return expect(answer.text).toBe('');
  expect(answer.headers['content-type']).toBe('application/json; charset=utf-8');
  const parsed = route.reply.safeParse(answer.json);
  if (!parsed.success) throw new Error(`${name} broke its schema: ${parsed.error.message}`);
}

/** Fails unless the answer is problem+json that tells the truth about itself. */
export function expectProblem(answer: Answer): void {
  const parsed = Problem.safeParse(answer.json);
  if (!parsed.success) throw new Error(`Not a problem (${answer.status}): ${answer.text}`);
  expect(answer.headers['content-type']).toBe('application/problem+json; charset=utf-8');
  expect(parsed.data.status).toBe(answer.status);
  expect(parsed.data.type).toMatch(new RegExp(`^https?://.+/errors#${parsed.data.code}$`));
  expect(answer.headers['cache-control']).toBe('no-store');
  if (answer.headers['x-request-id'] !== undefined) {
    expect(parsed.data.requestId).toBe(answer.headers['x-request-id']);
  }
}

/** The code of a problem; undefined where the answer is none. */
export const codeOf = (answer: Answer): string | undefined =>
  (answer.json as { code?: string } | undefined)?.code;

function exchange(agent: Agent, url: string, method: string, path: string, sent: Sent) {
  const { body, headers = {} } = sent;
  const bytes = toBytes(body);
  const typed = bytes === null || isRaw(body) ? {} : { 'content-type': 'application/json' };
  const sized = bytes === null ? {} : { 'content-length': String(bytes.length) };
  return new Promise<Answer>((resolve, reject) => {
    const { hostname, port } = new URL(url);
    const outgoing = request(
      { agent, hostname, port, method, path, headers: { ...typed, ...sized, ...headers } },
      (incoming) => {
        const chunks: Buffer[] = [];
        incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
        incoming.on('error', reject);
        incoming.on('end', () => {
          const raw = Buffer.concat(chunks);
          const zipped = incoming.headers['content-encoding'] === 'gzip' && raw.length > 0;
          const text = (zipped ? gunzipSync(raw) : raw).toString();
          resolve({
            status: incoming.statusCode ?? 0,
            headers: incoming.headers,
            text,
            bytes: raw.length,
            json: parse(text),
          });
        });
      },
    );
    outgoing.on('error', reject);
    outgoing.end(bytes ?? undefined);
  });
}

const isRaw = (body: unknown): body is string | Uint8Array =>
  typeof body === 'string' || body instanceof Uint8Array;

function toBytes(body: unknown): Buffer | null {
  if (body === undefined) return null;
  if (isRaw(body)) return Buffer.from(body as string);
  return Buffer.from(JSON.stringify(body));
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
