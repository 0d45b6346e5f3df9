import { createAccessTokens } from '../../src/auth/access-tokens.js';
import { createIdentify } from '../../src/auth/identify.js';
import { createServiceKeys } from '../../src/auth/service-keys.js';
import { systemIds } from '../../src/domain/system.js';
import { newSite } from '../../src/domain/site.js';
import type { Store } from '../../src/domain/ports.js';
import { openStore } from '../../src/store/open-store.js';
import { createClock } from '../helpers/clock.js';

const clock = createClock();
let store: Store;
beforeEach(async () => {
  store = await openStore('sqlite::memory:', { clock });
  await store.directory.putSite(newSite('demo'));
});
afterEach(() => store.close());

function setUp() {
  const secret = 'x8Qz!4nT0vLw2Rk7Jb9Yh5Gd3Fs6Pc1Ma';
  const accessTokens = createAccessTokens({ secret, issuer: 'https://talk.example', clock });
  const serviceKeys = createServiceKeys({ directory: store.directory, clock, ids: systemIds });
  const identify = createIdentify({ accessTokens, serviceKeys });
  const who = (authorization?: string) => identify({ authorization, ipKey: 'address-1' });
  return { accessTokens, serviceKeys, who };
}

describe('identify', () => {
  it('knows a visitor by the absence of credentials', async () => {
    expect(await setUp().who(undefined)).toEqual({ kind: 'visitor', ipKey: 'address-1' });
  });

  it('knows a reader by an access token', async () => {
    const { accessTokens, who } = setUp();
    const { token } = accessTokens.issue({
      site: 'demo',
      personId: 'person-1',
      sessionId: 'session-1',
      kind: 'guest',
      name: 'Ada',
      badges: [],
      moderator: false,
    });
    const person = {
      kind: 'guest',
      site: 'demo',
      id: 'person-1',
      name: 'Ada',
      badges: [],
      moderator: false,
      sessionId: 'session-1',
      ipKey: 'address-1',
    };
    expect(await who(`Bearer ${token}`)).toEqual(person);
    expect(await who(`bearer  ${token}`)).toEqual(person);
  });

  it('knows a service by its key, which is stored only as a hash', async () => {
    const { serviceKeys, who } = setUp();
    const { text, key } = await serviceKeys.create('demo', 'Importer', ['read', 'write']);
    expect(text).toMatch(/^sk_[\w-]{43}$/);
    expect(await who(`Bearer ${text}`)).toEqual({
      kind: 'service',
      site: 'demo',
      keyId: key.id,
      name: 'Importer',
      scopes: ['read', 'write'],
      ipKey: 'address-1',
    });
    expect(JSON.stringify(await store.directory.listKeys(null))).not.toContain(text.slice(3));
  });

  it('refuses a revoked key within 5 s, on other nodes too', async () => {
    const { serviceKeys, who } = setUp();
    const other = setUp();
    const { text, key } = await serviceKeys.create('demo', 'Importer', ['read']);
    await who(`Bearer ${text}`);
    await other.who(`Bearer ${text}`);
    await serviceKeys.revoke(key.id);
    await expect(who(`Bearer ${text}`)).rejects.toMatchObject({ code: 'UNAUTHENTICATED' });
    clock.advance(5_000);
    await expect(other.who(`Bearer ${text}`)).rejects.toMatchObject({ code: 'UNAUTHENTICATED' });
  });

  it('SEC-23 SEC-28 refuses whatever else is sent, and never takes it for a visitor', async () => {
    const { who } = setUp();
    for (const header of [
      '',
      'Bearer',
      'Bearer ',
      'Basic dTpw',
      'Bearer a b',
      'Bearer undefined',
      `Bearer sk_${'a'.repeat(43)}`,
      `Bearer sk_${'a'.repeat(42)}`,
      'Bearer sk_../../etc/passwd',
      `Bearer ${'a'.repeat(5_000)}`,
      `Bearer ${systemIds.token()}`,
      'Bearer eyJhbGciOiJub25lIn0.e30.',
    ]) {
      await expect(who(header)).rejects.toMatchObject({ code: 'UNAUTHENTICATED' });
    }
  });

  it('revokes once, and says NOT_FOUND of unknown keys', async () => {
    const { serviceKeys } = setUp();
    const { key } = await serviceKeys.create('demo', 'Importer', ['read']);
    const first = await serviceKeys.revoke(key.id);
    clock.advance(1_000);
    expect(await serviceKeys.revoke(key.id)).toEqual(first);
    await expect(serviceKeys.revoke('nothing')).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });
});
