import type { Actor } from './actor.js';
import type { Author } from './comment.js';
import { DomainError } from './errors.js';
import type { Limiter } from './ports.js';
import type { Rule, Site } from './site.js';

/** Counts one use; RATE_LIMITED with the time to wait where a rule is used up. */
export async function meter(
  limiter: Limiter,
  bucket: string,
  key: string,
  rules: readonly Rule[],
): Promise<void> {
  if (rules.length === 0) return;
  const allowance = await limiter.consume(bucket, key, rules);
  if (allowance.allowed) return;
  const { limit, windowSeconds } = allowance;
  throw new DomainError('RATE_LIMITED', {
    detail: `At most ${limit} in ${windowSeconds} s (${bucket}). Wait ${allowance.resetSeconds} s.`,
    retryAfter: Math.max(1, allowance.resetSeconds),
    rule: bucket,
  });
}

/** Counts a new comment or an edit: each by itself, in the rules of the author and of the address. */
export async function meterWriting(
  limiter: Limiter,
  what: 'comment' | 'edit',
  site: Site,
  actor: Actor,
  author: Author,
): Promise<void> {
  const { limits } = site;
  if (actor.kind === 'service') {
    return meter(limiter, what, `${site.id}:${actor.keyId}`, limits.serviceComment);
  }
  const own: readonly Rule[] = author.kind === 'guest' ? limits.guestComment : limits.memberComment;
  await meter(limiter, what, `${site.id}:${author.id}`, own);
  await meter(limiter, what, `${site.id}:${actor.ipKey}`, limits.addressComment);
}
