import { DomainError } from './errors.js';
import type { Limiter } from './ports.js';
import type { Rule } from './site.js';

/** Counts one use; RATE_LIMITED with the time to wait where a rule is used up. */
export async function meter(
  limiter: Limiter,
  bucket: string,
  key: string,
  rules: readonly Rule[],
): Promise<void> {
  if (rules.length === 0) return;
  const verdict = await limiter.consume(bucket, key, rules);
  if (verdict.allowed) return;
  const { limit, windowSeconds } = verdict;
  throw new DomainError('RATE_LIMITED', {
    detail: `At most ${limit} in ${windowSeconds} s (${bucket}). Wait ${verdict.resetSeconds} s.`,
    retryAfter: Math.max(1, verdict.resetSeconds),
    rule: bucket,
  });
}
