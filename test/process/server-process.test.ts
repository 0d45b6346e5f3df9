import { execFileSync } from 'node:child_process';
import { createHmac } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { io } from 'socket.io-client';
import { aFolder } from '../helpers/folder.js';
import {
  buildServer,
  runServer,
  startServer,
  type ServerProcess,
} from '../helpers/server-process.js';
import { until } from '../helpers/until.js';

const secret = 'q3v8Zt1LxP0mWc7RkY5sB2nJ9dHfG4uE6aTi';
const thread = '/api/v1/sites/demo/articles/article-1';

/** Three processes in a row start slowly on a machine that does much else besides. */
jest.setTimeout(60_000);

let folder: ReturnType<typeof aFolder>;
const servers: ServerProcess[] = [];
beforeAll(() => void buildServer());
beforeEach(() => {
  folder = aFolder();
});
afterEach(async () => {
  for (const server of servers.splice(0)) {
    server.kill('SIGKILL');
    await server.exited;
  }
  folder.remove();
});

const environment = (fields: Record<string, string> = {}): Record<string, string> => ({
  DATABASE_URL: `sqlite:${join(folder.path, 'sayso.db')}`,
  SAYSO_SECRET: secret,
  ...fields,
});

async function start(fields: Record<string, string> = {}): Promise<ServerProcess> {
  const server = await startServer(environment(fields));
  servers.push(server);
  return server;
}

/**
 * One request over a socket of its own, with `late` following once it is there; resolves with all
 * that came, rejects where nothing came.
 */
function raw(
  url: string,
  text: string,
  late: Promise<string> = Promise.resolve(''),
): Promise<string> {
  const { hostname, port } = new URL(url);
  return new Promise((resolve, reject) => {
    const socket = connect(Number(port), hostname, () => socket.write(text));
    let answer = '';
    socket.setEncoding('utf8').on('data', (chunk: string) => {
      answer += chunk;
    });
    socket.on('error', reject);
    socket.on('close', () => (answer === '' ? reject(new Error('no answer')) : resolve(answer)));
    void late.then((rest) => socket.write(rest));
  });
}

/** The text of a request up to its body. */
const head = (line: string, fields: readonly string[] = []): string =>
  [`${line} HTTP/1.1`, 'Host: x', 'Connection: close', ...fields, '', ''].join('\r\n');

const statusOf = async (url: string): Promise<number> => {
  const answer = await raw(url, head(`GET ${new URL(url).pathname}`));
  return Number(answer.split(' ')[1]);
};

/** Milliseconds in which node starts and ends with nothing to do. */
function startNodeAlone(): number {
  const began = performance.now();
  execFileSync(process.execPath, ['-e', '0']);
  return performance.now() - began;
}

/** As the server counts them; what it read before it answered this, it has. */
async function openConnections(url: string): Promise<number> {
  const text = await raw(`${url}/metrics`, head('GET /metrics'));
  return Number(/_active_resources\{type="TCPSocketWrap"\} (\d+)/.exec(text)?.[1] ?? 0);
}

const post = (url: string, name: string): Promise<Response> =>
  fetch(`${url}${thread}/comments`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ source: `A word by ${name}.`, author: { name } }),
  });

describe('the server as a process', () => {
  it('T18 is ready within 1 s of its start, on an empty folder', async () => {
    const times: number[] = [];
    for (let round = 0; round < 3; round += 1) {
      const server = await start({ DATABASE_URL: `sqlite:${join(folder.path, `${round}.db`)}` });
      const ready = server.lines.find((line) => line.includes('Ready')) ?? '{}';
      times.push((JSON.parse(ready) as { readyMs: number }).readyMs);
      server.kill('SIGTERM');
      await server.exited;
    }
    // On a machine with other work everything starts later, node alone too.
    const alone = Array.from({ length: 3 }, startNodeAlone);
    expect(Math.min(...times)).toBeLessThanOrEqual(Math.max(1_000, 8 * Math.min(...alone)));
  });

  it('takes a comment without any configuration but where to put it', async () => {
    const server = await startServer({
      DATABASE_URL: `sqlite:${join(folder.path, 'data/sayso.db')}`,
    });
    servers.push(server);
    expect((await post(server.url, 'Ada')).status).toBe(201);
    const page = (await (await fetch(`${server.url}${thread}/comments`)).json()) as {
      items: object[];
    };
    expect(page.items).toHaveLength(1);
    expect(server.errors()).toContain(`${server.url}/demo`);
  });

  it('SEC-85 writes one JSON object a line to standard output', async () => {
    const server = await start();
    await post(server.url, 'Ada');
    await fetch(`${server.url}/nothing%0Ahere`);
    server.kill('SIGTERM');
    expect(await server.exited).toBe(0);
    expect(server.lines.length).toBeGreaterThan(2);
    for (const line of server.lines)
      expect(JSON.parse(line)).toMatchObject({ level: expect.any(String) as string });
  });

  it('REL-12 is live and ready, and says so', async () => {
    const { url } = await start();
    expect([await statusOf(`${url}/livez`), await statusOf(`${url}/readyz`)]).toEqual([200, 200]);
  });

  it('REL-13 on SIGTERM is not ready at once, answers what it took on, and ends with 0', async () => {
    const server = await start();
    const { url } = server;
    // Texts differ: the same one from many would be held.
    const bodyOf = (i: number) =>
      JSON.stringify({ source: `Sent while it stops, as number ${i}.`, author: { name: 'Ada' } });
    const firstOf = (i: number) => {
      const fields = ['Content-Type: application/json', `Content-Length: ${bodyOf(i).length}`];
      return head(`POST ${thread}/comments`, fields) + bodyOf(i).slice(0, 10);
    };
    let finish: () => void = () => undefined;
    const stopping = new Promise<void>((resolve) => {
      finish = resolve;
    });
    const posts = Array.from({ length: 20 }, (_, i) =>
      raw(
        url,
        firstOf(i),
        stopping.then(() => bodyOf(i).slice(10)),
      ),
    );
    const waiting = fetch(`${url}${thread}/changes?since=0&wait=25`);
    const socket = io(`${url}/threads`, { transports: ['websocket'], reconnection: false });
    await until(() => socket.connected);
    await until(async () => (await openConnections(url)) >= 22);

    const told = performance.now();
    server.kill('SIGTERM');
    await until(
      async () => (await statusOf(`${url}/readyz`).catch(() => 503)) === 503,
      'not ready',
      2_000,
    );
    const untilNotReady = performance.now() - told;
    finish();

    const statuses = (await Promise.all(posts)).map((answer) => answer.split('\r\n')[0]);
    expect(new Set(statuses)).toEqual(new Set(['HTTP/1.1 201 Created']));
    expect((await waiting).status).toBeLessThan(500);
    expect(await server.exited).toBe(0);
    expect(performance.now() - told).toBeLessThan(10_000);
    expect(untilNotReady).toBeLessThan(1_000);
    expect(socket.connected).toBe(false);
    expect(server.lines.join('\n')).not.toContain('"level":"error"');

    const again = await start();
    const page = await fetch(`${again.url}${thread}/comments?limit=100`);
    expect(((await page.json()) as { items: object[] }).items).toHaveLength(20);
  });

  it('REL-13 ends on SIGTERM also when nobody reads its log any more', async () => {
    const server = await start();
    server.closeLog();
    server.kill('SIGTERM');
    expect(await server.exited).toBe(0);
  });

  it('says which file cannot be opened as the store', async () => {
    const file = join(folder.path, 'no.db');
    writeFileSync(file, 'This is no database at all, whatever its name may say.');
    const { code, error } = await runServer(environment({ DATABASE_URL: `sqlite:${file}` }));
    expect(code).toBe(1);
    expect(error).toContain(`${file} cannot be opened as the store: file is not a database`);
  });

  it('REL-13 ends within 10 s also while a client never finishes its request', async () => {
    const server = await start();
    const { hostname, port } = new URL(server.url);
    const socket = connect(Number(port), hostname);
    socket.on('error', () => undefined);
    socket.write(`POST ${thread}/comments HTTP/1.1\r\nHost: x\r\nContent-Length: 99\r\n`);
    await until(() => socket.bytesWritten > 0);
    const asked = performance.now();
    server.kill('SIGTERM');
    expect(await server.exited).toBe(0);
    expect(performance.now() - asked).toBeLessThan(10_500);
    socket.destroy();
  }, 20_000);

  it('refuses a second server on the same file, and a port that is taken, in words', async () => {
    const server = await start();
    const second = await runServer(environment({ PORT: '0' }));
    expect(second).toMatchObject({ code: 1, out: '' });
    expect(second.error).toContain('Another Sayso server is running');
    const { port } = new URL(server.url);
    const other = `sqlite:${join(folder.path, 'other.db')}`;
    const taken = await runServer(environment({ PORT: port, DATABASE_URL: other }));
    expect(taken.code).toBe(1);
    expect(taken.error).toContain(`127.0.0.1:${port} is in use`);
  });

  it('SEC-24 SEC-51 does not start with mistakes, and lists them all', async () => {
    const { code, out, error } = await runServer(
      environment({ SAYSO_SECRET: 'changeme', TRUST_PROXY: 'true', PORT: 'x' }),
    );
    expect([code, out]).toEqual([1, '']);
    for (const name of ['SAYSO_SECRET', 'TRUST_PROXY', 'PORT']) expect(error).toContain(name);
    expect(error).not.toContain('    at ');
  });

  it('SEC-86 keeps tokens, addresses and texts out of its log', async () => {
    const server = await start({ LOG_LEVEL: 'debug', TRUST_PROXY: '1' });
    const canary = createHmac('sha256', 'canary').digest('hex');
    const opened = await fetch(`${server.url}/api/v1/sites/demo/session`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', 'X-Forwarded-For': '203.0.113.77' },
      body: JSON.stringify({ name: 'Ada' }),
    });
    const { accessToken, refreshToken } = (await opened.json()) as Record<string, string>;
    const sent = {
      'Content-Type': 'application/json',
      Authorization: `Bearer ${accessToken}`,
      Cookie: `session=${canary}`,
      'X-Forwarded-For': '203.0.113.77',
      'User-Agent': 'canary.person@mail.example',
    };
    const body = JSON.stringify({ source: `${canary} canary.person@mail.example` });
    const where = `${server.url}${thread}/comments`;
    const good = await fetch(where, { method: 'POST', headers: sent, body });
    const wrong = await fetch(`${where}?token=${canary}`, { method: 'POST', headers: sent, body });
    expect([good.status, wrong.status]).toEqual([201, 422]);
    server.kill('SIGTERM');
    await server.exited;
    const all = server.lines.join('\n') + server.errors();
    expect(all).toContain('/comments');
    for (const word of [
      canary,
      accessToken,
      refreshToken,
      '203.0.113.77',
      'canary.person',
      secret,
    ]) {
      expect(all).not.toContain(word);
    }
  });
});
