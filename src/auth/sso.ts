import { DomainError } from '../domain/errors.js';
import type { Clock, SsoClaims, SsoTokens } from '../domain/ports.js';
import type { Site, SsoKey } from '../domain/site.js';
import { isText, mistakeInTimes, readTexts } from './claims.js';
import { parseJws, type Jws } from './jws.js';
import { createVerifyKey, type VerifyKey } from './verify-key.js';

/** Seconds that a publisher's token may live. */
const ssoSeconds = 86_400;

/**
 * Checks publishers' tokens. `aud` is the site's id. Roles count only where the site says so. Every
 * refusal is the same UNAUTHENTICATED, whatever was wrong.
 */
export function createSsoTokens({ clock }: { readonly clock: Clock }): SsoTokens {
  const ready = new Map<string, VerifyKey>();

  return {
    verify(site, token) {
      const jws = parseJws(token);
      if (jws === null || !isSigned(site, jws)) throw new DomainError('UNAUTHENTICATED');
      const claims = toClaims(site, jws.payload);
      const mistake = mistakeInTimes(jws.payload, clock.now(), ssoSeconds);
      if (claims === null || mistake !== null) throw new DomainError('UNAUTHENTICATED');
      return claims;
    },
  };

  function isSigned(site: Site, jws: Jws): boolean {
    if (jws.header.typ !== 'sso+jwt') return false;
    const key = site.sso?.keys.find(({ kid }) => kid === jws.header.kid);
    return key !== undefined && keyOf(key)(jws);
  }

  /** A key that cannot be used verifies nothing; keys of sites are few and seldom change. */
  function keyOf(key: SsoKey): VerifyKey {
    const name = `${key.algorithm} ${key.key}`;
    const known = ready.get(name);
    if (known !== undefined) return known;
    if (ready.size >= maxKeys) ready.clear();
    const made = makeKey(key);
    ready.set(name, made);
    return made;
  }
}

const maxKeys = 1_000;

function makeKey(key: SsoKey): VerifyKey {
  try {
    return createVerifyKey(key);
  } catch {
    return () => false;
  }
}

function toClaims(site: Site, payload: Readonly<Record<string, unknown>>): SsoClaims | null {
  const { iss, aud, sub: subject, name } = payload;
  if (site.sso === null || iss !== site.sso.issuer || !isFor(aud, site.id)) return null;
  const badges = readTexts(payload.badges, 5, 40);
  const roles = readTexts(payload.roles, 20, 100);
  if (!isText(subject, 128) || !isText(name, 200)) return null;
  if (badges === null || roles === null) return null;
  return { subject, name, badges, moderator: site.sso.roles && roles.includes('moderator') };
}

/** One audience or a list of them. Source: RFC 7519 section 4.1.3. */
const isFor = (aud: unknown, site: string): boolean =>
  aud === site || (readTexts(aud, 20, 200)?.includes(site) ?? false);
