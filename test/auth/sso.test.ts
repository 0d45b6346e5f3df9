import { createSsoTokens } from '../../src/auth/sso.js';
import { newSite, type Site, type SsoKey } from '../../src/domain/site.js';
import { createClock } from '../helpers/clock.js';
import { signToken, testKeys, toPem, type TestKey } from '../helpers/tokens.js';

const secret = 'x8Qz!4nT0vLw2Rk7Jb9Yh5Gd3Fs6Pc1Ma';
const clock = createClock();
const now = clock.now() / 1_000;
const hs: SsoKey = { kid: null, algorithm: 'HS256', key: secret };
const { rsa, ec, ed } = testKeys;

const aSite = (keys: readonly SsoKey[] = [hs], roles = false): Site => ({
  ...newSite('demo'),
  sso: { issuer: 'https://news.example', keys, roles },
});
const aHeader = (fields: object = {}): object => ({ alg: 'HS256', typ: 'sso+jwt', ...fields });
const aPayload = (fields: object = {}): Record<string, unknown> => ({
  iss: 'https://news.example',
  aud: 'demo',
  sub: 'reader-1',
  name: 'Ada',
  iat: now,
  exp: now + 300,
  ...fields,
});
const verify = (token: string, site = aSite()) => createSsoTokens({ clock }).verify(site, token);
const refused = (token: string, site = aSite()) => {
  try {
    verify(token, site);
  } catch (error) {
    expect(error).toMatchObject({ code: 'UNAUTHENTICATED', details: {} });
    return true;
  }
  return false;
};
const part = (value: string | Buffer): string => Buffer.from(value).toString('base64url');
const good = signToken(aHeader(), aPayload(), secret);

describe('SSO tokens', () => {
  it('accepts a good token and says whom it is of', () => {
    expect(verify(good)).toEqual({
      subject: 'reader-1',
      name: 'Ada',
      badges: [],
      moderator: false,
    });
  });

  it.each([
    ['RS256', rsa.privateKey, toPem(rsa.publicKey)],
    ['ES256', ec.privateKey, toPem(ec.publicKey)],
    ['EdDSA', ed.privateKey, toPem(ed.publicKey)],
  ] as const)('accepts %s by its public key, and nothing altered', (algorithm, key, pem) => {
    const site = aSite([{ kid: 'a', algorithm, key: pem }]);
    const token = signToken(aHeader({ alg: algorithm, kid: 'a' }), aPayload(), key);
    expect(verify(token, site).subject).toBe('reader-1');
    const [head = '', , signature = ''] = token.split('.');
    expect(
      refused(`${head}.${part(JSON.stringify(aPayload({ sub: 'x' })))}.${signature}`, site),
    ).toBe(true);
    const flipped = Buffer.from(signature, 'base64url');
    flipped[flipped.length - 1] = (flipped.at(-1) ?? 0) ^ 1;
    expect(refused(`${token.slice(0, token.lastIndexOf('.'))}.${part(flipped)}`, site)).toBe(true);
  });

  it('gives the role of a moderator only where the site allows it', () => {
    const token = signToken(aHeader(), aPayload({ roles: ['moderator'] }), secret);
    expect(verify(token, aSite([hs], false)).moderator).toBe(false);
    expect(verify(token, aSite([hs], true)).moderator).toBe(true);
  });

  it('accepts a list of audiences that names the site, and badges', () => {
    const token = signToken(
      aHeader(),
      aPayload({ aud: ['x', 'demo'], badges: ['Author'] }),
      secret,
    );
    expect(verify(token).badges).toEqual(['Author']);
  });

  it.each<[string, object, TestKey]>([
    ['none', { alg: 'none' }, ''],
    ['None', { alg: 'None' }, ''],
    ['HS384', { alg: 'HS384' }, secret],
    ['HS512', { alg: 'HS512' }, secret],
    ['RS256 where the key is HS256', { alg: 'RS256' }, rsa.privateKey],
    ['an empty alg', { alg: '' }, secret],
    ['a number as alg', { alg: 256 }, secret],
    ['lower case', { alg: 'hs256' }, secret],
  ])('SEC-20 refuses the algorithm %s', (_, header, key) => {
    expect(refused(signToken(aHeader(header), aPayload(), key))).toBe(true);
  });

  it('SEC-20 refuses altered, truncated, padded and non-canonical parts', () => {
    const [head = '', body = '', signature = ''] = good.split('.');
    const last = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
    // The last character of 32 bytes carries two bits that no byte uses.
    const twin = last.charAt(last.indexOf(signature.slice(-1)) ^ 1);
    for (const token of [
      '',
      '..',
      `${head}.${body}`,
      `${head}.${body}.`,
      `.${body}.${signature}`,
      `${head}..${signature}`,
      `${good}.`,
      `${good}.${signature}`,
      `${good}=`,
      `${head}=.${body}.${signature}`,
      `${head}.${body}.${signature.slice(0, -1)}${twin}`,
      `${head}.${body}.${signature.slice(1)}`,
      `${head}.${body}.${signature.replace(/^./, (c) => (c === 'A' ? 'B' : 'A'))}`,
      `${head}\n.${body}.${signature}`,
      ` ${good}`,
      `${good} `,
      `${part('{')}.${body}.${signature}`,
      `${part('[]')}.${body}.${signature}`,
      `${part('null')}.${body}.${signature}`,
      `${head}.${part('"text"')}.${signature}`,
      `${part(Buffer.from([0xff, 0xfe]))}.${body}.${signature}`,
      JSON.stringify({ protected: head, payload: body, signature }),
    ]) {
      expect([token, refused(token)]).toEqual([token, true]);
    }
  });

  it('SEC-20 refuses an ECDSA signature of zeros, and one in DER form', () => {
    const site = aSite([{ kid: null, algorithm: 'ES256', key: toPem(ec.publicKey) }]);
    const token = signToken(aHeader({ alg: 'ES256' }), aPayload(), ec.privateKey);
    const start = token.slice(0, token.lastIndexOf('.'));
    expect(refused(`${start}.${part(Buffer.alloc(64))}`, site)).toBe(true);
    expect(refused(`${start}.${part(Buffer.from('3006020100020100', 'hex'))}`, site)).toBe(true);
  });

  it.each([
    ['PEM', toPem(rsa.publicKey)],
    ['PEM without its line end', toPem(rsa.publicKey).trim()],
    ['DER', rsa.publicKey.export({ type: 'spki', format: 'der' })],
    ['JWK', JSON.stringify(rsa.publicKey.export({ format: 'jwk' }))],
  ])('SEC-21 refuses HS256 made with the RSA public key as %s', (_, key) => {
    const site = aSite([{ kid: null, algorithm: 'RS256', key: toPem(rsa.publicKey) }]);
    expect(refused(signToken(aHeader({ alg: 'HS256' }), aPayload(), key), site)).toBe(true);
    const entered = aSite([{ kid: null, algorithm: 'HS256', key: key.toString() }]);
    expect(refused(signToken(aHeader({ alg: 'HS256' }), aPayload(), key), entered)).toBe(true);
  });

  it.each<[string, object]>([
    ['no iss', { iss: undefined }],
    ['another iss', { iss: 'https://evil.example' }],
    ['iss as a list', { iss: ['https://news.example'] }],
    ['no aud', { aud: undefined }],
    ['another aud', { aud: 'other' }],
    ['a list without the site', { aud: ['other'] }],
    ['aud as an object', { aud: { demo: true } }],
    ['no exp', { exp: undefined }],
    ['exp as text', { exp: String(now + 300) }],
    ['exp passed', { iat: now - 600, exp: now - 61 }],
    ['exp before iat', { exp: now - 1 }],
    ['exp out of reach', { exp: now + 86_401 }],
    ['exp beyond numbers', { exp: 1e400 }],
    ['no iat', { iat: undefined }],
    ['iat 61 s ahead', { iat: now + 61 }],
    ['nbf ahead', { nbf: now + 61 }],
    ['nbf as text', { nbf: '0' }],
    ['no sub', { sub: undefined }],
    ['empty sub', { sub: '' }],
    ['sub as an object', { sub: { $ne: null } }],
    ['sub as a list', { sub: ['reader-1'] }],
    ['sub as a number', { sub: 7 }],
    ['129 characters of sub', { sub: 'x'.repeat(129) }],
    ['U+0000 in sub', { sub: 'a\u0000b' }],
    ['a lone surrogate in sub', { sub: '\ud800' }],
    ['no name', { name: undefined }],
    ['name as an object', { name: {} }],
    ['roles as text', { roles: 'moderator' }],
    ['badges as objects', { badges: [{}] }],
  ])('SEC-22 refuses %s, always in the same way', (_, fields) => {
    expect(refused(signToken(aHeader(), aPayload(fields), secret))).toBe(true);
  });

  it.each<[string, object]>([
    ['no typ', { typ: undefined }],
    ['typ JWT', { typ: 'JWT' }],
    ['typ of access tokens', { typ: 'at+jwt' }],
    ['typ in another case', { typ: 'SSO+JWT' }],
  ])('SEC-22 SEC-23 refuses %s', (_, fields) => {
    expect(refused(signToken(aHeader(fields), aPayload(), secret))).toBe(true);
  });

  it('SEC-22 accepts clocks that differ by the leeway', () => {
    expect(
      verify(signToken(aHeader(), aPayload({ iat: now + 59, exp: now + 300 }), secret)),
    ).toBeTruthy();
    expect(
      verify(signToken(aHeader(), aPayload({ iat: now - 300, exp: now - 59 }), secret)),
    ).toBeTruthy();
  });

  it('SEC-23 refuses a token of one site at another, and where there is no SSO', () => {
    const other = { ...aSite(), id: 'other' };
    expect(refused(good, other)).toBe(true);
    expect(refused(good, newSite('demo'))).toBe(true);
  });

  it.each<[string, unknown]>([
    ['a path', '../../dev/null'],
    ['SQL', "' UNION SELECT 'x"],
    ['an object', { $ne: null }],
    ['a list', ['a']],
    ['a number', 0],
    ['empty text', ''],
    ['an unknown name', 'b'],
    ['a name of every object', '__proto__'],
    ['another case', 'A'],
    ['surrounding space', 'a '],
  ])('SEC-25 looks kid up exactly: refuses %s', (_, kid) => {
    const site = aSite([{ ...hs, kid: 'a' }]);
    expect(verify(signToken(aHeader({ kid: 'a' }), aPayload(), secret), site)).toBeTruthy();
    expect(refused(signToken(aHeader({ kid }), aPayload(), secret), site)).toBe(true);
    expect(refused(good, site)).toBe(true);
  });

  it.each(['jku', 'x5u', 'jwk', 'crit', 'x5c', 'b64', 'zip'])(
    'SEC-25 refuses the header %s',
    (name) => {
      const jwk = rsa.publicKey.export({ format: 'jwk' });
      for (const value of [['exp'], 'https://evil.example/keys', jwk, null]) {
        expect(refused(signToken(aHeader({ [name]: value }), aPayload(), secret))).toBe(true);
      }
    },
  );

  it('SEC-26 accepts every live key by its kid, and a retired one no more', () => {
    const a = { ...hs, kid: 'a' };
    const b = { ...hs, kid: 'b', key: 'm3Vt-9Kp_Zs7-Qw1_Lx5-Nc8_Rb2-Hd6_Jg' };
    const byA = signToken(aHeader({ kid: 'a' }), aPayload(), a.key);
    const byB = signToken(aHeader({ kid: 'b' }), aPayload(), b.key);
    const tokens = createSsoTokens({ clock });
    expect(tokens.verify(aSite([a, b]), byA).subject).toBe('reader-1');
    expect(tokens.verify(aSite([a, b]), byB).subject).toBe('reader-1');
    expect(() => tokens.verify(aSite([b]), byA)).toThrow();
    expect(tokens.verify(aSite([b]), byB).subject).toBe('reader-1');
  });

  it('SEC-28 refuses 4,097 characters before it looks at them', () => {
    const long = signToken(aHeader(), aPayload({ more: 'x'.repeat(4_000) }), secret);
    expect(long.length).toBeGreaterThan(4_096);
    expect(refused(long)).toBe(true);
    const start = performance.now();
    expect(refused('a'.repeat(1_000_000))).toBe(true);
    expect(performance.now() - start).toBeLessThan(20);
  });

  it.each(['', 'x', 'undefined', 'changeme', 'a'.repeat(32)])(
    'SEC-24 verifies nothing with the weak secret %p of a site',
    (key) => {
      expect(refused(signToken(aHeader(), aPayload(), key), aSite([{ ...hs, key }]))).toBe(true);
    },
  );

  it('verifies nothing with a key of another kind than its algorithm', () => {
    const site = aSite([{ kid: null, algorithm: 'ES256', key: toPem(ed.publicKey) }]);
    expect(refused(signToken(aHeader({ alg: 'EdDSA' }), aPayload(), ed.privateKey), site)).toBe(
      true,
    );
  });
});
