import { startApp, type TestApp } from '../helpers/app.js';
import { farLimits } from '../helpers/factories.js';
import type { Answer } from '../helpers/client.js';

const five = [{ points: 5, seconds: 600 }];
const comments = '/api/v1/sites/news/articles/article-1/comments';

let app: TestApp;
afterEach(() => app.stop());

const post = (n: number, headers: Record<string, string> = {}): Promise<Answer> =>
  app.client.send('POST', comments, {
    headers,
    body: { source: `Word number ${n}, unlike all others.`, author: { name: 'Ada' } },
  });

const passed = (answers: readonly Answer[]): number =>
  answers.filter(({ status }) => status === 201).length;

async function inTurn(headers: (n: number) => Record<string, string>): Promise<readonly Answer[]> {
  const answers: Answer[] = [];
  for (let n = 0; n < 30; n += 1) answers.push(await post(n, headers(n)));
  return answers;
}

describe('limits of an address', () => {
  it.each(['X-Forwarded-For', 'X-Real-IP', 'Forwarded', 'CF-Connecting-IP', 'True-Client-IP'])(
    'SEC-50 count 30 tries with changing %s as one address',
    async (name) => {
      app = await startApp();
      await app.putSite('news', { limits: { ...farLimits, addressComment: five } });
      const answers = await inTurn((n) => {
        const address = `203.0.113.${n}`;
        return { [name]: name === 'Forwarded' ? `for=${address}` : address };
      });
      expect(passed(answers)).toBe(5);
    },
  );

  it('SEC-51 believe the trusted proxy alone: what a client put before its entry counts for nothing', async () => {
    app = await startApp({ env: { TRUST_PROXY: '1' } });
    await app.putSite('news', { limits: { ...farLimits, addressComment: five } });
    const forged = await inTurn((n) => ({ 'X-Forwarded-For': `203.0.113.${n}, 198.51.100.7` }));
    expect(passed(forged)).toBe(5);
    const other = await post(100, { 'X-Forwarded-For': '198.51.100.8' });
    expect(other.status).toBe(201);
  });

  it('SEC-52 put a /64 into one bucket, and every form of one IPv4 address', async () => {
    app = await startApp({ env: { TRUST_PROXY: '1' } });
    await app.putSite('news', { limits: { ...farLimits, addressComment: five } });
    const v6 = await inTurn((n) => ({ 'X-Forwarded-For': `2001:db8:1:2::${n + 1}` }));
    expect(passed(v6)).toBe(5);
    const forms = ['192.0.2.1', '::ffff:192.0.2.1', '::ffff:c000:201'];
    const v4 = await inTurn((n) => ({ 'X-Forwarded-For': forms[n % 3] ?? '' }));
    expect(passed(v4)).toBe(5);
  });
});

describe('limits of a person', () => {
  it('SEC-53 let exactly 5 of 200 parallel comments pass a limit of 5', async () => {
    app = await startApp();
    await app.putSite('news', { limits: { ...farLimits, guestComment: five } });
    const token = await app.guest('news');
    const answers = await Promise.all(
      Array.from({ length: 200 }, (_, n) => post(n, { authorization: `Bearer ${token}` })),
    );
    expect(passed(answers)).toBe(5);
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([201, 429]));
    const { json } = await app.client.send('GET', `${comments}?limit=100`);
    expect((json as { items: unknown[] }).items).toHaveLength(5);
  });

  it('SEC-54 say with Retry-After when to come back, and mean it', async () => {
    app = await startApp();
    await app.putSite('news', {
      limits: { ...farLimits, guestComment: [{ points: 1, seconds: 1 }] },
    });
    const headers = { authorization: `Bearer ${await app.guest('news')}` };
    expect((await post(1, headers)).status).toBe(201);
    const refused = await post(2, headers);
    expect(refused.status).toBe(429);
    const seconds = Number(refused.headers['retry-after']);
    expect(seconds).toBe(1);
    // The limiter counts by the real clock: this waits for what the answer named, no condition tells it.
    await new Promise((resolve) => setTimeout(resolve, seconds * 1_000 + 20));
    expect((await post(2, headers)).status).toBe(201);
  });
});
