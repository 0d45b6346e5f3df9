import type { Route } from '../../src/contract/route.js';
import { routes, type RouteName } from '../../src/contract/routes.js';
import { mutate, nastyTexts, nastyValue, type Dice } from './nasty.js';

/** A request as it goes over the wire. */
export interface WireRequest {
  /** Null: not a call of the table. */
  readonly name: RouteName | null;
  readonly method: string;
  /** Path and query, percent-encoded or not. */
  readonly path: string;
  readonly headers: readonly (readonly [string, string])[];
  readonly body: Buffer | null;
}

/** What requests are made of. */
export interface FuzzWorld {
  readonly tokens: readonly string[];
  readonly comments: readonly string[];
}

const names = Object.keys(routes) as RouteName[];

/** Bodies that are right, from which wrong ones are made. */
const bodies: Partial<Record<RouteName, Readonly<Record<string, unknown>>>> = {
  openSession: { name: 'Ada' },
  announceThread: { title: 'A title', url: 'https://times.example/a' },
  postComment: {
    source: 'Hello *there*',
    format: 'markdown',
    parentId: null,
    author: { name: 'Ada' },
    article: { title: 'A title', url: 'https://times.example/a' },
  },
  editComment: { source: 'Better said.', format: 'text' },
  castVote: { value: 1 },
  reportComment: { reason: 'spam', text: 'It is.' },
  previewText: { source: '> quoted', format: 'html' },
};

const queries: Partial<Record<RouteName, Readonly<Record<string, string>>>> = {
  listComments: { sort: 'top', limit: '5', cursor: 'x', parent: 'x' },
  getChanges: { since: '0', limit: '10', wait: '0' },
  getCounts: { articles: 'a,b,c' },
  getMine: { repliesSince: '0' },
};

/** A call of the table with some of its parts made wrong. */
export function aFuzzedCall(dice: Dice, world: FuzzWorld): WireRequest {
  const name = dice.pick(names);
  const route: Route = routes[name];
  const body = route.method === 'GET' && dice.chance(0.9) ? null : fuzzBody(dice, name, world);
  return {
    name,
    method: dice.chance(0.97)
      ? route.method
      : dice.pick(['HEAD', 'OPTIONS', 'PUT', 'TRACE', 'QUERY']),
    path: fuzzPath(dice, route, world) + fuzzQuery(dice, name),
    headers: fuzzHeaders(dice, world, body !== null),
    body,
  };
}

/** A request on the page side, or one that is nowhere. */
export function aFuzzedPage(dice: Dice, world: FuzzWorld): WireRequest {
  const path = dice.pick([
    '/',
    '/demo',
    '/t/times/',
    '/assets/',
    '/errors',
    '/embed.js',
    '/api/v1/',
  ]);
  const more = dice.chance(0.6) ? encodeURIComponent(wellFormed(dice.pick(nastyTexts))) : '';
  return {
    name: null,
    method: dice.pick(['GET', 'GET', 'POST', 'HEAD', 'DELETE', 'OPTIONS']),
    path: `${path}${more.slice(0, 4_000)}${fuzzQuery(dice, 'listComments')}`,
    headers: fuzzHeaders(dice, world, false),
    body: null,
  };
}

/** The bytes of a request, some of them wrong. */
export function someFuzzedBytes(dice: Dice, world: FuzzWorld): Buffer {
  const { method, path, headers, body } = aFuzzedCall(dice, world);
  const lines = [
    `${method} ${path} HTTP/1.${dice.roll(3)}`,
    'Host: x',
    'Connection: close',
    ...headers.map(([key, value]) => `${key}: ${value}`),
  ];
  const framing = dice.pick(['right', 'right', 'chunked', 'both', 'short', 'negative']);
  const bytes = body ?? Buffer.alloc(0);
  if (framing === 'chunked' || framing === 'both') lines.push('Transfer-Encoding: chunked');
  if (framing === 'right' || framing === 'both') lines.push(`Content-Length: ${bytes.length}`);
  if (framing === 'short') lines.push(`Content-Length: ${bytes.length + 10}`);
  if (framing === 'negative') lines.push('Content-Length: -1');
  const head = Buffer.from(`${lines.join('\r\n')}\r\n\r\n`);
  const chunk =
    framing === 'chunked'
      ? Buffer.concat([
          Buffer.from(`${bytes.length.toString(16)}\r\n`),
          bytes,
          Buffer.from('\r\n0\r\n\r\n'),
        ])
      : bytes;
  const whole = Buffer.concat([head, chunk]);
  return dice.chance(0.7) ? mutate(dice, whole) : whole;
}

function fuzzPath(dice: Dice, route: Route, world: FuzzWorld): string {
  return route.path.replace(/:(\w+)/g, (_, key: string) => {
    if (dice.chance(0.04)) return nastySegment(dice);
    if (dice.chance(0.01))
      return dice.pick(['%ff', '%C3%28', '%', '%00', '..', '%2e%2e', '*', ';a=b']);
    if (key === 'site') return dice.chance(0.9) ? 'times' : dice.pick(['other', 'nowhere']);
    if (key === 'id') return dice.pick([...world.comments, 'a'.repeat(42)]);
    return dice.pick(['a', 'a', 'b', 'news%2F1', '%C3%AB']);
  });
}

const nastySegment = (dice: Dice): string =>
  encodeURIComponent(wellFormed(dice.pick(nastyTexts))).slice(0, 2_000);

function fuzzQuery(dice: Dice, name: RouteName): string {
  const pairs = Object.entries(queries[name] ?? {}).flatMap(([key, value]) => {
    if (dice.chance(0.4)) return [];
    const text = dice.chance(0.75) ? value : wellFormed(dice.pick(nastyTexts)).slice(0, 1_500);
    const encoded = dice.chance(0.95) ? encodeURIComponent(text) : text.replace(/[^!-~]/g, '%');
    if (dice.chance(0.03)) return [`${key}=${encoded}`, `${key}=${encoded}`];
    const suffix = dice.chance(0.05)
      ? dice.pick(['[]', '[$ne]', '%5B0%5D', '.x', '__proto__'])
      : '';
    // A long wait is right, and would only hold the fuzzer up.
    return [`${key}${suffix}=${key === 'wait' && encoded.length < 3 ? '0' : encoded}`];
  });
  if (dice.chance(0.05)) pairs.push(dice.pick(['__proto__=1', 'a=1', '=', '&', 'x[y]=1', '%ff=1']));
  return pairs.length === 0 ? '' : `?${pairs.join('&')}`;
}

function fuzzBody(dice: Dice, name: RouteName, world: FuzzWorld): Buffer {
  const right = bodies[name] ?? {};
  if (dice.chance(0.05))
    return Buffer.from(dice.pick(['', '{', 'null', '[]', '"a"', '1', '{"a":}']));
  if (dice.chance(0.03)) return Buffer.from(`${'['.repeat(dice.roll(16_000))}`);
  const entries = Object.entries(right).flatMap(([key, value]): [string, unknown][] => {
    if (dice.chance(0.1)) return [];
    if (key === 'parentId' && dice.chance(0.5)) return [[key, dice.pick(world.comments)]];
    return [[key, dice.chance(0.12) ? nastyValue(dice) : value]];
  });
  if (dice.chance(0.1)) entries.push([dice.pick(nastyTexts).slice(0, 100), nastyValue(dice)]);
  const text = JSON.stringify(Object.fromEntries(entries));
  const bytes = Buffer.from(
    dice.chance(0.03) ? text.replace('{', '{"__proto__":{"polluted":1},') : text,
  );
  return dice.chance(0.1) ? mutate(dice, bytes) : bytes;
}

function fuzzHeaders(dice: Dice, world: FuzzWorld, typed: boolean): (readonly [string, string])[] {
  const headers: (readonly [string, string])[] = [];
  const maybe = (share: number, name: string, values: readonly string[]): void => {
    if (dice.chance(share)) headers.push([name, dice.pick(values)]);
  };
  if (typed) {
    headers.push([
      'Content-Type',
      dice.chance(0.93)
        ? 'application/json'
        : dice.pick([
            'text/plain',
            'application/json; charset=utf-7',
            '',
            'multipart/form-data',
            ';;;',
          ]),
    ]);
  }
  maybe(0.6, 'Authorization', [
    ...Array.from({ length: 40 }, (_, i) => `Bearer ${world.tokens[i % 2] ?? ''}`),
    ...world.tokens.map((token) => `Bearer ${token}`),
    'Bearer x',
    'Bearer',
    'Basic YTpi',
    `Bearer ${'e'.repeat(5_000)}`,
    'Bearer eyJhbGciOiJub25lIn0.e30.',
  ]);
  maybe(0.3, 'Idempotency-Key', ['k1', 'k2', 'a b', '', 'x'.repeat(256), '"q"']);
  maybe(0.2, 'If-None-Match', ['*', 'W/"x"', '"', 'W/', '"a", "b"']);
  maybe(0.2, 'Origin', ['https://times.example', 'null', 'https://evil.example', '://']);
  maybe(0.3, 'Accept-Encoding', ['gzip', 'gzip;q=0', 'br', '*;q=0', ';;q=x', 'identity']);
  maybe(0.05, 'Content-Encoding', ['gzip', 'br', 'identity', 'x']);
  maybe(0.05, 'X-Forwarded-For', ['1.2.3.4', "' or 1", '::1', '1.2.3.4, '.repeat(200)]);
  maybe(0.05, 'Access-Control-Request-Method', ['POST', 'x']);
  maybe(0.03, 'Expect', ['100-continue', 'x']);
  maybe(0.03, 'Range', ['bytes=0-1', 'bytes=9-1']);
  return headers;
}

/** Percent-encoding has no form for lone surrogates. */
const wellFormed = (text: string): string => text.toWellFormed();
