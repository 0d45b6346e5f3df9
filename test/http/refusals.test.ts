import { farLimits, startApp, type TestApp } from '../helpers/app.js';

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
});
