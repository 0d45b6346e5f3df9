import { Socket } from 'node:net';
import { createFollower } from '../../src/browser/shared/live/follower.js';
import { aDecision, aPost, aText } from '../helpers/factories.js';
import { readWhole } from '../helpers/mixed-changes.js';
import { connected, join, startRealtime, type RealtimeHarness } from '../helpers/realtime.js';
import { until } from '../helpers/until.js';

/** A reader by hand that can stop reading, so that the server's side fills up. */
async function aStubbornReader(server: RealtimeHarness): Promise<Socket> {
  const socket = new Socket().connect(server.port, '127.0.0.1');
  socket.on('error', () => undefined);
  let read = '';
  socket.on('data', (data) => (read += data.toString()));
  socket.write(
    'GET /socket.io/?EIO=4&transport=websocket HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\n' +
      'Upgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n',
  );
  await until(() => read.includes('pingInterval'));
  socket.write(masked('40/threads,'));
  await until(() => read.includes('40/threads'));
  socket.write(masked('42/threads,1["thread:join",{"site":"demo","article":"a","since":0}]'));
  await until(() => read.includes('43/threads,1'));
  socket.pause();
  return socket;
}

/** A client's frame, with a mask of zeros (RFC 6455, section 5.3). */
const masked = (text: string): Buffer =>
  Buffer.concat([
    Buffer.from([0x81, 0x80 | Buffer.byteLength(text), 0, 0, 0, 0]),
    Buffer.from(text),
  ]);

describe('a slow socket', () => {
  let server: RealtimeHarness;
  afterEach(() => server.stop());

  it('REL-15 is cut when more waits for it than it is granted, and others hear everything', async () => {
    server = await startRealtime({ timing: { windowMs: 5 } });
    const healthy = server.official();
    await connected(healthy);
    await join(healthy, 0);
    let heard = 0;
    healthy.on('thread:changed', ({ rev }) => (heard = rev));
    const stubborn = await aStubbornReader(server);
    expect(server.realtime.stats().sockets).toBe(2);
    let written = 0;
    while (server.realtime.stats().sockets === 2 && written < 400) {
      await server.write(aPost({ text: aText('x'.repeat(60_000)) }));
      written += 1;
      await until(() => heard === written);
    }
    expect(server.realtime.stats().sockets).toBe(1);
    expect(healthy.connected).toBe(true);
    stubborn.destroy();
  }, 30_000);

  it('is healed by its cursor once it is back', async () => {
    server = await startRealtime({ limits: { waitingPackets: 1 }, timing: { windowMs: 5 } });
    const name = { site: 'demo', article: 'a' };
    const client = server.official();
    const follower = createFollower({
      fetchChanges: (since) => server.threads.changes(name, since, 100),
      onItems: () => undefined,
      onThread: () => undefined,
      onResync: () => undefined,
    });
    const page = await server.threads.page(name, { sort: 'oldest', limit: 100, cursor: null });
    follower.list(page);
    client.on('thread:changed', (frame) => follower.frame(frame));
    let drops = 0;
    client.on('disconnect', () => (drops += 1));
    client.on('connect', () => {
      follower.joining();
      // A join that a drop cuts off is said again at the next connect.
      join(client, follower.cursor() ?? 0).then(
        (answer) => follower.joined(answer),
        () => undefined,
      );
    });
    await connected(client);
    const ids: string[] = [];
    for (let i = 0; i < 100; i += 1) {
      const { comment } = await server.write(aPost({ text: aText('y'.repeat(50_000)) }));
      ids.push(comment!.id);
      if (i % 7 === 0) await server.write(aDecision(ids[i / 7]!, { action: 'reject' }));
      if (drops < 3 && i % 10 === 9) client.io.engine.close();
    }
    const { rev, items } = await readWhole(server.threads, name);
    await until(() => follower.cursor() === rev && follower.settled());
    expect(drops).toBeGreaterThan(0);
    expect(new Map(follower.items().map((item) => [item.id, item]))).toEqual(new Map(items));
  }, 30_000);
});
