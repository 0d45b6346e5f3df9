import { randomBytes } from 'node:crypto';
import { WebSocket } from 'ws';
import { clientEvents } from '../../src/contract/events.js';
import {
  connected,
  join,
  record,
  startRealtime,
  type RealtimeHarness,
} from '../helpers/realtime.js';
import { createClock } from '../helpers/clock.js';
import { aPost } from '../helpers/factories.js';
import { malformedPayloads } from '../helpers/malformed.js';
import { until } from '../helpers/until.js';

const generous = { messagesPerSecond: 1e6, messageBurst: 1e6 };

/** A connection without any client library, connected to the namespace. */
async function rawSocket(server: RealtimeHarness): Promise<WebSocket> {
  const socket = new WebSocket(
    `${server.url.replace('http', 'ws')}/socket.io/?EIO=4&transport=websocket`,
  );
  socket.on('error', () => undefined);
  await new Promise((opened) => socket.once('message', opened));
  socket.send('40/threads,');
  await new Promise((answered) => socket.once('message', answered));
  return socket;
}

describe('hostile messages', () => {
  let server: RealtimeHarness;
  const failures: unknown[] = [];
  const note = (error: unknown): void => void failures.push(error);
  beforeAll(() => {
    process.on('uncaughtException', note);
    process.on('unhandledRejection', note);
  });
  afterAll(() => {
    process.off('uncaughtException', note);
    process.off('unhandledRejection', note);
  });
  afterEach(async () => {
    expect(failures).toEqual([]);
    expect(server.errors).toEqual([]);
    await server.stop();
  });

  it('SEC-42 SEC-43 refuses every malformed payload of every event, with and without acknowledgement', async () => {
    server = await startRealtime({ limits: generous });
    const client = server.official();
    await connected(client);
    const untyped = client as unknown as {
      emit(event: string, ...of: unknown[]): void;
      emitWithAck(event: string, ...of: unknown[]): Promise<{ ok: boolean; code?: string }>;
    };
    const payloads = malformedPayloads();
    expect(payloads.length).toBeGreaterThanOrEqual(30);
    for (const event of Object.keys(clientEvents)) {
      for (const payload of payloads) {
        untyped.emit(event, payload);
        const answer = await untyped.emitWithAck(event, payload);
        expect({ event, payload, ok: answer.ok }).toEqual({ event, payload, ok: false });
        expect(['INVALID_INPUT', 'NOT_FOUND']).toContain(answer.code);
      }
      untyped.emit(event);
      expect(await untyped.emitWithAck(event)).toEqual({ ok: false, code: 'INVALID_INPUT' });
    }
    expect(server.realtime.stats()).toEqual({ sockets: 1, threads: 0 });
    expect(await join(client, 0)).toMatchObject({ ok: true });
  });

  it('refuses events that nobody knows', async () => {
    server = await startRealtime({ limits: generous });
    const client = server.official() as unknown as {
      emitWithAck(event: string, ...of: unknown[]): Promise<unknown>;
    };
    for (const event of [
      'thread:changed',
      'bye',
      '__proto__',
      'constructor',
      'toString',
      '*',
      '',
    ]) {
      expect(await client.emitWithAck(event, {})).toEqual({ ok: false, code: 'INVALID_INPUT' });
    }
  });

  it('SEC-43 survives bytes that are no packet, whatever they are', async () => {
    server = await startRealtime({ limits: generous });
    const witness = server.official();
    await join(witness, 0);
    const packets = [
      '',
      '4',
      '42',
      '42/threads',
      '42/threads,',
      '42/threads,{}',
      '42/threads,[]',
      '42/threads,[1]',
      '42/threads,[null]',
      '42/threads,["thread:join"',
      '42/threads,["disconnect"]',
      '42/threads,["error",{"a":1}]',
      '42/threads,["connect"]',
      '42/threads,["newListener",{}]',
      '42/threads,99999999999999999999["thread:join",{}]',
      '42/threads,-1["thread:join",{}]',
      '42/nowhere,["thread:join",{}]',
      '43/threads,1[]',
      '43/threads,["x"]',
      '40/threads,[1,2]',
      '40/threads,{"token":{"toString":1}}',
      '40/threads,null',
      '40/__proto__,',
      '41/threads,',
      '44/threads,{}',
      '46/threads,1-[]',
      '451-/threads,["thread:join",{"_placeholder":true,"num":0}]',
      '49/threads,',
      '1',
      '2probe',
      '5',
      '6',
      '9',
      '\u0000',
      `42/threads,${'['.repeat(8_000)}`,
      `42/threads,["thread:join",${'{"a":'.repeat(2_000)}1${'}'.repeat(2_000)}]`,
    ];
    for (const packet of packets) {
      const socket = await rawSocket(server);
      socket.send(packet);
      socket.send(randomBytes(20));
      await new Promise((closed) => socket.once('close', closed));
    }
    const heard = record(witness);
    await server.write(aPost());
    await until(() => heard.length > 0);
    await until(() => server.realtime.stats().sockets === 1);
  });

  it.each([
    ['a binary message', Buffer.from([1, 2, 3])],
    ['an event with an attachment', '451-/threads,["thread:join",{"_placeholder":true,"num":0}]'],
    ['16,385 bytes', `42/threads,["${'x'.repeat(16_385 - 15)}"]`],
  ])('SEC-47 closes a socket that sends %s', async (_what, packet) => {
    server = await startRealtime();
    const socket = await rawSocket(server);
    socket.send(packet);
    await new Promise((closed) => socket.once('close', closed));
    await until(() => server.realtime.stats().sockets === 0);
  });

  it('takes a packet of 16,384 bytes', async () => {
    server = await startRealtime();
    const socket = await rawSocket(server);
    const packet = '42/threads,1["thread:join",""]';
    socket.send(packet.replace('""', `"${'x'.repeat(16_384 - packet.length)}"`));
    const answer = await new Promise<string>((heard) =>
      socket.once('message', (data: Buffer) => heard(data.toString())),
    );
    expect(answer).toBe('43/threads,1[{"ok":false,"code":"INVALID_INPUT"}]');
    socket.close();
  });

  it('SEC-44 throttles a socket that sends too much, then closes it, and nobody else', async () => {
    server = await startRealtime({ limits: { messagesPerSecond: 1, messageBurst: 5 } });
    const calm = server.official();
    await join(calm, 0);
    const loud = server.official({ reconnection: false });
    await connected(loud);
    const answers: unknown[] = [];
    const leave = { site: 'demo', article: 'a' };
    for (let i = 0; i < 5; i += 1) answers.push(await loud.emitWithAck('thread:leave', leave));
    for (let i = 0; i < 20; i += 1)
      loud.emit('thread:leave', leave, (answer) => answers.push(answer));
    await until(() => !loud.connected);
    expect(answers).toEqual([
      ...Array.from({ length: 5 }, () => ({ ok: true })),
      ...Array.from({ length: 3 }, () => ({ ok: false, code: 'RATE_LIMITED' })),
    ]);
    expect(calm.connected).toBe(true);
  });

  it('lets a burst pass once the bucket has filled again', async () => {
    const clock = createClock();
    server = await startRealtime({ clock, limits: { messagesPerSecond: 200, messageBurst: 3 } });
    const client = server.official({ reconnection: false });
    const leave = { site: 'demo', article: 'a' };
    const answers: unknown[] = [];
    for (let i = 0; i < 12; i += 1) {
      answers.push(await client.emitWithAck('thread:leave', leave));
      clock.advance(5);
    }
    expect(answers).toEqual(answers.map(() => ({ ok: true })));
    for (let i = 0; i < 3; i += 1) await client.emitWithAck('thread:leave', leave);
    expect(await client.emitWithAck('thread:leave', leave)).toMatchObject({ ok: false });
  });

  it('closes a connection that floods with packets that no handler sees', async () => {
    server = await startRealtime();
    const socket = await rawSocket(server);
    for (let i = 0; i < 150; i += 1) socket.send('40/nowhere,');
    await new Promise((closed) => socket.once('close', closed));
  });

  it('SEC-45 refuses the 21st thread of a socket and leaves the others alone', async () => {
    server = await startRealtime({ limits: generous });
    const client = server.official({ reconnection: false });
    for (let i = 0; i < 20; i += 1) {
      expect(await join(client, 0, `a${String(i)}`)).toMatchObject({ ok: true });
    }
    expect(await join(client, 0, 'one-more')).toEqual({ ok: false, code: 'RATE_LIMITED' });
    expect(await join(client, 0, 'a3')).toMatchObject({ ok: true, viewers: 1 });
    expect(server.realtime.stats().threads).toBe(20);
    await client.emitWithAck('thread:leave', { site: 'demo', article: 'a3' });
    expect(await join(client, 0, 'one-more')).toMatchObject({ ok: true });
    client.disconnect();
    await until(() => server.realtime.stats().threads === 0);
  });

  it('counts parallel joins against the same limit', async () => {
    server = await startRealtime({ limits: { ...generous, roomsPerSocket: 5 } });
    const client = server.official();
    await connected(client);
    const answers = await Promise.all(
      Array.from({ length: 30 }, (_, i) => join(client, 0, `a${String(i)}`)),
    );
    expect(answers.filter(({ ok }) => ok)).toHaveLength(5);
    expect(server.realtime.stats().threads).toBe(5);
  });

  it('answers with the code of a store that fails, and leaves the thread again', async () => {
    let broken = true;
    server = await startRealtime({
      threads: (threads) => ({
        ...threads,
        revision: (name) =>
          broken ? Promise.reject(new TypeError('disk on fire')) : threads.revision(name),
      }),
    });
    const client = server.official();
    expect(await join(client, 0)).toEqual({ ok: false, code: 'INTERNAL' });
    expect(server.errors.splice(0)).toHaveLength(1);
    expect(server.realtime.stats().threads).toBe(0);
    broken = false;
    expect(await join(client, 0)).toMatchObject({ ok: true });
  });
});
