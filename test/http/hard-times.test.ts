import type { Server } from 'node:http';
import { connect, type AddressInfo, type Socket } from 'node:net';
import type { Limiter, Allowance } from '../../src/domain/ports.js';
import { createHttpServer } from '../../src/http/http-server.js';
import { startApp, type TestApp } from '../helpers/app.js';
import { codeOf, expectProblem } from '../helpers/client.js';
import { until } from '../helpers/until.js';

const comments = '/api/v1/sites/times/articles/a/comments';
const allowed: Allowance = {
  allowed: true,
  limit: 1,
  remaining: 1,
  resetSeconds: 1,
  windowSeconds: 1,
};

/** Seconds on a machine that does much else besides. */
jest.setTimeout(60_000);

describe('a slow client', () => {
  let server: Server;
  beforeAll(async () => {
    server = createHttpServer(
      {
        handle: (_request, response) => response.end(Buffer.alloc(50_000_000)),
      },
      { headers: 100, request: 200, idle: 300, keepAlive: 100 },
    );
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  });
  afterAll(() => server.close());

  const open = (): Socket => connect((server.address() as AddressInfo).port, '127.0.0.1');
  const closed = (socket: Socket): Promise<string> =>
    new Promise((resolve) => {
      let text = '';
      socket.on('data', (chunk: Buffer) => (text += chunk.toString('latin1').slice(0, 100)));
      socket.on('error', () => undefined);
      socket.on('close', () => resolve(text));
    });

  it('REL-15 that never ends its head is cut off', async () => {
    const socket = open();
    const drip = setInterval(() => socket.write('X'), 20);
    socket.write('GET / HTTP/1.1\r\n');
    expect(await closed(socket)).toMatch(/^HTTP\/1.1 408 /);
    clearInterval(drip);
  });

  it('REL-15 that sends its body byte by byte is cut off', async () => {
    const slow = createHttpServer(
      { handle: (request) => void request.resume() },
      { headers: 100, request: 200, idle: 5_000, keepAlive: 100 },
    );
    await new Promise<void>((resolve) => slow.listen(0, '127.0.0.1', resolve));
    const socket = connect((slow.address() as AddressInfo).port, '127.0.0.1');
    socket.write(`POST ${comments} HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\n`);
    const drip = setInterval(() => socket.write(' '), 20);
    expect(await closed(socket)).toMatch(/^(HTTP\/1.1 408 |$)/);
    clearInterval(drip);
    slow.close();
  });

  it('REL-15 that never reads its answer is cut off', async () => {
    const socket = open();
    socket.pause();
    socket.write('GET / HTTP/1.1\r\nHost: x\r\n\r\n');
    await new Promise<void>((resolve) => {
      const look = setInterval(() => {
        server.getConnections((_error, count) => {
          if (count > 0) return;
          clearInterval(look);
          resolve();
        });
      }, 20);
      socket.on('error', () => undefined);
    });
    socket.destroy();
  });
});

describe('too many writes at once', () => {
  it('REL-14 are refused above a bound, told when to come back, and all others are answered', async () => {
    let release = (): void => undefined;
    const gate = new Promise<void>((resolve) => (release = resolve));
    let waiting = 0;
    const limiter: Limiter = {
      consume: async () => {
        waiting += 1;
        await gate;
        return allowed;
      },
      close: async () => undefined,
    };
    const app = await startApp({ overrides: { limiter } });
    await app.putSite('times');
    const body = { source: 'Hello', author: { name: 'Ada' } };
    const answers = Promise.all(
      Array.from({ length: 530 }, (_, i) =>
        fetchOnce(app, `/api/v1/sites/times/articles/${i}/comments`, body),
      ),
    );
    const refused = () => app.logs.filter(({ status }) => status === 503).length;
    await until(() => waiting === 512 && refused() === 18);
    expect((await app.client.get('/livez')).status).toBe(200);
    expect((await app.client.get(comments)).status).toBe(200);
    release();
    const statuses = (await answers).map(({ status }) => status);
    expect(statuses.filter((status) => status === 201)).toHaveLength(512);
    const [other] = (await answers).filter(({ status }) => status !== 201);
    expect(other).toMatchObject({ status: 503, retryAfter: '1', code: 'OVERLOADED' });
    await app.stop();
  });

  /** One request on a connection of its own. */
  async function fetchOnce(app: TestApp, path: string, body: unknown) {
    const answer = await fetch(`${app.url}${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    const json = (await answer.json()) as { code?: string };
    return {
      status: answer.status,
      retryAfter: answer.headers.get('retry-after'),
      code: json.code,
    };
  }
});

describe('an error of ours', () => {
  it('SEC-87 is 500 with the request id, and nothing of what happened', async () => {
    const limiter: Limiter = {
      consume: () => Promise.reject(new Error('secret detail at /srv/sayso/dist/main.js')),
      close: async () => undefined,
    };
    const app = await startApp({ overrides: { limiter } });
    await app.putSite('times');
    const answer = await app.client.send('POST', comments, {
      body: { source: 'Hello', author: { name: 'Ada' } },
    });
    expectProblem(answer);
    expect([answer.status, codeOf(answer)]).toEqual([500, 'INTERNAL']);
    expect(JSON.stringify([answer.text, answer.headers])).not.toMatch(
      /secret|srv|dist|\.js|Error:/,
    );
    const { requestId } = answer.json as { requestId: string };
    const logged = app.logs.filter((line) => line['requestId'] === requestId);
    expect(JSON.stringify(logged)).toContain('secret detail');
    await app.stop();
  });
});

describe('what a client sends', () => {
  it('SEC-85 never becomes a header or a line of the log', async () => {
    const app = await startApp();
    await app.putSite('times');
    const evil = [
      'a\r\nSet-Cookie: x=1',
      'a\nInjected: 1',
      'a\u0000b',
      '\u001b[31mred',
      '\u202eevil',
    ];
    for (const text of evil) {
      const encoded = encodeURIComponent(text);
      const answers = [
        await app.client.get(`/api/v1/sites/times/articles/${encoded}`),
        await app.client.get(`${comments}?sort=${encoded}`),
        await app.client.get(`${comments}?${encoded}=1`),
        await app.client.get(`/${encoded}`),
        await app.client.send('POST', comments, { body: { source: text, [text]: text } }),
      ];
      for (const answer of answers) {
        expect(answer.status).toBeLessThan(500);
        expect(answer.headers['set-cookie']).toBeUndefined();
        expect(answer.headers['injected']).toBeUndefined();
      }
    }
    // Each line was parsed as one JSON object on its way here.
    expect(app.logs.length).toBeGreaterThanOrEqual(evil.length * 5);
    await app.stop();
  });
});
