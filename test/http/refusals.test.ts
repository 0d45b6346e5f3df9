import { startApp, type TestApp } from '../helpers/app.js';
import { farLimits } from '../helpers/factories.js';

const thread = { site: 'times', article: 'a' };

let app: TestApp;
afterEach(() => app.stop());

const post = (token: string, source: string) =>
  app.client.call('postComment', { params: thread, token, body: { source } });

describe('a refusal', () => {
  it('names the rule of screening', async () => {
    app = await startApp();
    await app.putSite('times');
    const ada = await app.guest('times');
    await post(ada, 'The same words twice.');
    const { status, json } = await post(ada, 'The same words twice.');
    expect([status, json]).toEqual([
      422,
      expect.objectContaining({ code: 'REFUSED', rule: 'duplicate' }),
    ]);
  });

  it('names the limit', async () => {
    app = await startApp();
    const vote = [{ points: 1, seconds: 60 }];
    await app.putSite('times', { limits: { ...farLimits, vote } });
    const ada = await app.guest('times');
    const { json } = await post(ada, 'Hello.');
    const params = { ...thread, id: (json as { id: string }).id };
    const cast = () => app.client.call('castVote', { params, token: ada, body: { value: 1 } });
    await cast();
    expect((await cast()).json).toMatchObject({ code: 'RATE_LIMITED', rule: 'vote' });
  });

  it('is counted by its rule, once, and a post by what became of it', async () => {
    app = await startApp({ env: { SAYSO_LIMIT_READS_PER_MINUTE: '8' } });
    const guestComment = [{ points: 2, seconds: 60 }];
    await app.putSite('times', { moderation: 'links', limits: { ...farLimits, guestComment } });
    const ada = await app.guest('times');
    await post(ada, 'Hello.');
    await post(ada, 'See https://a.example/1');
    await post(ada, 'Hello again.');
    const page = () => app.client.call('listComments', { params: thread });
    while ((await page()).status !== 429);
    const { text } = await app.client.get('/metrics');
    const counted = text.split('\n').filter((line) => /^sayso_(posts|limited)_total/.test(line));
    expect(counted.sort()).toEqual([
      'sayso_limited_total{bucket="comment"} 1',
      'sayso_limited_total{bucket="flood"} 1',
      'sayso_posts_total{outcome="RATE_LIMITED"} 1',
      'sayso_posts_total{outcome="approved"} 1',
      'sayso_posts_total{outcome="pending"} 1',
    ]);
  });
});
