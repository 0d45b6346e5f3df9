import { createServer, type Server as HttpServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Server } from 'socket.io';
import { WebSocket as NodeWebSocket } from 'ws';
import { openSocket, type LiveSocket } from '../../../../src/browser/shared/live/socket.js';
import { until } from '../../../helpers/until.js';

const WebSocketOfTests = NodeWebSocket as unknown as typeof WebSocket;

describe('the small Socket.IO client', () => {
  let http: HttpServer;
  let io: Server;
  let url: string;
  const sockets: LiveSocket[] = [];

  const open = (options: Partial<Parameters<typeof openSocket>[0]> = {}): LiveSocket => {
    const socket = openSocket({ url, WebSocket: WebSocketOfTests, random: () => 0.01, ...options });
    sockets.push(socket);
    return socket;
  };

  const serve = async (port = 0, options: object = {}): Promise<void> => {
    http = createServer();
    io = new Server(http, { transports: ['websocket'], serveClient: false, ...options });
    io.of('/threads');
    await new Promise<void>((done) => http.listen(port, '127.0.0.1', done));
    url = `http://127.0.0.1:${String((http.address() as AddressInfo).port)}`;
  };

  beforeEach(() => serve());
  afterEach(async () => {
    for (const socket of sockets.splice(0)) socket.close();
    await io.close();
  });

  it('sends events and gets each its own acknowledgement', async () => {
    io.of('/threads').on('connection', (socket) => {
      socket.on('thread:leave', (payload: unknown, ack: (answer: unknown) => void) =>
        setTimeout(() => ack({ ok: true, payload }), Math.random() * 5),
      );
    });
    const socket = open();
    await until(() => socket.state() === 'open');
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, n) => socket.send('thread:leave', { n, text: '…"]}' })),
    );
    expect(answers).toEqual(answers.map((_, n) => ({ ok: true, payload: { n, text: '…"]}' } })));
  });

  it('hears events with their payload', async () => {
    const heard: unknown[] = [];
    io.of('/threads').on('connection', (socket) =>
      socket.emit('thread:viewers', { site: 'demo', article: 'a,[1', viewers: 2 }),
    );
    open().on('thread:viewers', (payload) => heard.push(payload));
    await until(() => heard.length > 0);
    expect(heard).toEqual([{ site: 'demo', article: 'a,[1', viewers: 2 }]);
  });

  it('shows its token at every connect', async () => {
    const tokens: unknown[] = [];
    io.of('/threads').on('connection', (socket) => tokens.push(socket.handshake.auth));
    let token: string | null = null;
    open({ token: () => token });
    await until(() => tokens.length === 1);
    token = 'abc';
    io.of('/threads').disconnectSockets(true);
    await until(() => tokens.length === 2);
    expect(tokens).toEqual([{}, { token: 'abc' }]);
  });

  it('answers pings and stays', async () => {
    await io.close();
    await serve(0, { pingInterval: 20, pingTimeout: 60 });
    let dropped = false;
    let beats = 0;
    io.of('/threads').on('connection', (socket) => {
      socket.conn.on('heartbeat', () => (beats += 1));
      socket.on('disconnect', () => (dropped = true));
    });
    open();
    await until(() => beats >= 10);
    expect(dropped).toBe(false);
  });

  it('takes a server for lost that says nothing for longer than a ping and its answer', async () => {
    await io.close();
    await serve(0, { pingInterval: 30, pingTimeout: 20 });
    let connections = 0;
    io.of('/threads').on('connection', (socket) => {
      connections += 1;
      clearTimeout(
        (socket.conn as unknown as { pingIntervalTimer: NodeJS.Timeout }).pingIntervalTimer,
      );
    });
    open();
    await until(() => connections >= 2);
  });

  it('comes back after a drop, with growing waits until it is served', async () => {
    const waits: number[] = [];
    const socket = open({
      random: () => {
        waits.push(Date.now());
        return 0.02;
      },
    });
    await until(() => socket.state() === 'open');
    const { port } = http.address() as AddressInfo;
    await io.close();
    await until(() => waits.length >= 4);
    await serve(port);
    await until(() => socket.state() === 'open');
    const gaps = waits.slice(1).map((at, i) => at - (waits[i] ?? at));
    expect(gaps.at(-1)).toBeGreaterThan(gaps[0]! * 1.5);
  });

  it('rejects what was not answered when the connection drops, and what is sent without one', async () => {
    io.of('/threads').on('connection', (socket) =>
      socket.on('never', () => socket.disconnect(true)),
    );
    const socket = open({ random: () => 1 });
    await until(() => socket.state() === 'open');
    await expect(socket.send('never', {})).rejects.toThrow('offline');
    expect(socket.state()).toBe('paused');
    await expect(socket.send('never', {})).rejects.toThrow('offline');
  });

  it('waits as long as a leaving server asks', async () => {
    let connections = 0;
    io.of('/threads').on('connection', (socket) => {
      connections += 1;
      socket.emit('bye', { retryInMs: 60 });
      socket.disconnect(true);
    });
    const states: [string, number][] = [];
    const socket = open({ random: () => 0 });
    socket.onState((state) => states.push([state, Date.now()]));
    await until(() => connections >= 2);
    const paused = states.find(([state]) => state === 'paused')![1];
    const again = states.find(([state, at]) => state === 'connecting' && at >= paused)![1];
    expect(again - paused).toBeGreaterThanOrEqual(55);
  });

  it('tells its states in order and none after it was closed', async () => {
    const states: string[] = [];
    const socket = open();
    socket.onState((state) => states.push(state));
    await until(() => socket.state() === 'open');
    socket.close();
    socket.close();
    expect(states).toEqual(['open', 'paused']);
    await until(() => io.of('/threads').sockets.size === 0);
    expect(socket.state()).toBe('paused');
  });

  it('connects at once when it is woken', async () => {
    const socket = open({ random: () => 1 });
    await until(() => socket.state() === 'open');
    io.of('/threads').disconnectSockets(true);
    await until(() => socket.state() === 'paused');
    socket.wake();
    expect(socket.state()).toBe('connecting');
    await until(() => socket.state() === 'open');
  });

  it('tries again when it was refused', async () => {
    let refusals = 0;
    io.of('/threads').use((_socket, next) => {
      refusals += 1;
      next(refusals < 3 ? new Error('TOKEN_EXPIRED') : undefined);
    });
    const socket = open();
    await until(() => socket.state() === 'open');
    expect(refusals).toBe(3);
  });
});
