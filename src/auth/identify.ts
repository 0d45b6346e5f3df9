import type { Actor, Person } from '../domain/actor.js';
import { DomainError } from '../domain/errors.js';
import type { AccessTokens } from '../domain/ports.js';
import { maxTokenChars } from './jws.js';
import type { ServiceKeys } from './service-keys.js';

/** Finds out who is acting: nobody in particular, a reader, or a service. */
export type Identify = (credentials: {
  /** The header as it came; undefined: none. */
  readonly authorization: string | undefined;
  /** Keyed hash of the address. */
  readonly ipKey: string;
}) => Promise<Actor>;

/** Credentials that are there but no good are UNAUTHENTICATED or TOKEN_EXPIRED, never a visitor. */
export function createIdentify({
  accessTokens,
  serviceKeys,
}: {
  readonly accessTokens: AccessTokens;
  readonly serviceKeys: Pick<ServiceKeys, 'find'>;
}): Identify {
  return async ({ authorization, ipKey }) => {
    if (authorization === undefined) return { kind: 'visitor', ipKey };
    const token = bearerOf(authorization);
    if (!token.startsWith('sk_')) return sessionOf(accessTokens, token, ipKey).actor;
    const key = await serviceKeys.find(token);
    if (key === null) throw new DomainError('UNAUTHENTICATED');
    const { id: keyId, site, name, scopes } = key;
    return { kind: 'service', site, keyId, name, scopes, ipKey };
  };
}

/**
 * The reader behind an access token, and when it runs out (epoch ms, leeway included): sockets, whose
 * handshake carries the bare token, end with it. Throws UNAUTHENTICATED or TOKEN_EXPIRED.
 */
export function sessionOf(
  accessTokens: AccessTokens,
  token: string,
  ipKey: string,
): { readonly actor: Person; readonly expiresAt: number } {
  const { personId: id, expiresAt, ...claims } = accessTokens.verify(token);
  return { actor: { ...claims, id, ipKey }, expiresAt };
}

/** Source: RFC 6750 section 2.1; the scheme's case does not matter (RFC 9110 section 11.1). */
function bearerOf(authorization: string): string {
  const match =
    authorization.length <= maxTokenChars + 16
      ? /^bearer +([\w.~+/-]+=*)$/i.exec(authorization)
      : null;
  if (match?.[1] === undefined) throw new DomainError('UNAUTHENTICATED');
  return match[1];
}
