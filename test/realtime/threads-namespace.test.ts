import {
  ThreadChanged,
  YouChanged,
  Joined,
  type CountsChanged,
} from '../../src/contract/events.js';
import type { Person } from '../../src/domain/actor.js';
import { createClock } from '../helpers/clock.js';
import {
  aDecision,
  aPost,
  aSetting,
  aText,
  aVote,
  anAuthor,
  anEdit,
} from '../helpers/factories.js';
import {
  connected,
  join,
  record,
  startRealtime,
  type OfficialClient,
  type RealtimeHarness,
  type RealtimeOptions,
} from '../helpers/realtime.js';
import { until } from '../helpers/until.js';

const ada: Person = {
  kind: 'member',
  site: 'demo',
  id: 'ada',
  name: 'Ada',
  badges: [],
  moderator: false,
  sessionId: 's1',
  ipKey: 'ip',
};

describe('the namespace /threads', () => {
  let server: RealtimeHarness;
  const start = async (options: RealtimeOptions = {}): Promise<void> => {
    server = await startRealtime(options);
  };
  afterEach(async () => {
    expect(server.errors).toEqual([]);
    await server.stop();
  });

  const aReader = async (
    since?: number,
    article = 'a',
    token?: string,
  ): Promise<OfficialClient> => {
    const client = server.official(token === undefined ? {} : { auth: { token } });
    await connected(client);
    await join(client, since, article);
    return client;
  };

  it('tells everybody in a thread of a new comment, and nobody else', async () => {
    await start();
    const [one, two, elsewhere] = [await aReader(), await aReader(), await aReader(0, 'b')];
    const left = await aReader();
    const idle = server.official();
    await connected(idle);
    await left.emitWithAck('thread:leave', { site: 'demo', article: 'a' });
    const streams = [one, two, elsewhere, left, idle].map(record);
    const { comment } = await server.write(aPost());
    await until(() => streams[0]!.length > 0 && streams[1]!.length > 0);
    const frame = streams[0]![0]!.payload as unknown;
    expect(ThreadChanged.parse(frame)).toMatchObject({
      site: 'demo',
      article: 'a',
      prev: 0,
      rev: 1,
      thread: { count: 1, rev: 1 },
      items: [{ id: comment!.id, html: '<p>Well said.</p>', rev: 1 }],
    });
    expect(streams[1]).toEqual(streams[0]);
    await server.write(aPost(), 'b');
    await until(() => streams[2]!.length > 0);
    expect(
      streams[2]!.map(({ payload }: { payload: { article: string } }) => payload.article),
    ).toEqual(['b']);
    expect([streams[3], streams[4]]).toEqual([[], []]);
  });

  it('answers a join with what was missed since the cursor', async () => {
    await start();
    const { comment } = await server.write(aPost());
    await server.write(aVote(comment!.id));
    const client = server.official();
    const answer = await join(client, 0);
    expect(Joined.parse(answer)).toEqual(answer);
    expect(answer).toMatchObject({ ok: true, prev: 0, rev: 2, more: false, viewers: 1 });
    expect(answer.items).toMatchObject([{ id: comment!.id, up: 1, rev: 2 }]);
    expect(await join(client, 1)).toMatchObject({ prev: 1, items: [{ id: comment!.id, up: 1 }] });
    expect(await join(client, 2)).toMatchObject({ prev: 2, rev: 2, items: [] });
  });

  it('answers a join without a cursor from the head, with no items', async () => {
    await start();
    await server.write(aPost());
    const answer = await join(server.official());
    expect(answer).toMatchObject({ ok: true, prev: 1, rev: 1, items: [], more: false, viewers: 1 });
    expect(answer.thread.count).toBe(1);
  });

  it('follows an article that nobody has written to', async () => {
    await start();
    const client = server.official();
    expect(await join(client, 0)).toMatchObject({ ok: true, rev: 0, thread: { count: 0 } });
    const heard = record(client);
    await server.write(aPost());
    await until(() => heard.length > 0);
    expect(heard[0]!.payload).toMatchObject({ prev: 0, rev: 1 });
  });

  it('answers a cursor that is ahead of the head with a resync', async () => {
    await start();
    await server.write(aPost());
    expect(await join(server.official(), 5_000)).toEqual({ ok: true, resync: true, rev: 1 });
  });

  it('cuts a long catch-up after 100 items and says that there is more', async () => {
    await start();
    for (let i = 0; i < 130; i += 1) await server.write(aPost());
    const answer = await join(server.official(), 0);
    expect(answer.items).toHaveLength(100);
    expect(answer.more).toBe(true);
  });

  it('refuses an unknown site and joins nothing', async () => {
    await start();
    const client = server.official();
    const answer: unknown = await client.emitWithAck('thread:join', {
      site: 'nobody',
      article: 'a',
    });
    expect(answer).toEqual({ ok: false, code: 'NOT_FOUND' });
    expect(server.realtime.stats()).toEqual({ sockets: 1, threads: 0 });
  });

  it('sends a burst of changes in few frames that lead on from one another', async () => {
    await start({ timing: { windowMs: 100 } });
    const client = await aReader();
    const heard = record(client);
    for (let i = 0; i < 60; i += 1) await server.write(aPost());
    const frames = (): { prev: number; rev: number }[] => heard.map(({ payload }) => payload);
    await until(() => frames().at(-1)?.rev === 60);
    expect(frames().length).toBeLessThan(20);
    for (const [i, { prev }] of frames().entries()) {
      expect(prev).toBe(i === 0 ? 0 : frames()[i - 1]!.rev);
    }
  });

  it('lets votes wait so that many share a frame', async () => {
    await start({ timing: { windowMs: 150 } });
    const { comment } = await server.write(aPost());
    const heard = record(await aReader(1));
    for (let i = 0; i < 20; i += 1) {
      await server.write(aVote(comment!.id, { actorId: `voter-${String(i)}` }));
    }
    await until(() => heard.length > 0);
    expect(heard[0]!.payload).toMatchObject({
      prev: 1,
      rev: 21,
      items: [{ id: comment!.id, rev: 21, up: 20, down: 0, score: 20, replyCount: 0 }],
    });
  });

  it('shows settings of the thread at once', async () => {
    await start();
    const heard = record(await aReader());
    await server.write(aSetting({ state: 'closed', notice: 'Closed for the night.' }));
    await until(() => heard.length > 0);
    expect(heard[0]!.payload).toMatchObject({
      items: [],
      thread: { state: 'closed', notice: 'Closed for the night.' },
    });
  });

  it('never shows a held comment, and spans its change in the next frame', async () => {
    await start();
    const heard = record(await aReader());
    const held = await server.write(aPost({ status: 'pending', text: aText('held words') }));
    await server.write(anEdit(held.comment!.id));
    const shown = await server.write(aPost());
    await until(() => heard.length > 0);
    expect(heard).toHaveLength(1);
    expect(heard[0]!.payload).toMatchObject({
      prev: 0,
      rev: 3,
      items: [{ id: shown.comment!.id }],
    });
    expect(JSON.stringify(heard)).not.toContain('held words');
    await server.write(aDecision(held.comment!.id, { action: 'approve' }));
    await until(() => heard.length > 1);
    expect(heard[1]!.payload).toMatchObject({
      items: [{ id: held.comment!.id, status: 'approved' }],
    });
  });

  it('says that a comment is gone, without its text', async () => {
    await start();
    const { comment } = await server.write(aPost({ text: aText('secret words') }));
    const heard = record(await aReader(1));
    await server.write(aDecision(comment!.id, { action: 'reject' }));
    await until(() => heard.length > 0);
    expect(heard[0]!.payload).toMatchObject({ items: [{ id: comment!.id, rev: 2, gone: true }] });
    expect(JSON.stringify(heard)).not.toContain('secret');
  });

  it('tells an author alone of an own comment that others may not see', async () => {
    await start();
    server.identities.set('t-ada', { actor: ada, expiresAt: Date.now() + 60_000 });
    server.identities.set('t-bob', {
      actor: { ...ada, id: 'bob' },
      expiresAt: Date.now() + 60_000,
    });
    server.identities.set('t-far', {
      actor: { ...ada, site: 'far' },
      expiresAt: Date.now() + 60_000,
    });
    const author = record(await aReader(0, 'a', 't-ada'));
    const tab = record(await aReader(0, 'a', 't-ada'));
    const others = [
      record(await aReader(0, 'a', 't-bob')),
      record(await aReader(0, 'a', 't-far')),
      record(await aReader(0, 'b', 't-ada')),
      record(await aReader()),
    ];
    const held = await server.write(
      aPost({
        status: 'pending',
        author: anAuthor({ id: 'ada' }),
        reasons: [{ rule: 'links', message: 'Has links.' }],
      }),
    );
    await until(() => author.length > 0 && tab.length > 0);
    expect(author[0]!.event).toBe('you:changed');
    expect(YouChanged.parse(author[0]!.payload)).toMatchObject({
      site: 'demo',
      article: 'a',
      comments: [
        {
          id: held.comment!.id,
          status: 'pending',
          mine: true,
          source: 'Well said.',
          reasons: [{ rule: 'links', message: 'Has links.' }],
        },
      ],
    });
    await server.write(aDecision(held.comment!.id, { action: 'reject', reason: 'spam' }));
    await until(() => author.length > 1);
    expect(author[1]!.payload).toMatchObject({ comments: [{ status: 'rejected' }] });
    await server.write(aPost());
    await until(() => others[3]!.length > 0);
    for (const stream of others) {
      expect(stream.filter(({ event }) => event === 'you:changed')).toEqual([]);
    }
  });

  it('tells an author whose public comment was hidden why', async () => {
    await start();
    server.identities.set('t', { actor: ada, expiresAt: Date.now() + 60_000 });
    const { comment } = await server.write(aPost({ author: anAuthor({ id: 'ada' }) }));
    const heard = record(await aReader(1, 'a', 't'));
    await server.write(aDecision(comment!.id, { action: 'reject', reason: 'abuse' }));
    await until(() => heard.length >= 2);
    const byEvent = Object.fromEntries(heard.map(({ event, payload }) => [event, payload]));
    expect(byEvent['thread:changed']).toMatchObject({ items: [{ gone: true }] });
    expect(byEvent['you:changed']).toMatchObject({
      comments: [{ id: comment!.id, status: 'rejected' }],
    });
  });

  it('sends an empty frame when there was none for a while', async () => {
    await start({ timing: { heartbeatMs: 60, sweepMs: 10 } });
    await server.write(aPost());
    const heard = record(await aReader(1));
    await server.write(aPost({ status: 'pending' }));
    await until(() => heard.length >= 2);
    expect(heard[1]!.payload).toMatchObject({ prev: 1, rev: 2, items: [] });
  });

  it('REL-10 finds out by itself what the store did not tell', async () => {
    await start({
      timing: { heartbeatMs: 50, sweepMs: 10 },
      store: (store) => ({
        ...store,
        threads: { ...store.threads, watch: () => () => undefined },
      }),
    });
    const heard = record(await aReader());
    await server.write(aPost());
    await until(() =>
      heard.some(({ payload }: { payload: { items: [] } }) => payload.items.length > 0),
    );
  });

  it('tells how many are reading, from two up', async () => {
    await start({ timing: { sweepMs: 20 } });
    const one = await aReader();
    const heard = record(one);
    const two = await aReader();
    await until(() => heard.length > 0);
    expect(heard).toEqual([
      { event: 'thread:viewers', payload: { site: 'demo', article: 'a', viewers: 2 } },
    ]);
    two.disconnect();
    await until(() => heard.length > 1);
    expect(heard[1]!.payload).toMatchObject({ viewers: 1 });
  });

  it('counts what a page of links watches, and tells those that moved', async () => {
    await start({ timing: { countsMs: 20 } });
    await server.write(aPost());
    const client = server.official();
    const heard = record(client);
    const answer: unknown = await client.emitWithAck('counts:watch', {
      site: 'demo',
      articles: ['a', 'b'],
    });
    expect(answer).toEqual({ ok: true, counts: { a: 1, b: 0 } });
    await server.write(aPost(), 'c');
    await server.write(aPost(), 'b');
    await until(() => heard.length > 0);
    expect(heard.map(({ event, payload }) => [event, payload as CountsChanged])).toEqual([
      ['counts:changed', { site: 'demo', counts: { b: 1 } }],
    ]);
    await client.emitWithAck('counts:watch', { site: 'demo', articles: ['c'] });
    await server.write(aPost(), 'b');
    await server.write(aPost(), 'c');
    await until(() => heard.length > 1);
    expect(heard[1]!.payload).toEqual({ site: 'demo', counts: { c: 2 } });
  });

  it('does not tell counts that did not move', async () => {
    await start({ timing: { countsMs: 10 } });
    const { comment } = await server.write(aPost());
    const client = server.official();
    const heard = record(client);
    await client.emitWithAck('counts:watch', { site: 'demo', articles: ['a'] });
    await server.write(anEdit(comment!.id));
    await server.write(aPost());
    await until(() => heard.length > 0);
    expect(heard.map(({ payload }) => payload)).toEqual([{ site: 'demo', counts: { a: 2 } }]);
  });

  it('SEC-41 ends a socket whose token has run out', async () => {
    const clock = createClock(Date.now());
    await start({ clock, timing: { sweepMs: 10 } });
    server.identities.set('t', { actor: ada, expiresAt: clock.now() + 900_000 });
    const client = server.official({ auth: { token: 't' }, reconnection: false });
    const anonymous = server.official();
    await connected(client);
    await connected(anonymous);
    clock.advance(900_000);
    await until(() => !client.connected);
    expect(anonymous.connected).toBe(true);
  });

  it.each([
    ['t-wrong', 'UNAUTHENTICATED'],
    ['t-old', 'TOKEN_EXPIRED'],
    [{ $ne: null }, 'UNAUTHENTICATED'],
    [7, 'UNAUTHENTICATED'],
  ])('SEC-41 refuses a handshake with the token %p', async (token, code) => {
    await start();
    server.identities.set('t-old', { actor: ada, expiresAt: 1 });
    const client = server.official({ auth: { token } });
    const error = await new Promise<Error & { data?: unknown }>((heard) =>
      client.on('connect_error', heard),
    );
    expect([error.message, error.data]).toEqual([code, { code }]);
  });

  it('serves the small client the same', async () => {
    await start();
    const heard: unknown[] = [];
    const client = server.small();
    client.on('thread:changed', (frame) => heard.push(frame));
    await until(() => client.state() === 'open');
    expect(
      await client.send('thread:join', { site: 'demo', article: 'a', since: 0 }),
    ).toMatchObject({
      ok: true,
      rev: 0,
    });
    await server.write(aPost());
    await until(() => heard.length > 0);
    expect(ThreadChanged.parse(heard[0])).toMatchObject({ prev: 0, rev: 1 });
  });

  it('says goodbye to everybody with a wait of their own, then closes', async () => {
    await start();
    const clients = [await aReader(), await aReader()];
    const streams = clients.map(record);
    let wait = 5_000;
    await server.realtime.stop(() => (wait += 1_000));
    await until(() => clients.every((client) => !client.connected));
    expect(streams.map((stream) => stream.map(({ payload }) => payload))).toEqual([
      [{ retryInMs: 6_000 }],
      [{ retryInMs: 7_000 }],
    ]);
    expect(server.realtime.stats().sockets).toBe(0);
  });

  it('forgets a thread some time after its last reader', async () => {
    const reads = { a: 0, b: 0 };
    await start({
      timing: { windowMs: 5, lingerMs: 300, sweepMs: 10 },
      threads: (threads) => ({
        ...threads,
        changes: (name, ...of) => {
          if (name.article === 'a' || name.article === 'b') reads[name.article] += 1;
          return threads.changes(name, ...of);
        },
      }),
    });
    const client = await aReader();
    await aReader(0, 'b');
    client.disconnect();
    await until(() => server.realtime.stats().threads === 1);
    // What is read of b was written after a, which would have been read before.
    const isFollowed = async (): Promise<boolean> => {
      const { a, b } = reads;
      await server.write(aPost(), 'a');
      await server.write(aPost(), 'b');
      await until(() => reads.b > b);
      return reads.a > a;
    };
    expect(await isFollowed()).toBe(true);
    await until(async () => !(await isFollowed()), 'the end of the thread');
    expect(await isFollowed()).toBe(false);
  });
});
