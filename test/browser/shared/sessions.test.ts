import { type Api, ApiError, type Call } from '../../../src/browser/shared/api.js';
import { createSessions } from '../../../src/browser/shared/sessions.js';
import { createStorage } from '../../../src/browser/shared/storage.js';

/** An API that answers `session` and refuses stale tokens; it remembers what was asked. */
function anApi() {
  let serial = 0;
  let valid = '';
  const calls: Call[] = [];
  const answer = (call: Call): unknown => {
    calls.push(call);
    if (call.path.endsWith('/session')) {
      const { refreshToken, name, sso } = call.body as Record<string, string | undefined>;
      if (refreshToken === 'revoked') throw new ApiError('UNAUTHENTICATED', 401, 0, '');
      valid = `access-${(serial += 1)}`;
      const user = { id: sso ?? 'u-1', name: name ?? 'Ana', kind: 'guest', badges: [] };
      return { accessToken: valid, refreshToken: `refresh-${serial}`, expiresAt: '2030-01-01T00:00:00.000Z', user }; // prettier-ignore
    }
    if (call.token !== valid) throw new ApiError('TOKEN_EXPIRED', 401, 0, '');
    return 'done';
  };
  const api: Api = { now: () => 0, send: async <T>(call: Call) => answer(call) as T };
  return { api, calls, expire: () => (valid = 'another') };
}
const refused = (): globalThis.Storage => {
  throw new Error('blocked');
};

describe('createSessions', () => {
  it('opens one session for a name and keeps it for the next page', async () => {
    const device = new Map<string, string>();
    const local = () =>
      ({
        getItem: (key: string) => device.get(key) ?? null,
        setItem: (key: string, value: string) => void device.set(key, value),
        removeItem: (key: string) => void device.delete(key),
      }) as unknown as globalThis.Storage;
    const { api } = anApi();
    await createSessions(api, 'demo', createStorage('p:demo', local)).open('Ana');
    expect(createSessions(api, 'demo', createStorage('p:demo', local)).user()?.name).toBe('Ana');
    expect(createSessions(api, 'demo', createStorage('q:demo', local)).user()).toBeUndefined();
  });

  it('keeps it in memory where storage is blocked', async () => {
    const { api, calls } = anApi();
    const sessions = createSessions(api, 'demo', createStorage('x', refused));
    await sessions.open('Ana');
    await sessions.open('Ana');
    expect(calls).toHaveLength(1);
    expect(await sessions.send({ path: '/x' })).toBe('done');
  });

  it('renews once after 401 and repeats, one renewal for calls at the same time', async () => {
    const { api, calls, expire } = anApi();
    const sessions = createSessions(api, 'demo', createStorage('x', refused));
    await sessions.open('Ana');
    expire();
    await expect(Promise.all([sessions.send({ path: '/a' }), sessions.send({ path: '/b' })])).resolves.toEqual(['done', 'done']); // prettier-ignore
    const renewals = calls.filter(({ body }) => (body as { refreshToken?: string })?.refreshToken);
    expect(renewals).toHaveLength(1);
  });

  it('uses a publisher’s token instead of the guest’s, and does not keep it', async () => {
    const { api } = anApi();
    const storage = createStorage('x', refused);
    const sessions = createSessions(api, 'demo', storage);
    sessions.use(async () => 'u-member');
    expect((await sessions.open('ignored')).id).toBe('u-member');
    expect(storage.read('session')).toBeUndefined();
  });
});
