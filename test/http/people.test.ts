import { startApp, type TestApp } from '../helpers/app.js';
import { createClock, type ManualClock } from '../helpers/clock.js';
import { signToken } from '../helpers/tokens.js';

const secret = 'x8Qz!4nT0vLw2Rk7Jb9Yh5Gd3Fs6Pc1Ma';
const sso = {
  issuer: 'https://times.example',
  keys: [{ kid: null, algorithm: 'HS256', key: secret }],
  roles: true,
} as const;

let app: TestApp;
let clock: ManualClock;
beforeEach(async () => {
  clock = createClock();
  app = await startApp({ overrides: { clock } });
  await app.putSite('times', { sso });
});
afterEach(() => app.stop());

/** What a session's answer holds. */
interface Opened {
  readonly accessToken: string;
  readonly refreshToken: string;
  readonly user: { readonly id: string; readonly name: string; readonly kind: string };
}

async function open(body: object): Promise<Opened> {
  const answer = await app.client.call('openSession', { params: { site: 'times' }, body });
  expect(answer.status).toBe(201);
  return answer.json as Opened;
}

const moderator = (): Promise<Opened> => {
  const iat = Math.floor(clock.now() / 1_000);
  const payload = { iss: sso.issuer, aud: 'times', sub: 'mo', name: 'Mo', iat, exp: iat + 300 };
  const token = signToken(
    { alg: 'HS256', typ: 'sso+jwt' },
    { ...payload, roles: ['moderator'], badges: ['Staff'] },
    secret,
  );
  return open({ sso: token });
};

describe('people', () => {
  it('who are guests sign with the name they send, and keep it', async () => {
    const nameless = await open({ name: 'Guest' });
    const sent = { source: 'One word.', author: { name: ' Ada ' } };
    const { json } = await app.client.call('postComment', {
      params: { site: 'times', article: 'a' },
      token: nameless.accessToken,
      body: sent,
    });
    expect(json).toMatchObject({ author: { id: nameless.user.id, name: 'Ada', kind: 'guest' } });
    const later = await open({ refreshToken: nameless.refreshToken });
    expect(later.user).toMatchObject({ id: nameless.user.id, name: 'Ada' });
  });

  it('are no moderators once their site lets tokens name none', async () => {
    const { refreshToken, user } = await moderator();
    expect(user.kind).toBe('moderator');
    const site = await app.store.directory.getSite('times');
    await app.store.directory.putSite({ ...site!, sso: { ...sso, roles: false }, version: 1 });
    clock.advance(6_000);
    expect((await open({ refreshToken })).user.kind).toBe('member');
  });
});
