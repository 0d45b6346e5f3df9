import { request, type ClientRequest } from 'node:http';
import type { Changes } from '../../src/contract/thread.js';
import { startApp, type TestApp } from '../helpers/app.js';
import { aPost } from '../helpers/factories.js';
import { until } from '../helpers/until.js';
import { createLongPoll, type LongPoll } from '../../src/http/long-poll.js';

const name = { site: 'times', article: 'a' };
const path = '/api/v1/sites/times/articles/a/changes';

/** Seconds on a machine that does much else besides. */
jest.setTimeout(60_000);

describe('changes with wait', () => {
  let app: TestApp;
  beforeEach(async () => {
    app = await startApp();
    await app.putSite('times');
  });
  afterEach(() => app.stop());

  const read = async (since: number, wait = 0): Promise<Changes> =>
    (await app.client.get(`${path}?since=${since}&wait=${wait}`)).json as Changes;

  it('answer at once when there is something', async () => {
    await app.store.threads.write(name, aPost());
    const { rev, items } = await read(0, 25);
    expect([rev, items.length]).toEqual([1, 1]);
  });

  it('answer as soon as something public happens', async () => {
    const answer = read(0, 25);
    const posting = setInterval(() => void app.store.threads.write(name, aPost()), 20);
    const { prev, items } = await answer;
    clearInterval(posting);
    expect([prev, items.length > 0]).toEqual([0, true]);
  });

  it('wait on while only what is not public happens', async () => {
    let answered = false;
    const answer = read(0, 1).then((changes) => {
      answered = true;
      return changes;
    });
    await app.client.get('/livez');
    await app.store.threads.write(name, aPost({ status: 'pending' }));
    await app.store.threads.write({ ...name, article: 'b' }, aPost());
    expect(answered).toBe(false);
    const { rev, items } = await answer;
    expect([rev, items]).toEqual([1, []]);
  });

  it('answer with nothing when the time is over', async () => {
    const { rev, items, more } = await read(0, 1);
    expect([rev, items, more]).toEqual([0, [], false]);
  });

  it('are answered when the server stops', async () => {
    const answer = read(0, 25);
    // It was sent first; once this is answered, it has arrived.
    for (let i = 0; i < 5; i += 1) await app.client.get('/livez');
    const started = Date.now();
    await Promise.all([app.stop(), answer]);
    expect(Date.now() - started).toBeLessThan(5_000);
  });
});

describe('those who wait', () => {
  let app: TestApp;
  let poll: LongPoll;
  beforeEach(async () => {
    app = await startApp();
    await app.putSite('times');
    poll = createLongPoll({ threads: app.threads, watch: app.store.threads.watch });
  });
  afterEach(async () => {
    poll.close();
    await app.stop();
  });

  const wait = (bucket: string, signal = new AbortController().signal) =>
    poll.changes({ thread: name, since: 0, limit: 100, seconds: 25, bucket, signal });

  it('are forgotten when they go away', async () => {
    const gone = new AbortController();
    const answers = [wait('a', gone.signal), wait('a', gone.signal), wait('b')];
    expect(poll.size()).toBe(3);
    gone.abort();
    await Promise.all(answers.slice(0, 2));
    expect(poll.size()).toBe(1);
    await app.store.threads.write(name, aPost());
    await answers[2];
    expect(poll.size()).toBe(0);
  });

  it('are not more than 500 of one address', async () => {
    const answers = Array.from({ length: 500 }, () => wait('a'));
    await expect(wait('a')).rejects.toMatchObject({ code: 'RATE_LIMITED' });
    await app.store.threads.write(name, aPost());
    const changes = await Promise.all(answers);
    expect(changes.every((change) => (change as Changes).items.length === 1)).toBe(true);
    expect(poll.size()).toBe(0);
  });

  it('leave no trace when they hang up', async () => {
    const agentless = (): ClientRequest => {
      const outgoing = request(`${app.url}${path}?since=0&wait=25`, { agent: false });
      outgoing.on('error', () => undefined);
      outgoing.end();
      return outgoing;
    };
    const before = app.logs.length;
    const calls = Array.from({ length: 20 }, agentless);
    await Promise.all(calls.map((call) => new Promise((resolve) => call.on('socket', resolve))));
    await app.client.get('/livez');
    for (const call of calls) call.destroy();
    await until(() => app.logs.slice(before).filter(({ status }) => status === 499).length === 20);
  });
});
