import { createAccessTokens } from '../../src/auth/access-tokens.js';
import { createSsoTokens } from '../../src/auth/sso.js';
import { deriveKey } from '../../src/auth/secrets.js';
import { DomainError } from '../../src/domain/errors.js';
import type { AccessClaims } from '../../src/domain/ports.js';
import { newSite } from '../../src/domain/site.js';
import { createClock } from '../helpers/clock.js';
import { signToken } from '../helpers/tokens.js';

const secret = 'x8Qz!4nT0vLw2Rk7Jb9Yh5Gd3Fs6Pc1Ma';
const another = 'm3Vt-9Kp_Zs7-Qw1_Lx5-Nc8_Rb2-Hd6_Jg';
const issuer = 'https://talk.example';
const claims: AccessClaims = {
  site: 'demo',
  personId: 'person-1',
  sessionId: 'session-1',
  kind: 'member',
  name: 'Ada Ž 👩‍🚀',
  badges: ['Author'],
  moderator: true,
};
const key = deriveKey(secret, 'access tokens');

function aService(fields: { secret?: string; previousSecret?: string; issuer?: string } = {}) {
  const clock = createClock();
  return { clock, tokens: createAccessTokens({ secret, issuer, clock, ...fields }) };
}

const header = (token: string): Record<string, unknown> =>
  JSON.parse(Buffer.from(token.split('.')[0]!, 'base64url').toString()) as Record<string, unknown>;
const payload = (token: string): Record<string, unknown> =>
  JSON.parse(Buffer.from(token.split('.')[1]!, 'base64url').toString()) as Record<string, unknown>;

function codeOf(act: () => unknown): unknown {
  try {
    return act();
  } catch (error) {
    return error instanceof DomainError ? error.code : error;
  }
}

describe('access tokens', () => {
  it('says after verifying what was said when issuing', () => {
    const { tokens } = aService();
    for (const said of [
      claims,
      { ...claims, kind: 'guest' as const, badges: [], moderator: false },
    ]) {
      expect(tokens.verify(tokens.issue(said).token)).toMatchObject(said);
      expect(tokens.verify(tokens.issue(said).token).expiresAt).toBe(
        tokens.issue(said).expiresAt + 60_000,
      );
    }
  });

  it('has the form that the design names', () => {
    const { tokens, clock } = aService();
    const { token, expiresAt } = tokens.issue(claims);
    expect(header(token)).toEqual({
      alg: 'HS256',
      typ: 'at+jwt',
      kid: expect.stringMatching(/^[0-9a-f]{12}$/) as string,
    });
    expect(payload(token)).toMatchObject({
      iss: issuer,
      aud: 'demo',
      sub: 'person-1',
      kind: 'member',
    });
    expect(expiresAt - clock.now()).toBe(900_000);
  });

  it('SEC-29 ends after 15 minutes and the leeway, remembered or not', () => {
    const { tokens, clock } = aService();
    const { token } = tokens.issue(claims);
    clock.advance(959_000);
    expect(tokens.verify(token)).toMatchObject(claims);
    clock.advance(1_000);
    expect(codeOf(() => tokens.verify(token))).toBe('TOKEN_EXPIRED');
    clock.advance(3_600_000);
    expect(codeOf(() => tokens.verify(token))).toBe('TOKEN_EXPIRED');
  });

  it('does not let a token that is used again and again outlive its end', () => {
    const { tokens, clock } = aService();
    const { token } = tokens.issue(claims);
    for (let second = 0; second < 960; second += 10) {
      tokens.verify(token);
      clock.advance(10_000);
    }
    expect(codeOf(() => tokens.verify(token))).toBe('TOKEN_EXPIRED');
  });

  it('SEC-26 accepts what the previous secret signed while it is set, and signs with the present one', () => {
    const before = aService({ secret: another }).tokens.issue(claims).token;
    const during = aService({ previousSecret: another }).tokens;
    expect(during.verify(before)).toMatchObject(claims);
    const fresh = during.issue(claims).token;
    const after = aService().tokens;
    expect(after.verify(fresh)).toMatchObject(claims);
    expect(codeOf(() => after.verify(before))).toBe('UNAUTHENTICATED');
  });

  it('refuses tokens of another server, also with the same secret', () => {
    const { token } = aService({ issuer: 'https://other.example' }).tokens.issue(claims);
    expect(codeOf(() => aService().tokens.verify(token))).toBe('UNAUTHENTICATED');
  });

  it.each<[string, object, object]>([
    ['alg none', { alg: 'none' }, {}],
    ['HS512', { alg: 'HS512' }, {}],
    ['typ JWT', { typ: 'JWT' }, {}],
    ['typ sso+jwt', { typ: 'sso+jwt' }, {}],
    ['no kid', { kid: undefined }, {}],
    ['an unknown kid', { kid: 'unknown' }, {}],
    ['jku', { jku: 'https://evil.example' }, {}],
    ['crit', { crit: ['exp'] }, {}],
    ['no exp', {}, { exp: undefined }],
    ['more than 15 minutes', {}, { exp: 9_999_999_999 }],
    ['no iss', {}, { iss: undefined }],
    ['an object as aud', {}, { aud: { $ne: null } }],
    ['an object as sub', {}, { sub: { $ne: null } }],
    ['no session', {}, { sid: undefined }],
    ['another kind', {}, { kind: 'service' }],
    ['roles as text', {}, { roles: 'moderator' }],
  ])('SEC-20 SEC-22 SEC-25 refuses %s', (_, head, body) => {
    const { tokens } = aService();
    const { token } = tokens.issue(claims);
    const again = signToken(header(token), payload(token), key);
    expect(tokens.verify(again)).toMatchObject(claims);
    const forged = signToken({ ...header(token), ...head }, { ...payload(token), ...body }, key);
    expect(codeOf(() => tokens.verify(forged))).toBe('UNAUTHENTICATED');
  });

  it('remembers nothing that it refused, and mixes nobody up', () => {
    const { tokens } = aService();
    const { token } = tokens.issue(claims);
    const other = { ...claims, personId: 'person-2' };
    const second = tokens.issue(other).token;
    expect([tokens.verify(token), tokens.verify(second)]).toMatchObject([claims, other]);
    const [head, , signature] = token.split('.');
    const mixed = `${head}.${second.split('.')[1]}.${signature}`;
    for (let i = 0; i < 3; i += 1) expect(() => tokens.verify(mixed)).toThrow();
    expect([tokens.verify(token), tokens.verify(second)]).toMatchObject([claims, other]);
  });

  it('SEC-23 SEC-28 refuses every other kind of token, and long ones unread', () => {
    const { tokens, clock } = aService();
    const now = clock.now() / 1_000;
    const sso = signToken(
      { alg: 'HS256', typ: 'sso+jwt' },
      { iss: issuer, aud: 'demo', sub: 'x', name: 'x', iat: now, exp: now + 60 },
      another,
    );
    const start = performance.now();
    for (const token of [sso, `sk_${'a'.repeat(43)}`, 'a'.repeat(43), '', 'a'.repeat(1_000_000)]) {
      expect(codeOf(() => tokens.verify(token))).toBe('UNAUTHENTICATED');
    }
    expect(performance.now() - start).toBeLessThan(50);
    const site = {
      ...newSite('demo'),
      sso: {
        issuer,
        keys: [{ kid: null, algorithm: 'HS256' as const, key: another }],
        roles: true,
      },
    };
    const { token } = tokens.issue(claims);
    expect(() => createSsoTokens({ clock }).verify(site, token)).toThrow();
  });

  it('keeps working when the clock jumps an hour, either way', () => {
    const { tokens, clock } = aService();
    const { token } = tokens.issue(claims);
    tokens.verify(token);
    clock.advance(-3_600_000);
    expect(codeOf(() => tokens.verify(token))).toBe('UNAUTHENTICATED');
    clock.advance(3_600_000);
    expect(tokens.verify(token)).toMatchObject(claims);
  });
});
