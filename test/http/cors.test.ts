import { startApp, type TestApp } from '../helpers/app.js';
import type { Answer } from '../helpers/client.js';

const listed = 'https://good.example';
const thread = '/api/v1/sites/times/articles/a';

/** Seconds on a machine that does much else besides. */
jest.setTimeout(60_000);

describe('CORS', () => {
  let app: TestApp;
  beforeAll(async () => {
    app = await startApp();
    await app.putSite('times', { origins: [listed, 'http://localhost:3000'] });
    await app.putSite('other', { origins: ['https://other.example'] });
  });
  afterAll(() => app.stop());

  const foreign = [
    'https://other.example',
    'null',
    'https://good.example.evil',
    'https://evil-good.example',
    'https://sub.good.example',
    'https://good.example:8443',
    'http://good.example',
    'https://GOOD.example',
    'https://good.example/',
    'http://localhost',
    'http://localhost:3001',
    'https://good.example, https://evil.example',
  ];
  const paths = [thread, `${thread}/comments`, `${thread}/changes?since=0`, `${thread}/nothing`];

  const allowOrigin = (answer: Answer) => answer.headers['access-control-allow-origin'];

  it.each(paths)('SEC-32 lets pages of the site read %s, errors too', async (path) => {
    for (const origin of [listed, 'http://localhost:3000']) {
      const answer = await app.client.get(path, { origin });
      expect(allowOrigin(answer)).toBe(origin);
      expect(answer.headers['access-control-expose-headers']).toBe(
        'ETag, Date, Location, Retry-After, RateLimit, RateLimit-Policy, Idempotent-Replayed',
      );
      expect(answer.headers.vary).toMatch(/^Origin/);
    }
  });

  it.each(foreign)('SEC-32 lets %s read nothing', async (origin) => {
    for (const path of paths) {
      for (let i = 0; i < 2; i += 1) {
        const answer = await app.client.get(path, { origin });
        expect([path, allowOrigin(answer)]).toEqual([path, undefined]);
        expect(answer.headers.vary).toMatch(/^Origin/);
      }
    }
    const preflight = await app.client.send('OPTIONS', thread, {
      headers: { origin, 'access-control-request-method': 'PUT' },
    });
    expect([preflight.status, allowOrigin(preflight)]).toEqual([204, undefined]);
    expect(preflight.headers['access-control-allow-methods']).toBeUndefined();
  });

  it('does not mix up the sites of one server', async () => {
    const path = '/api/v1/sites/other/articles/a';
    expect(allowOrigin(await app.client.get(path, { origin: listed }))).toBeUndefined();
    const unknown = await app.client.get('/api/v1/sites/nowhere/articles/a', { origin: listed });
    expect(allowOrigin(unknown)).toBeUndefined();
  });

  it('answers a preflight with what a page may send, for two hours', async () => {
    const { status, headers } = await app.client.send('OPTIONS', `${thread}/comments`, {
      headers: { origin: listed, 'access-control-request-method': 'POST' },
    });
    expect(status).toBe(204);
    expect(headers).toMatchObject({
      'access-control-allow-origin': listed,
      'access-control-allow-methods': 'GET, HEAD, PUT, POST, PATCH, DELETE',
      'access-control-allow-headers': 'Authorization, Content-Type, Idempotency-Key, If-None-Match',
      'access-control-max-age': '7200',
      vary: 'Origin',
    });
  });

  it('SEC-32 never speaks of credentials', async () => {
    for (const path of ['/', '/embed.js', '/openapi.json', '/livez', ...paths]) {
      for (const method of ['GET', 'OPTIONS', 'POST']) {
        const headers = { origin: listed, 'access-control-request-method': 'POST' };
        const answer = await app.client.send(method, path, { headers });
        expect(answer.headers['access-control-allow-credentials']).toBeUndefined();
      }
    }
  });
});
