import { errorTable, type ErrorCode } from '../../src/contract/errors.js';
import type { Route } from '../../src/contract/route.js';
import { routes, type RouteName } from '../../src/contract/routes.js';
import { startApp, type TestApp } from '../helpers/app.js';
import { codeOf, type CallInput } from '../helpers/client.js';

/** What one route is tried with. `token`s are those of the world below. */
interface Row {
  /** A call that succeeds. */
  readonly valid: (world: World) => CallInput | Promise<CallInput>;
  readonly status?: number;
  /** Bodies that are refused, by the path of the mistake. */
  readonly invalid: Readonly<Record<string, unknown>>;
  /** A call that its sender may not make, and the code it gets; null: there is none. */
  readonly forbidden: ((world: World) => Promise<readonly [CallInput, ErrorCode]>) | null;
}

interface World {
  readonly app: TestApp;
  readonly ada: string;
  readonly bob: string;
  readonly writer: string;
  readonly reader: string;
  /** A comment by Ada, as fresh as the call. */
  comment(): Promise<string>;
}

const thread = { site: 'times', article: 'news/2026/11/23' };
const unknownId = 'a'.repeat(42);

const rows: Readonly<Record<RouteName, Row>> = {
  openSession: {
    valid: () => ({ params: { site: 'times' }, body: { name: 'Ada' } }),
    invalid: { name: { name: '' }, body: 7, other: { name: 'Ada', other: 1 } },
    forbidden: async () => [
      { params: { site: 'members' }, body: { name: 'Ada' } },
      'GUESTS_NOT_WELCOME',
    ],
  },
  closeSession: {
    valid: async ({ app }) => ({ params: { site: 'times' }, token: await app.guest('times') }),
    invalid: { extra: { extra: 1 } },
    forbidden: async ({ writer }) => [{ params: { site: 'times' }, token: writer }, 'FORBIDDEN'],
  },
  getThread: { valid: () => ({ params: thread }), invalid: {}, forbidden: null },
  announceThread: {
    valid: ({ writer }) => ({
      params: { site: 'times', article: `a-${Math.random()}` },
      token: writer,
      body: { title: 'A title', url: 'https://times.example/a' },
    }),
    status: 201,
    invalid: {
      title: { url: 'https://times.example/a' },
      url: { title: 'A title', url: 'javascript:alert(1)' },
    },
    forbidden: async ({ reader }) => [
      {
        params: thread,
        token: reader,
        body: { title: 'A title', url: 'https://times.example/a' },
      },
      'FORBIDDEN',
    ],
  },
  getMine: {
    valid: ({ ada }) => ({ params: thread, token: ada, query: { repliesSince: 0 } }),
    invalid: {},
    forbidden: async ({ writer }) => [{ params: thread, token: writer }, 'FORBIDDEN'],
  },
  listComments: {
    valid: () => ({ params: thread, query: { sort: 'top', limit: 5 } }),
    invalid: {},
    forbidden: null,
  },
  postComment: {
    valid: ({ ada }) => ({
      params: thread,
      token: ada,
      body: { source: `Hello ${Math.random()}` },
    }),
    invalid: {
      source: { source: '' },
      format: { source: 'Hello', format: 'rtf' },
      'author.name': { source: 'Hello', author: { name: 7 } },
      status: { source: 'Hello', status: 'approved' },
      authorId: { source: 'Hello', authorId: 'x' },
      score: { source: 'Hello', score: 99 },
      createdAt: { source: 'Hello', createdAt: '2020-01-01T00:00:00.000Z' },
      body: [],
    },
    forbidden: async ({ reader }) => [
      { params: thread, token: reader, body: { source: 'Hello' } },
      'FORBIDDEN',
    ],
  },
  getComment: {
    valid: async ({ comment }) => ({ params: { ...thread, id: await comment() } }),
    invalid: {},
    forbidden: null,
  },
  getContext: {
    valid: async ({ comment }) => ({ params: { ...thread, id: await comment() } }),
    invalid: {},
    forbidden: null,
  },
  editComment: {
    valid: async ({ ada, comment }) => ({
      params: { ...thread, id: await comment() },
      token: ada,
      body: { source: 'Better said.' },
    }),
    invalid: {
      source: { source: 7 },
      role: { source: 'Hello', role: 'moderator' },
      siteId: { source: 'Hello', siteId: 'other' },
    },
    forbidden: async ({ bob, comment }) => [
      { params: { ...thread, id: await comment() }, token: bob, body: { source: 'Mine now.' } },
      'NOT_FOUND',
    ],
  },
  deleteComment: {
    valid: async ({ ada, comment }) => ({ params: { ...thread, id: await comment() }, token: ada }),
    invalid: { reason: { reason: 'x' } },
    forbidden: async ({ bob, comment }) => [
      { params: { ...thread, id: await comment() }, token: bob },
      'NOT_FOUND',
    ],
  },
  castVote: {
    valid: async ({ bob, comment }) => ({
      params: { ...thread, id: await comment() },
      token: bob,
      body: { value: 1 },
    }),
    invalid: { value: { value: 2 } },
    forbidden: async ({ writer, comment }) => [
      { params: { ...thread, id: await comment() }, token: writer, body: { value: 1 } },
      'FORBIDDEN',
    ],
  },
  reportComment: {
    valid: async ({ bob, comment }) => ({
      params: { ...thread, id: await comment() },
      token: bob,
      body: { reason: 'spam' },
    }),
    invalid: { reason: { reason: 'because' }, text: { reason: 'spam', text: 'x'.repeat(501) } },
    forbidden: async ({ writer, comment }) => [
      { params: { ...thread, id: await comment() }, token: writer, body: { reason: 'spam' } },
      'FORBIDDEN',
    ],
  },
  getChanges: {
    valid: () => ({ params: thread, query: { since: 0 } }),
    invalid: {},
    forbidden: null,
  },
  getCounts: {
    valid: () => ({
      params: { site: 'times' },
      query: { articles: `${encodeURIComponent(thread.article)},b` },
    }),
    invalid: {},
    forbidden: null,
  },
  previewText: {
    valid: ({ ada }) => ({ params: { site: 'times' }, token: ada, body: { source: '*Hello*' } }),
    invalid: { source: { source: '' } },
    forbidden: null,
  },
};

const badQueries: Partial<Record<RouteName, Readonly<Record<string, string>>>> = {
  getMine: { repliesSince: '-1' },
  listComments: { limit: '101' },
  getChanges: { since: '1.5' },
  getCounts: { articles: Array.from({ length: 101 }, (_, i) => `a${i}`).join(',') },
};

const names = Object.keys(routes) as RouteName[];
const table = names.map((name) => [name, rows[name], routes[name] as Route] as const);

/** Seconds on a machine that does much else besides. */
jest.setTimeout(60_000);

describe('every route', () => {
  let app: TestApp;
  let world: World;

  beforeAll(async () => {
    app = await startApp();
    await app.putSite('times', { origins: ['https://times.example'] });
    await app.putSite('members', { guests: false });
    await app.putSite('other');
    const ada = await app.guest('times', 'Ada');
    const comment = async () => {
      const body = { source: `A comment ${Math.random()}` };
      const { json } = await app.client.call('postComment', { params: thread, token: ada, body });
      return (json as { id: string }).id;
    };
    world = {
      app,
      ada,
      bob: await app.guest('times', 'Bob'),
      writer: await app.createKey('times', ['write']),
      reader: await app.createKey('times', ['read']),
      comment,
    };
  });
  afterAll(() => app.stop());

  const call = (name: RouteName, input: CallInput) => app.client.call(name, input);

  it('has its row in this table', () => {
    expect(Object.keys(rows).sort()).toEqual([...names].sort());
  });

  it.each(table)('SUP-2 %s answers a valid call in the promised form', async (name, row, route) => {
    const answer = await call(name, await row.valid(world));
    expect([answer.status, answer.text]).toEqual([row.status ?? route.status, expect.any(String)]);
    expect(answer.headers['cache-control']).toBe(
      route.cache === 'shared'
        ? 'public, max-age=0, s-maxage=1, stale-while-revalidate=5'
        : 'no-store',
    );
    expect(answer.headers['ratelimit']).toMatch(/^"\d+-in-1min"; r=\d+; t=\d+$/);
    expect(answer.headers['ratelimit-policy']).toMatch(/^"\d+-in-1min"; q=\d+; w=60; pk=:.+:$/);
  });

  it.each(table)('%s names the field of a mistake', async (name, row) => {
    const input = await row.valid(world);
    for (const [path, body] of Object.entries(row.invalid)) {
      const answer = await call(name, { ...input, body });
      expect([path, answer.status, codeOf(answer)]).toEqual([path, 422, 'INVALID_INPUT']);
      const { errors } = answer.json as { errors: { path: string }[] };
      expect(errors.map((error) => error.path)).toContain(path);
    }
    const unknown = await call(name, { ...input, query: { ...input.query, nonsense: '1' } });
    expect(unknown.json).toMatchObject({ errors: [{ path: 'query.nonsense' }] });
    const query = badQueries[name];
    if (query !== undefined) {
      const answer = await call(name, { ...input, query });
      const [path] = Object.keys(query);
      expect((answer.json as { errors: { path: string }[] }).errors[0]?.path).toContain(
        `query.${path}`,
      );
    }
    const badSite = await call(name, { ...input, params: { ...input.params, site: 'Bad_Site' } });
    expect(badSite.json).toMatchObject({ errors: [{ path: 'params.site' }] });
  });

  it.each(table)('%s refuses credentials that are no good', async (name, row, route) => {
    const { token, ...open } = await row.valid(world);
    const answer = await call(name, { ...open, token: 'nonsense' });
    expect([answer.status, codeOf(answer)]).toEqual([401, 'UNAUTHENTICATED']);
    expect(answer.headers['www-authenticate']).toBe('Bearer');
    if (route.access === 'anyone') return;
    expect(token).toBeDefined();
    const without = await call(name, open);
    expect([without.status, codeOf(without)]).toEqual([401, 'UNAUTHENTICATED']);
  });

  it.each(table)('SEC-23 %s takes no token of another site', async (name, row) => {
    const token = await app.guest('other');
    const answer = await call(name, { ...(await row.valid(world)), token });
    expect([answer.status, codeOf(answer)]).toEqual([401, 'UNAUTHENTICATED']);
  });

  it.each(table.filter(([, row]) => row.forbidden !== null))(
    '%s refuses who may not',
    async (name, row) => {
      const [input, code] = (await row.forbidden?.(world)) ?? [];
      const answer = await call(name, input!);
      expect([answer.status, codeOf(answer)]).toEqual([errorTable[code!].status, code]);
    },
  );

  it.each(table)('%s does not find what is not there', async (name, row) => {
    const { token, ...input } = await row.valid(world);
    if (token === undefined) {
      const answer = await call(name, { ...input, params: { ...input.params, site: 'nowhere' } });
      expect([answer.status, codeOf(answer)]).toEqual([404, 'NOT_FOUND']);
    }
    if (input.params['id'] === undefined) return;
    const params = { ...input.params, id: unknownId };
    const answer = await call(name, { ...input, ...(token && { token }), params });
    expect([answer.status, codeOf(answer)]).toEqual([404, 'NOT_FOUND']);
  });

  it.each(table)(
    '%s answers other methods with 405 and those it has',
    async (_name, row, route) => {
      const input = await row.valid(world);
      const path = route.path.replace(/:(\w+)/g, (_, key: string) =>
        encodeURIComponent(input.params[key] ?? ''),
      );
      const answer = await app.client.send('SEARCH', path);
      expect([answer.status, codeOf(answer)]).toEqual([405, 'METHOD_NOT_ALLOWED']);
      expect(answer.headers.allow).toContain(route.method);
      const options = await app.client.send('OPTIONS', path);
      expect([options.status, options.headers.allow]).toEqual([204, answer.headers.allow]);
    },
  );

  it.each(table.filter(([, , route]) => route.method !== 'GET'))(
    '%s takes no form of another page',
    async (_name, row, route) => {
      const input = await row.valid(world);
      const path = route.path.replace(/:(\w+)/g, (_, key: string) =>
        encodeURIComponent(input.params[key] ?? ''),
      );
      const types = ['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data'];
      for (const type of [...types, 'application/json; charset=utf-16', 'application/jsonp']) {
        const headers = { 'content-type': type, authorization: `Bearer ${input.token}` };
        const body = JSON.stringify(input.body ?? { a: 1 });
        const answer = await app.client.send(route.method, path, { headers, body });
        expect([type, answer.status, codeOf(answer)]).toEqual([
          type,
          415,
          'UNSUPPORTED_MEDIA_TYPE',
        ]);
      }
    },
  );
});

describe('the flood limit', () => {
  it.each(table)('stops %s and says when to come back', async (name, row) => {
    const { app, world } = await limitedWorld();
    const input = await row.valid(world);
    await app.client.call(name, input);
    const answer = await app.client.call(name, input);
    expect([answer.status, codeOf(answer)]).toEqual([429, 'RATE_LIMITED']);
    expect(answer.headers['retry-after']).toBe('60');
    expect(answer.headers['ratelimit']).toBe('"1-in-1min"; r=0; t=60');
    expect((answer.json as { retryAfter: number }).retryAfter).toBe(60);
    await app.stop();
  });

  /** One request a minute; nothing is prepared over HTTP, and nothing has to succeed. */
  async function limitedWorld(): Promise<{ app: TestApp; world: World }> {
    const app = await startApp({ env: { SAYSO_LIMIT_READS_PER_MINUTE: '1' } });
    await app.putSite('times');
    const comment = async () => unknownId;
    const guest = async () => 'nobody';
    const tokens = { ada: 'a', bob: 'b', writer: 'w', reader: 'r' };
    return { app, world: { app: { ...app, guest }, ...tokens, comment } };
  }
});
