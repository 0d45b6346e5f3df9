import { createSecretKey, hash, type KeyObject } from 'node:crypto';
import jwt from 'jsonwebtoken';
import { DomainError } from '../domain/errors.js';
import type { AccessClaims, AccessTokens, Clock } from '../domain/ports.js';
import { isText, leewaySeconds, mistakeInTimes, readTexts } from './claims.js';
import { maxTokenChars, parseJws, type Jws } from './jws.js';
import { deriveKey } from './secrets.js';

/** Seconds that an access token lives. */
const accessSeconds = 900;

/**
 * Access tokens: HS256 under a key derived from `secret`; those of `previousSecret` are still
 * accepted. A verified token is remembered for 60 s.
 */
export function createAccessTokens({
  secret,
  previousSecret = null,
  issuer,
  clock,
}: {
  readonly secret: string;
  readonly previousSecret?: string | null;
  readonly issuer: string;
  readonly clock: Clock;
}): AccessTokens {
  const signing = toKey(secret);
  const keys = new Map([signing, ...(previousSecret === null ? [] : [toKey(previousSecret)])]);
  const [kid, key] = signing;
  const verified = createVerifiedTokens(clock);

  return {
    issue(claims) {
      const iat = Math.floor(clock.now() / 1_000);
      const exp = iat + accessSeconds;
      const payload = { ...toPayload(claims), iss: issuer, iat, exp };
      const header = { alg: 'HS256', typ: 'at+jwt', kid };
      const token = jwt.sign(payload, key, { algorithm: 'HS256', header });
      return { token, expiresAt: exp * 1_000 };
    },
    verify(token) {
      if (token.length > maxTokenChars) throw unauthenticated();
      return verified.get(token, () => verify(token));
    },
  };

  function verify(token: string): Verified {
    const jws = parseJws(token);
    if (jws === null || jws.header.typ !== 'at+jwt') throw unauthenticated();
    const signer = keys.get(jws.header.kid ?? '');
    if (signer === undefined || !isSigned(token, signer)) throw unauthenticated();
    const claims = jws.payload.iss === issuer ? toClaims(jws.payload) : null;
    const mistake = mistakeInTimes(jws.payload, clock.now(), accessSeconds);
    if (claims === null || mistake === 'invalid') throw unauthenticated();
    if (mistake === 'expired') throw new DomainError('TOKEN_EXPIRED');
    return { ...claims, expiresAt: expiryOf(jws) };
  }
}

type Verified = ReturnType<AccessTokens['verify']>;

/** Bounded: the oldest goes first. Keyed by hash, so that no token is kept in memory. */
function createVerifiedTokens(clock: Clock, maxTokens = 10_000, keptMs = 60_000) {
  const entries = new Map<string, { readonly verified: Verified; readonly until: number }>();
  return {
    get(token: string, verify: () => Verified): Verified {
      const id = hash('sha256', token, 'base64');
      const now = clock.now();
      const found = entries.get(id);
      // Before `until - keptMs` the clock was set back, and nothing remembered can be trusted.
      if (found !== undefined && now < found.until && now >= found.until - keptMs) {
        if (now >= found.verified.expiresAt) throw new DomainError('TOKEN_EXPIRED');
        return found.verified;
      }
      entries.delete(id);
      const fresh = verify();
      const [oldest] = entries.size >= maxTokens ? entries.keys() : [];
      if (oldest !== undefined) entries.delete(oldest);
      entries.set(id, { verified: fresh, until: now + keptMs });
      return fresh;
    },
  };
}

const unauthenticated = (): DomainError => new DomainError('UNAUTHENTICATED');

const expiryOf = (jws: Jws): number => (Number(jws.payload.exp) + leewaySeconds) * 1_000;

function toKey(secret: string): readonly [kid: string, key: KeyObject] {
  const kid = deriveKey(secret, 'access token ids').toString('hex').slice(0, 12);
  return [kid, createSecretKey(deriveKey(secret, 'access tokens'))];
}

function isSigned(token: string, key: KeyObject): boolean {
  try {
    jwt.verify(token, key, {
      algorithms: ['HS256'],
      ignoreExpiration: true,
      ignoreNotBefore: true,
    });
    return true;
  } catch {
    return false;
  }
}

const toPayload = (claims: AccessClaims): Record<string, unknown> => ({
  aud: claims.site,
  sub: claims.personId,
  sid: claims.sessionId,
  kind: claims.kind,
  name: claims.name,
  ...(claims.badges.length > 0 ? { badges: claims.badges } : {}),
  ...(claims.moderator ? { roles: ['moderator'] } : {}),
});

function toClaims(payload: Readonly<Record<string, unknown>>): AccessClaims | null {
  const { aud: site, sub: personId, sid: sessionId, kind, name } = payload;
  const badges = readTexts(payload.badges, 20, 200);
  const roles = readTexts(payload.roles, 20, 200);
  if (!isText(site, 200) || !isText(personId, 200) || !isText(sessionId, 200)) return null;
  if (!isText(name, 1_000) || badges === null || roles === null) return null;
  if (kind !== 'guest' && kind !== 'member') return null;
  return { site, personId, sessionId, kind, name, badges, moderator: roles.includes('moderator') };
}
