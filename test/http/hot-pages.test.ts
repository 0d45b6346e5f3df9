import fc from 'fast-check';
import { connect } from 'node:net';
import type { CommentView } from '../../src/contract/comment.js';
import { startApp, type TestApp } from '../helpers/app.js';
import { createClock } from '../helpers/clock.js';
import { aDecision, aSetting } from '../helpers/factories.js';
import type { Answer, CallInput } from '../helpers/client.js';

const name = { site: 'times', article: 'a' };
const list = '/api/v1/sites/times/articles/a/comments';
const counts = '/api/v1/sites/times/counts?articles=a,b';
const origin = 'https://times.example';

/** Leaves Express no way to take it for a usual request. */
const viaExpress = { 'accept-encoding': 'gzip, br;q=0.5' };

/** Seconds on a machine that does much else besides. */
jest.setTimeout(60_000);

describe('kept pages', () => {
  const clock = createClock();
  let app: TestApp;
  let ada: string;

  beforeAll(async () => {
    app = await startApp({ overrides: { clock } });
    await app.putSite('times', { origins: [origin] });
    ada = await app.guest('times');
    for (let i = 0; i < 30; i += 1) await post();
  });
  afterAll(() => app.stop());

  const call = (route: Parameters<TestApp['client']['call']>[0], input: Partial<CallInput>) =>
    app.client.call(route, { params: name, token: ada, ...input });

  async function post(fields: Record<string, unknown> = {}): Promise<string> {
    const { json } = await call('postComment', { body: { source: `${Math.random()}`, ...fields } });
    return (json as CommentView).id;
  }

  const isHot = (answer: Answer) => answer.headers['x-request-id'] === undefined;

  async function warm(path: string): Promise<Answer> {
    await app.client.get(path);
    const answer = await app.client.get(path);
    expect(isHot(answer)).toBe(true);
    return answer;
  }

  it('show a comment to the very next request', async () => {
    for (let i = 0; i < 30; i += 1) {
      await warm(list);
      const id = await post();
      const { json } = await app.client.get(list);
      expect((json as { items: { id: string }[] }).items[0]?.id).toBe(id);
    }
  });

  it('count a comment in the very next request', async () => {
    const before = (await warm(counts)).json as { counts: { a: number } };
    await post();
    const after = (await app.client.get(counts)).json as { counts: { a: number } };
    expect(after.counts.a).toBe(before.counts.a + 1);
  });

  it.each([list, `${list}?sort=oldest&limit=50`, counts])(
    'of %s have the headers and bytes that Express sends',
    async (path) => {
      for (const headers of [{ origin }, { origin: 'https://other.example' }, {}]) {
        await warm(path);
        const hot = await app.client.get(path, { ...headers, 'accept-encoding': 'gzip' });
        const slow = await app.client.get(path, { ...headers, ...viaExpress });
        expect([isHot(hot), isHot(slow)]).toEqual([true, false]);
        expect(withoutCounters(hot)).toEqual(withoutCounters(slow));
        expect(hot.text).toBe(slow.text);
        const same = { ...headers, 'if-none-match': hot.headers.etag ?? '' };
        const hot304 = await app.client.get(path, same);
        const slow304 = await app.client.get(path, { ...same, ...viaExpress });
        expect([hot304.status, isHot(hot304), slow304.status]).toEqual([304, true, 304]);
        expect(withoutCounters(hot304)).toEqual(withoutCounters(slow304));
      }
    },
  );

  it('are compressed for those who ask', async () => {
    const plain = await warm(list);
    const zipped = await app.client.get(list, { 'accept-encoding': 'gzip, deflate, br' });
    expect([isHot(zipped), zipped.headers['content-encoding']]).toEqual([true, 'gzip']);
    expect(zipped.text).toBe(plain.text);
    expect(zipped.bytes).toBeLessThan(plain.bytes / 3);
    const refused = await app.client.get(list, { 'accept-encoding': 'gzip;q=0' });
    expect(refused.headers['content-encoding']).toBeUndefined();
  });

  it('answer 304 to the ETag in any form, and 200 to another', async () => {
    const etag = (await warm(list)).headers.etag ?? '';
    const forms = [etag, etag.slice(2), `"x", ${etag}`, '*'];
    for (const form of forms) {
      const answer = await app.client.get(list, { 'if-none-match': form });
      expect([form, answer.status, answer.text]).toEqual([form, 304, '']);
    }
    expect((await app.client.get(list, { 'if-none-match': 'W/"x"' })).status).toBe(200);
  });

  it('end the connection where the client asks for it', async () => {
    const kept = await warm(list);
    const last = await app.client.get(list, { connection: 'close' });
    expect([isHot(last), last.headers.connection]).toEqual([true, 'close']);
    expect(last.text).toBe(kept.text);
    expect(Math.abs(Date.parse(kept.headers.date ?? '') - Date.now())).toBeLessThan(10_000);
  });

  it('are whole when many are asked for at once on one connection', async () => {
    const { text, headers } = await warm(list);
    const again = `GET ${list} HTTP/1.1\r\nHost: x\r\n`;
    const same = `${again}If-None-Match: ${headers.etag}\r\n\r\n`;
    const requests = `${again}\r\n${same}`.repeat(20) + `${again}Connection: close\r\n\r\n`;
    const answers = await new Promise<string>((resolve) => {
      const socket = connect(app.port, '127.0.0.1', () => socket.write(requests));
      let all = '';
      socket.on('data', (chunk: Buffer) => (all += chunk.toString('latin1')));
      socket.on('close', () => resolve(all));
    });
    const body = Buffer.from(text).toString('latin1');
    expect(answers.split(body)).toHaveLength(22);
    expect(answers.match(/HTTP\/1.1 304 Not Modified\r\n/g)).toHaveLength(20);
  });

  it('are not given to who sends bad credentials', async () => {
    await warm(list);
    expect((await app.client.get(list, { authorization: 'Bearer x' })).status).toBe(401);
  });

  it('follow the origins of the site within seconds', async () => {
    const allowed = async () => {
      await app.client.get(list);
      const answer = await app.client.get(list, { origin: 'https://new.example' });
      return answer.headers['access-control-allow-origin'];
    };
    await warm(list);
    expect(await allowed()).toBeUndefined();
    await app.putSite('times', { origins: [origin, 'https://new.example'] });
    clock.advance(6_001);
    expect(await allowed()).toBe('https://new.example');
    await app.putSite('times', { origins: [origin] });
    clock.advance(6_001);
    expect(await allowed()).toBeUndefined();
  });

  it('follow the settings of the site that show in them', async () => {
    const moderation = async () => {
      await app.client.get(list);
      return ((await app.client.get(list)).json as { thread: { moderation: string } }).thread
        .moderation;
    };
    expect(await moderation()).toBe('open');
    await app.putSite('times', { origins: [origin], moderation: 'links', version: 1 });
    clock.advance(6_001);
    expect(await moderation()).toBe('links');
    await app.putSite('times', { origins: [origin], version: 2 });
    clock.advance(6_001);
    expect(await moderation()).toBe('open');
  });

  it('are the same as pages built afresh, whatever happened', async () => {
    const bodies = new Map<string, string>();
    const fresh = (path: string, sort: string, limit: number): Promise<unknown> =>
      path === counts
        ? app.threads.counts('times', ['a', 'b'])
        : app.threads.page(name, { sort: sort as 'newest', limit, cursor: null });

    const ids: string[] = [await post()];
    const any = fc.oneof(
      fc.constant('post' as const),
      fc.constant('reply' as const),
      fc.constant('vote' as const),
      fc.constant('edit' as const),
      fc.constant('delete' as const),
      fc.constant('reject' as const),
      fc.constant('approve' as const),
      fc.constant('close' as const),
    );
    const step = fc.record({
      act: any,
      pick: fc.nat(),
      sort: fc.constantFrom('newest', 'oldest', 'top', 'replies'),
      limit: fc.constantFrom(1, 5, 20, 100),
    });
    const seed = Date.now() % 1_000_000;
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 20 }), async (steps) => {
        for (const { act, pick, sort, limit } of steps) {
          const id = ids[pick % ids.length]!;
          await perform(act, id);
          for (const path of [`${list}?sort=${sort}&limit=${limit}`, counts]) {
            await app.client.get(path);
            const hot = await app.client.get(path);
            expect(hot.json).toEqual(await fresh(path, sort, limit));
            const etag = hot.headers.etag ?? '';
            const known = bodies.get(etag) ?? hot.text;
            expect(hot.text).toBe(known);
            bodies.set(etag, known);
          }
        }
      }),
      { numRuns: 10, seed },
    );

    async function perform(act: string, id: string): Promise<void> {
      const params = { ...name, id };
      if (act === 'post') ids.push(await post());
      if (act === 'reply') await post({ parentId: id });
      if (act === 'vote') await call('castVote', { params, body: { value: 1 } });
      if (act === 'edit')
        await call('editComment', { params, body: { source: `${Math.random()}` } });
      if (act === 'delete') await call('deleteComment', { params });
      if (act === 'reject' || act === 'approve') {
        await app.store.threads.write(name, aDecision(id, { action: act })).catch(() => undefined);
      }
      if (act === 'close') {
        await app.store.threads.write(name, aSetting({ notice: `${Math.random()}` }));
      }
    }
  });
});

describe('the flood limit on kept pages', () => {
  it('counts them with all others, and refuses when it is reached', async () => {
    const app = await startApp({ env: { SAYSO_LIMIT_READS_PER_MINUTE: '5' } });
    await app.putSite('times');
    const answers: Answer[] = [];
    for (let i = 0; i < 7; i += 1) answers.push(await app.client.get(list));
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200, 200, 429, 429]);
    expect(answers.map(({ headers }) => headers.ratelimit)).toEqual(
      [4, 3, 2, 1, 0, 0, 0].map((left) => `"5-in-1min"; r=${left}; t=60`),
    );
    expect(new Set(answers.map(({ headers }) => headers['ratelimit-policy'])).size).toBe(1);
    await app.stop();
  });
});

/** What may differ between two answers to the same. */
function withoutCounters({ headers }: Answer): Record<string, unknown> {
  const counters = new Set(['date', 'ratelimit', 'x-request-id']);
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !counters.has(name)));
}
