import { request } from 'node:http';
import type { OutgoingHttpHeaders } from 'node:http';
import type { Duplex } from 'node:stream';
import { startRealtime, type RealtimeHarness } from '../helpers/realtime.js';
import { until } from '../helpers/until.js';

interface Handshake {
  readonly status: number;
  readonly headers: OutgoingHttpHeaders;
  readonly socket: Duplex | null;
}

const handshakeHeaders = {
  connection: 'Upgrade',
  upgrade: 'websocket',
  'sec-websocket-version': '13',
  'sec-websocket-key': 'dGhlIHNhbXBsZSBub25jZQ==',
};

const opened: Duplex[] = [];

/** Opens a WebSocket by hand: 101 with its connection, or how it was refused. */
const shake = (server: RealtimeHarness, headers: OutgoingHttpHeaders = {}): Promise<Handshake> =>
  new Promise((resolve, reject) => {
    const sent = request({
      host: '127.0.0.1',
      port: server.port,
      path: '/socket.io/?EIO=4&transport=websocket',
      headers: { ...handshakeHeaders, ...headers },
    });
    sent.on('upgrade', (response, socket) => {
      opened.push(socket);
      resolve({
        status: 101,
        headers: response.headers,
        socket: socket.on('error', () => undefined),
      });
    });
    sent.on('response', (response) => {
      response.resume();
      resolve({ status: response.statusCode ?? 0, headers: response.headers, socket: null });
    });
    sent.on('error', reject);
    sent.end();
  });

describe('the handshake', () => {
  let server: RealtimeHarness;
  afterEach(() => {
    for (const socket of opened.splice(0)) socket.destroy();
    return server.stop();
  });

  it.each([
    [undefined, 101],
    ['https://news.example', 101],
    ['https://evil.example', 403],
    ['http://news.example', 403],
    ['https://news.example:8443', 403],
    ['https://news.example.evil.example', 403],
    ['https://sub.news.example', 403],
    ['HTTPS://NEWS.EXAMPLE', 403],
    ['null', 403],
    ['', 403],
    ['*', 403],
    ['https://news.example, https://evil.example', 403],
  ])('SEC-40 with origin %p is answered %d', async (origin, status) => {
    server = await startRealtime();
    const shaken = await shake(server, origin === undefined ? {} : { origin });
    expect(shaken.status).toBe(status);
    shaken.socket?.destroy();
  });

  it('does not take another transport', async () => {
    server = await startRealtime();
    for (const transport of ['polling', 'webtransport', 'nothing']) {
      const answer = await fetch(`${server.url}/socket.io/?EIO=4&transport=${transport}`);
      expect(answer.status).toBe(400);
    }
    expect((await fetch(`${server.url}/socket.io/socket.io.js`)).status).toBe(400);
  });

  it('SEC-46 refuses the socket above the cap of an address, and takes one again when one has gone', async () => {
    let address = '203.0.113.7';
    server = await startRealtime({
      limits: { openPerAddress: 3 },
      addressOf: () => address,
    });
    const open = [await shake(server), await shake(server), await shake(server)];
    expect(open.map(({ status }) => status)).toEqual([101, 101, 101]);
    const refused = await shake(server);
    expect([refused.status, refused.headers['retry-after']]).toEqual([429, '10']);
    address = '203.0.113.8';
    expect((await shake(server)).status).toBe(101);
    address = '203.0.113.7';
    open[0]!.socket!.destroy();
    await until(async () => (await shake(server)).status === 101);
  });

  it('counts parallel handshakes of one address against the same cap', async () => {
    server = await startRealtime({ limits: { openPerAddress: 5 } });
    const shaken = await Promise.all(Array.from({ length: 40 }, () => shake(server)));
    expect(shaken.filter(({ status }) => status === 101)).toHaveLength(5);
  });

  it.each([
    ['2001:db8:0:1::1', '2001:db8:0:1:ffff::2', 429],
    ['2001:db8:0:1::1', '2001:db8:0:2::1', 101],
    ['::ffff:192.0.2.1', '192.0.2.1', 429],
    ['192.0.2.1', '192.0.2.2', 101],
  ])('counts %s and %s as addresses: the second is answered %d', async (one, two, status) => {
    let address = one;
    server = await startRealtime({ limits: { openPerAddress: 1 }, addressOf: () => address });
    expect((await shake(server)).status).toBe(101);
    address = two;
    expect((await shake(server)).status).toBe(status);
  });

  it('refuses connects above the rate of an address', async () => {
    server = await startRealtime({ limits: { connectsPerMinute: 4 } });
    const statuses: number[] = [];
    for (let i = 0; i < 6; i += 1) {
      const { status, socket } = await shake(server);
      socket?.destroy();
      statuses.push(status);
    }
    expect(statuses).toEqual([101, 101, 101, 101, 429, 429]);
  });

  it('SEC-46 answers 503 when the node is full', async () => {
    server = await startRealtime({ limits: { openTotal: 2 } });
    await shake(server);
    await shake(server);
    const refused = await shake(server);
    expect([refused.status, refused.headers['retry-after']]).toEqual([503, '10']);
  });

  it('does not leak places to handshakes that fail', async () => {
    server = await startRealtime({ limits: { openPerAddress: 2 } });
    for (let i = 0; i < 10; i += 1) {
      const { status } = await shake(server, { 'sec-websocket-key': 'short' });
      expect(status).toBe(400);
    }
    await until(async () => (await shake(server)).status === 101);
  });

  it('SEC-46 closes a connection that joins no namespace within 5 s', async () => {
    server = await startRealtime();
    const { socket } = await shake(server);
    socket!.resume();
    const at = Date.now();
    await new Promise((closed) => socket!.once('close', closed));
    expect(Date.now() - at).toBeLessThan(7_000);
  }, 10_000);
});
