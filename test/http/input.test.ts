import { connect } from 'node:net';
import { gzipSync } from 'node:zlib';
import { startApp, type TestApp } from '../helpers/app.js';
import { aDecision } from '../helpers/factories.js';
import { codeOf, expectProblem, type Answer } from '../helpers/client.js';

const thread = '/api/v1/sites/times/articles/a';
const comments = `${thread}/comments`;

/** Seconds on a machine that does much else besides. */
jest.setTimeout(60_000);

describe('what comes in', () => {
  let app: TestApp;
  let token: string;
  beforeAll(async () => {
    app = await startApp();
    await app.putSite('times');
    token = await app.guest('times');
  });
  afterAll(() => app.stop());

  const post = (body: unknown, headers: Record<string, string> = {}): Promise<Answer> =>
    app.client.send('POST', comments, {
      body,
      headers: { 'content-type': 'application/json', authorization: `Bearer ${token}`, ...headers },
    });

  const count = async () => ((await app.client.get(thread)).json as { count: number }).count;

  describe('a query', () => {
    it.each([
      'limit=1&limit=2',
      'limit[]=1',
      'limit[$ne]=1',
      'limit%5B%24gt%5D=1',
      '[limit]=1',
      'sort=new%',
      'sort=%ff',
      'sort=%C3%28',
      '__proto__=1',
      'constructor=1',
      '%6cimit=1&limit=1',
    ])('SEC-71 %s is malformed', async (query) => {
      const answer = await app.client.get(`${comments}?${query}`);
      expectProblem(answer);
      expect([answer.status, codeOf(answer)]).toEqual([400, 'MALFORMED_QUERY']);
    });

    it.each([
      'a=1',
      'limit=',
      'limit',
      'limit=0x1',
      'limit=1e1',
      'limit=%D9%A1',
      'sort=hot',
      'limit=1;sort=top',
    ])('%s is not valid', async (query) => {
      const answer = await app.client.get(`${comments}?${query}`);
      expect([answer.status, codeOf(answer)]).toEqual([422, 'INVALID_INPUT']);
    });

    it.each(['', '&', '&&limit=3&', 'limit=%33', 'sort=top&limit=3'])(
      '%s is fine',
      async (query) => {
        expect((await app.client.get(`${comments}?${query}`)).status).toBe(200);
      },
    );
  });

  describe('an address', () => {
    it.each(['/api/v1/sites/times/articles/%ff', '/api/v1/sites/%E0%A4%A/articles/a'])(
      '%s is malformed',
      async (path) => {
        const answer = await app.client.get(path);
        expectProblem(answer);
        expect(answer.status).toBe(400);
      },
    );

    it.each([
      '/nothing',
      '/api',
      '/api/v1/sites/times',
      `${thread}/`,
      '/API/v1/sites/times/articles/a',
      '/api/v1/sites/times/articles/',
      '/..%2f..%2fetc/passwd',
      '/assets/..%2f..%2fpackage.json',
      '/assets/%2e%2e/package.json',
    ])('%s leads nowhere', async (path) => {
      const answer = await app.client.get(path);
      expectProblem(answer);
      expect([answer.status, codeOf(answer)]).toEqual([404, 'NOT_FOUND']);
    });

    it.each(['news/2026/11/23/kuvendi', 'ë, ç & 😀', '50%', '..', '__proto__', '{"$ne":1}', "a'b"])(
      'takes %s as the id of an article',
      async (article) => {
        const path = `/api/v1/sites/times/articles/${encodeURIComponent(article)}`;
        if (article === '..') return;
        const { status, json } = await app.client.get(path);
        expect([status, (json as { article: string }).article]).toEqual([200, article]);
      },
    );

    it.each(['a'.repeat(201), 'a\u0000b', 'a\nb', '\u007f'])(
      'refuses %j as one',
      async (article) => {
        const { status, json } = await app.client.get(
          `/api/v1/sites/times/articles/${encodeURIComponent(article)}`,
        );
        expect(status).toBe(422);
        expect(json).toMatchObject({ errors: [{ path: 'params.article' }] });
      },
    );
  });

  describe('a body', () => {
    const deep = (levels: number) => '['.repeat(levels) + ']'.repeat(levels);

    it.each([
      ['{', 'broken off'],
      ['{"source":"a",}', 'with a comma too many'],
      ["{'source':'a'}", 'in single quotes'],
      ['{"source":NaN}', 'with NaN'],
      ['{"source":"a"}x', 'with more behind'],
      ['\ufeff{"source":', 'with a byte order mark and broken'],
      [`{"source":${deep(8)}}`, 'nine deep'],
      [`{"source":${'['.repeat(10_000)}`, 'broken and ten thousand deep'],
      [deep(16_000), 'sixteen thousand deep'],
      ['{"__proto__":{"a":1}}', 'naming __proto__'],
      ['{"author":{"__proto__":{"a":1}}}', 'naming __proto__ further down'],
      ['{"\\u005f_proto__":1}', 'naming __proto__ in disguise'],
      ['{"constructor":{"prototype":{"a":1}}}', 'naming constructor.prototype'],
      [Buffer.from([0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d]), 'not UTF-8'],
      [Buffer.from('{"source":"a"}', 'utf16le'), 'in UTF-16'],
      [Buffer.from([0xc0, 0xaf]), 'in overlong UTF-8'],
    ])('SEC-73 SEC-79 %s, %s, is malformed', async (...[body]) => {
      const before = await count();
      const answer = await post(body);
      expectProblem(answer);
      expect([answer.status, codeOf(answer)]).toEqual([400, 'MALFORMED_JSON']);
      expect(await count()).toBe(before);
      expect(({} as Record<string, unknown>)['a']).toBeUndefined();
    });

    it.each(['null', 'true', '7', '"text"', '[]', '{}', ' '])('%s is not valid', async (body) => {
      const answer = await post(body);
      expectProblem(answer);
      expect([422, 400]).toContain(answer.status);
    });

    it('that is missing is not valid', async () => {
      const answer = await app.client.send('POST', comments, {
        headers: { authorization: `Bearer ${token}` },
      });
      expect([answer.status, codeOf(answer)]).toEqual([422, 'INVALID_INPUT']);
    });

    it('SEC-79 may be just under 32 kB, and no larger', async () => {
      const fits = JSON.stringify({ source: 'a', pad: '' });
      const pad = 'x'.repeat(32 * 1024 - fits.length);
      expect((await post({ source: 'a', pad })).status).toBe(422);
      const answer = await post({ source: 'a', pad: `${pad}x` });
      expectProblem(answer);
      expect([answer.status, codeOf(answer)]).toEqual([413, 'BODY_TOO_LARGE']);
      expect((await post('x'.repeat(5_000_000))).status).toBe(413);
    });

    it('that grows past 32 kB in pieces is too large', async () => {
      const answer = await raw(
        [
          `POST ${comments} HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n`,
          'Transfer-Encoding: chunked\r\n\r\n',
          ...Array.from({ length: 40 }, () => `400\r\n${' '.repeat(1024)}\r\n`),
          '0\r\n\r\n',
        ].join(''),
      );
      expect(answer).toMatch(/^HTTP\/1.1 413 /);
    });

    it('SEC-79 that is compressed is not unpacked', async () => {
      for (const encoding of ['gzip', 'br', 'deflate', 'x-gzip', 'gzip, identity']) {
        const bomb = gzipSync(Buffer.alloc(10_000_000, ' '));
        const answer = await post(bomb.subarray(0, 20_000), { 'content-encoding': encoding });
        expectProblem(answer);
        expect([encoding, answer.status]).toEqual([encoding, 415]);
      }
    });

    it.each(['utf-7', 'utf-16', 'iso-8859-1', 'x'])('SEC-79 in %s is not read', async (charset) => {
      const type = { 'content-type': `application/json; charset=${charset}` };
      expect((await post('{"source":"a"}', type)).status).toBe(415);
    });

    it.each([
      'text/plain',
      'application/x-www-form-urlencoded',
      'multipart/form-data; boundary=x',
      'application/jsonp',
    ])('SEC-33 of type %s is not read and changes nothing', async (type) => {
      const before = await count();
      expect((await post('{"source":"a"}', { 'content-type': type })).status).toBe(415);
      expect(await count()).toBe(before);
    });

    it.each(['status', 'id', 'author', 'site', 'score', 'createdAt', 'role', 'badges', 'shown'])(
      'SEC-74 that sets %s is not valid',
      async (field) => {
        const answer = await post({ source: 'a', [field]: 'approved' });
        expect([answer.status, codeOf(answer)]).toEqual([422, 'INVALID_INPUT']);
      },
    );

    it.each([
      'application/json',
      'application/json;charset=utf-8',
      'Application/JSON; charset="UTF-8"',
    ])('of type %s is read', async (type) => {
      const body = JSON.stringify({ source: `Sent as ${type}` });
      expect((await post(body, { 'content-type': type })).status).toBe(201);
    });
  });

  describe('an Idempotency-Key', () => {
    it.each(['', ' ', 'a b', 'é', 'a'.repeat(256), 'a, b'])('%j is not valid', async (key) => {
      const bytes = Buffer.from(key, 'latin1').toString('latin1');
      const answer = await post({ source: 'a' }, { 'idempotency-key': bytes });
      expect([answer.status, codeOf(answer)]).toEqual([422, 'INVALID_INPUT']);
      expect(answer.json).toMatchObject({ errors: [{ path: 'headers.Idempotency-Key' }] });
    });

    it('makes a repeat answer what the first one made', async () => {
      const key = { 'idempotency-key': '~!"'.padEnd(255, 'k') };
      const first = await post({ source: 'once' }, key);
      const again = await post({ source: 'once' }, key);
      expect([first.status, again.status]).toEqual([201, 201]);
      expect(first.headers['idempotent-replayed']).toBeUndefined();
      expect(again.headers['idempotent-replayed']).toBe('true');
      expect(again.headers.location).toBe(first.headers.location);
      const other = await post({ source: 'twice' }, key);
      expect([other.status, codeOf(other)]).toEqual([422, 'IDEMPOTENCY_MISMATCH']);
    });

    it('of one article says nothing about another', async () => {
      const key = { 'idempotency-key': 'one-key', authorization: `Bearer ${token}` };
      const body = { source: 'the same' };
      const paths = ['x', 'y'].map((article) => `/api/v1/sites/times/articles/${article}/comments`);
      const answers = await Promise.all(
        paths.map((path) => app.client.send('POST', path, { headers: key, body })),
      );
      expect(answers.map(({ headers }) => headers['idempotent-replayed'])).toEqual([
        undefined,
        undefined,
      ]);
    });
  });

  it('HEAD is GET without a body', async () => {
    for (const path of [thread, comments, '/livez', '/']) {
      const get = await app.client.get(path, { 'accept-encoding': 'identity;q=0.5' });
      const head = await app.client.send('HEAD', path, {
        headers: { 'accept-encoding': 'identity;q=0.5' },
      });
      expect([head.status, head.text]).toEqual([get.status, '']);
      expect(head.headers['content-type']).toBe(get.headers['content-type']);
      expect(head.headers['content-length']).toBe(get.headers['content-length']);
    }
  });

  it('the Location of a new comment leads to it', async () => {
    const posted = await post({ source: 'here' });
    const { json } = await app.client.get(posted.headers.location ?? '');
    expect((json as { id: string }).id).toBe((posted.json as { id: string }).id);
  });

  it('an own comment that was hidden is for nobody’s cache, and for its author alone', async () => {
    await app.putSite('strict');
    const own = await app.guest('strict');
    const path = '/api/v1/sites/strict/articles/a/comments';
    const headers = { authorization: `Bearer ${own}` };
    const posted = await app.client.send('POST', path, { headers, body: { source: 'mine' } });
    const at = posted.headers.location ?? '';
    const { id } = posted.json as { id: string };
    await app.store.threads.write({ site: 'strict', article: 'a' }, aDecision(id));
    const mine = await app.client.get(at, headers);
    expect([mine.status, mine.headers['cache-control'], mine.headers.etag]).toEqual([
      200,
      'no-store',
      undefined,
    ]);
    expect((await app.client.get(at)).status).toBe(404);
  });

  it('SEC-76 what one may not know of is answered exactly like what is not there', async () => {
    const { json } = await post({ source: 'to be hidden' });
    const { id } = json as { id: string };
    await app.store.threads.write({ site: 'times', article: 'a' }, aDecision(id));
    const elsewhere = await app.client.send('POST', comments.replace('/a/', '/b/'), {
      headers: { authorization: `Bearer ${token}` },
      body: { source: 'of another article' },
    });
    const foreign = (elsewhere.json as { id: string }).id;
    const stable = ({ status, headers, json: body }: Answer) => {
      const moving = ['date', 'x-request-id', 'ratelimit', 'content-length'];
      return {
        status,
        headers: Object.entries(headers).filter(([key]) => !moving.includes(key)),
        body: { ...(body as object), requestId: '' },
      };
    };
    for (const path of ['', '/context']) {
      const unknown = stable(await app.client.get(`${comments}/${'a'.repeat(42)}${path}`));
      expect(unknown.status).toBe(404);
      expect(stable(await app.client.get(`${comments}/${id}${path}`))).toEqual(unknown);
      expect(stable(await app.client.get(`${comments}/${foreign}${path}`))).toEqual(unknown);
    }
  });

  it('what is not HTTP is answered in one line', async () => {
    expect(await raw('NONSENSE\r\n\r\n')).toMatch(/^HTTP\/1.1 400 Bad Request\r\n/);
    expect(await raw(`GET / HTTP/1.1\r\nHost: x\r\nX: ${'x'.repeat(20_000)}\r\n\r\n`)).toMatch(
      /^HTTP\/1.1 431 /,
    );
    const smuggled =
      'POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n';
    expect(await raw(`${smuggled}0\r\n\r\n`)).toMatch(/^HTTP\/1.1 400 /);
  });

  /** What the server says to these bytes until it has answered once. */
  function raw(bytes: string): Promise<string> {
    return new Promise((resolve, reject) => {
      const socket = connect(app.port, '127.0.0.1', () => socket.write(bytes));
      let text = '';
      socket.setEncoding('latin1');
      socket.on('data', (chunk: string) => {
        text += chunk;
        socket.end();
      });
      socket.on('error', (error) => (text === '' ? reject(error) : resolve(text)));
      socket.on('close', () => resolve(text));
    });
  }
});
