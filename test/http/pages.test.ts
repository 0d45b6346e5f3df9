import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { errorCodes } from '../../src/contract/errors.js';
import { startApp, type TestApp } from '../helpers/app.js';
import { createClock } from '../helpers/clock.js';
import { expectProblem, type Answer } from '../helpers/client.js';
import { aFolder } from '../helpers/folder.js';

const pagePolicy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data:",
  "font-src 'self'",
  "connect-src 'self'",
  "frame-src 'self'",
  "base-uri 'none'",
  "form-action 'self'",
  "frame-ancestors 'self'",
  "require-trusted-types-for 'script'",
  "trusted-types 'none'",
].join(';');

/** The headers of an answer but those that differ from one to the next. */
function fixed({ headers }: Answer): Record<string, unknown> {
  const moving = ['date', 'x-request-id', 'ratelimit', 'ratelimit-policy', 'etag', 'keep-alive'];
  return Object.fromEntries(Object.entries(headers).filter(([key]) => !moving.includes(key)));
}

/** Seconds on a machine that does much else besides. */
jest.setTimeout(60_000);

describe('pages and files', () => {
  let app: TestApp;
  const { path: folder, remove } = aFolder();
  const script = 'console.log("hello, hello, hello");'.repeat(50);

  beforeAll(async () => {
    const put = (path: string, text: string | Buffer) => {
      mkdirSync(join(folder, path, '..'), { recursive: true });
      writeFileSync(join(folder, path), text);
    };
    put('embed.js', script);
    put('embed.js.gz', gzipSync(script));
    put('embed.css', 'p{}');
    put('assets/core.1A2B3C4D.js', script);
    put('assets/plain.js', script);
    put('home/index.html', '<p>home</p>');
    put('demo/index.html', '<p>demo</p>');
    put('thread/index.html', '<title>%TITLE%</title><x-y site="%SITE%" article="%ARTICLE%">');
    put('secret.key', 'no');
    app = await startApp({ browserFolder: folder });
    await app.putSite('times');
  });
  afterAll(async () => {
    await app.stop();
    remove();
  });

  it('SEC-60 the API answers with exactly these headers', async () => {
    const api = {
      'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'no-referrer',
      vary: 'Origin, Accept-Encoding',
      'cache-control': 'public, max-age=0, s-maxage=1, stale-while-revalidate=5',
      'content-type': 'application/json; charset=utf-8',
      'content-length': expect.any(String) as unknown,
      connection: 'keep-alive',
    };
    const path = '/api/v1/sites/times/articles/a';
    for (const at of [path, `${path}/comments`, `${path}/comments`]) {
      expect(fixed(await app.client.get(at))).toEqual(api);
    }
    expect(fixed(await app.client.get('/api/nothing'))).toEqual({
      'content-security-policy': api['content-security-policy'],
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'no-referrer',
      'cache-control': 'no-store',
      'content-type': 'application/problem+json; charset=utf-8',
      'content-length': expect.any(String) as unknown,
      connection: 'keep-alive',
    });
  });

  it('SEC-60 pages answer with exactly these headers', async () => {
    for (const path of ['/', '/demo', '/t/times/a', '/errors']) {
      const { vary, 'x-robots-tag': robots, ...headers } = fixed(await app.client.get(path));
      expect(robots).toBe(path.startsWith('/t/') ? 'noindex' : undefined);
      expect([undefined, 'Accept-Encoding']).toContain(vary);
      expect(headers).toEqual({
        'content-security-policy': pagePolicy,
        'x-content-type-options': 'nosniff',
        'referrer-policy': 'no-referrer',
        'cross-origin-opener-policy': 'same-origin',
        'cross-origin-resource-policy': 'same-origin',
        'origin-agent-cluster': '?1',
        'x-dns-prefetch-control': 'off',
        'x-download-options': 'noopen',
        'x-frame-options': 'SAMEORIGIN',
        'x-permitted-cross-domain-policies': 'none',
        'x-xss-protection': '0',
        'cache-control': path === '/errors' ? 'public, max-age=300' : 'no-cache',
        'content-type': 'text/html; charset=utf-8',
        'content-length': expect.any(String) as unknown,
        connection: 'keep-alive',
        ...(path === '/errors' ? { 'access-control-allow-origin': '*' } : {}),
      });
    }
  });

  it('SEC-62 what pages embed may be loaded from anywhere, and is kept as long as its name holds', async () => {
    for (const [path, cache] of [
      ['/embed.js', 'public, max-age=300, stale-while-revalidate=86400'],
      ['/assets/core.1A2B3C4D.js', 'public, max-age=31536000, immutable'],
      ['/assets/plain.js', 'public, max-age=300, stale-while-revalidate=86400'],
    ] as const) {
      const answer = await app.client.get(path, { 'accept-encoding': 'gzip' });
      expect(fixed(answer)).toEqual({
        'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
        'x-content-type-options': 'nosniff',
        'referrer-policy': 'no-referrer',
        'access-control-allow-origin': '*',
        'cross-origin-resource-policy': 'cross-origin',
        vary: 'Accept-Encoding',
        'cache-control': cache,
        'content-type': 'text/javascript; charset=utf-8',
        'content-encoding': 'gzip',
        'content-length': expect.any(String) as unknown,
        connection: 'keep-alive',
      });
      expect(answer.text).toBe(script);
      const plain = await app.client.get(path);
      expect([plain.headers['content-encoding'], plain.text]).toEqual([undefined, script]);
      const { status } = await app.client.get(path, { 'if-none-match': answer.headers.etag ?? '' });
      expect(status).toBe(304);
    }
  });

  it('nothing else of the folder is served', async () => {
    for (const path of [
      '/secret.key',
      '/assets/secret.key',
      '/assets/../embed.js',
      '/home/index.html',
    ]) {
      const answer = await app.client.get(path);
      expectProblem(answer);
      expect([path, answer.status]).toEqual([path, 404]);
    }
  });

  it('the page of a thread holds its names as text, whatever they are', async () => {
    const article = '"><script>alert(1)</script>&%TITLE%';
    const { text } = await app.client.get(`/t/times/${encodeURIComponent(article)}`);
    expect(text).not.toContain('<script>');
    expect(text).toBe(
      '<title>&#34;&#62;&#60;script&#62;alert(1)&#60;/script&#62;&#38;%TITLE%</title>' +
        '<x-y site="times" article="&#34;&#62;&#60;script&#62;alert(1)&#60;/script&#62;&#38;%TITLE%">',
    );
  });

  it('the page of a thread that cannot be is not there', async () => {
    for (const path of [
      '/t/nowhere/a',
      '/t/Bad_Site/a',
      `/t/times/${'a'.repeat(201)}`,
      '/t/times/',
    ]) {
      expect((await app.client.get(path)).status).toBe(404);
    }
  });

  it('the address in a problem leads to what it means', async () => {
    const { json } = await app.client.get('/nothing');
    const { type } = json as { type: string };
    const { pathname, hash, origin } = new URL(type);
    expect(origin).toBe(app.url);
    const { text } = await app.client.get(pathname);
    expect(text).toContain(`id="${hash.slice(1)}"`);
    for (const code of errorCodes) expect(text).toContain(`id="${code}"`);
  });

  it('the documents of the interfaces are there for anyone', async () => {
    for (const [path, key] of [
      ['/openapi.json', 'openapi'],
      ['/asyncapi.json', 'asyncapi'],
    ] as const) {
      const { status, headers, json } = await app.client.get(path);
      expect([status, headers['access-control-allow-origin']]).toEqual([200, '*']);
      expect(json).toHaveProperty(key);
    }
  });

  it('without a browser build there are plain pages, and no demo', async () => {
    const bare = await startApp();
    const { text } = await bare.client.get('/');
    expect(text).toContain('<h1>Sayso</h1>');
    expect((await bare.client.get('/t/demo/a')).text).toContain('<sayso-thread site="demo"');
    expect((await bare.client.get('/demo')).status).toBe(404);
    expect((await bare.client.get('/embed.js')).status).toBe(404);
    await bare.stop();
  });

  it('other methods than GET get 405', async () => {
    for (const path of ['/', '/demo', '/t/times/a', '/embed.js', '/livez', '/metrics', '/errors']) {
      const answer = await app.client.send('POST', path, { body: { a: 1 } });
      expectProblem(answer);
      expect([path, answer.status, answer.headers.allow]).toEqual([
        path,
        405,
        'GET, HEAD, OPTIONS',
      ]);
    }
  });
});

describe('the state of a server', () => {
  it('REL-12 /livez says nothing of the store; /readyz does', async () => {
    const app = await startApp();
    expect((await app.client.get('/readyz')).status).toBe(200);
    await app.store.close();
    expect((await app.client.get('/livez')).status).toBe(200);
    const notReady = await app.client.get('/readyz');
    expect([notReady.status, notReady.headers['retry-after']]).toEqual([503, '2']);
    await app.stop();
  });

  it('REL-4 a store that is down is 503 with Retry-After, and kept pages are still answered', async () => {
    const clock = createClock();
    const app = await startApp({ overrides: { clock } });
    await app.putSite('times');
    const list = '/api/v1/sites/times/articles/a/comments';
    await app.client.get(list);
    await app.store.close();
    for (let i = 0; i < 100; i += 1) {
      clock.advance(300);
      expect((await app.client.get(list)).status).toBe(200);
    }
    const answer = await app.client.get('/api/v1/sites/times/articles/b/comments');
    expectProblem(answer);
    expect(answer.status).toBe(503);
    expect(Number(answer.headers['retry-after'])).toBeGreaterThan(0);
    await app.stop();
  });

  it('/metrics are for this machine, or for who has the token', async () => {
    const open = await startApp({ env: { TRUST_PROXY: '1' } });
    expect((await open.client.get('/metrics')).text).toContain('sayso_http_request_seconds');
    const far = await open.client.get('/metrics', { 'x-forwarded-for': '203.0.113.1' });
    expect(far.status).toBe(404);
    await open.stop();
    const unaware = await startApp();
    for (const name of ['x-forwarded-for', 'x-real-ip', 'forwarded', 'via']) {
      const passedOn = await unaware.client.get('/metrics', { [name]: '203.0.113.1' });
      expect([name, passedOn.status]).toEqual([name, 404]);
    }
    await unaware.stop();
    const token = 'a-token-of-metrics-1234';
    const closed = await startApp({ env: { SAYSO_METRICS_TOKEN: token } });
    expect((await closed.client.get('/metrics')).status).toBe(401);
    expect((await closed.client.get('/metrics', { authorization: 'Bearer no' })).status).toBe(401);
    const ok = await closed.client.get('/metrics', { authorization: `Bearer ${token}` });
    expect(ok.status).toBe(200);
    await closed.stop();
  });
});
