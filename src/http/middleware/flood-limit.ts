import { createHash } from 'node:crypto';
import type { RequestHandler } from 'express';
import { rateLimit, type Store } from 'express-rate-limit';
import { outerLimiterKey } from '../../auth/address-key.js';
import { DomainError } from '../../domain/errors.js';
import type { Clock } from '../../domain/ports.js';
import type { Address } from './address.js';
import { factsOf } from './request-facts.js';

/** What one more request of an address comes to. */
export interface Flood {
  readonly allowed: boolean;
  readonly resetSeconds: number;
  /** Values of the headers `RateLimit` and `RateLimit-Policy`, draft 8. */
  readonly rateLimit: string;
  readonly policy: string;
}

/** Counts the requests of addresses in this process: a read never costs a round trip. */
export interface FloodLimit {
  /** Counts one request at `now`, epoch ms; for answers that do not pass through Express. */
  take(address: Address, now: number): Flood;
  /** The same count and the same headers, in Express. Throws RATE_LIMITED. */
  readonly middleware: RequestHandler;
}

interface Count {
  hits: number;
  /** Epoch ms. */
  resetAt: number;
  readonly policy: string;
  /** The wider range around it, which is counted too; null: none. */
  readonly around: string | null;
}

const windowMs = 60_000;

/** An IPv6 /48 has that many times the limit of a /64. */
const outerFactor = 16;

/** Addresses that are counted at once. Past it the oldest go: they begin a fresh window. */
const maxAddresses = 100_000;

/** The flood limit: `perMinute` requests an address (IPv4 or /64) in any started minute. */
export function createFloodLimit({
  perMinute,
  clock,
}: {
  readonly perMinute: number;
  readonly clock: Clock;
}): FloodLimit {
  const counts = new Map<string, Count>();
  const name = `${perMinute}-in-1min`;

  const hit = (key: string, now: number): Count => {
    let count = counts.get(key);
    if (count === undefined) {
      if (counts.size >= maxAddresses) dropOldest(counts, maxAddresses / 10);
      const policy = policyOf(name, perMinute, key);
      count = { hits: 0, resetAt: now + windowMs, policy, around: rangeAround(key) };
      counts.set(key, count);
    } else if (now >= count.resetAt || count.resetAt - now > windowMs) {
      count.hits = 0;
      count.resetAt = now + windowMs;
    }
    count.hits += 1;
    return count;
  };

  /** A /48 over its own limit counts as one over the limit of the /64, too. */
  const hitAll = (bucket: string, now: number): Count => {
    const count = hit(bucket, now);
    if (count.around === null) return count;
    const outer = hit(count.around, now);
    if (outer.hits <= perMinute * outerFactor) return count;
    return { ...count, hits: perMinute + 1, resetAt: outer.resetAt };
  };

  const take = (address: Address, now: number): Flood => {
    const count = hitAll(address.bucket, now);
    const resetSeconds = Math.max(1, Math.ceil((count.resetAt - now) / 1_000));
    const remaining = Math.max(0, perMinute - count.hits);
    const allowed = count.hits <= perMinute;
    return {
      allowed,
      resetSeconds,
      rateLimit: `"${name}"; r=${remaining}; t=${resetSeconds}`,
      policy: count.policy,
    };
  };

  return { take, middleware: createMiddleware({ perMinute, name, hitAll, clock }) };
}

function createMiddleware(deps: {
  readonly perMinute: number;
  readonly name: string;
  readonly hitAll: (bucket: string, now: number) => Count;
  readonly clock: Clock;
}): RequestHandler {
  const { perMinute, name, hitAll, clock } = deps;
  const store: Store = {
    localKeys: true,
    increment: (key) => {
      const now = clock.now();
      const count = hitAll(key, now);
      // The library compares with the real time, which is not that of the clock in tests.
      return {
        totalHits: count.hits,
        resetTime: new Date(Date.now() + count.resetAt - now),
      };
    },
    decrement: () => undefined,
    resetKey: () => undefined,
  };
  return rateLimit({
    windowMs,
    limit: perMinute,
    identifier: name,
    standardHeaders: 'draft-8',
    legacyHeaders: false,
    validate: false,
    store,
    keyGenerator: (_request, response) => factsOf(response).address.bucket,
    handler: (_request, response, next) => {
      const retryAfter = Number(response.getHeader('Retry-After')) || 1;
      next(
        new DomainError('RATE_LIMITED', {
          retryAfter,
          rule: 'flood',
          detail: `More than ${perMinute} requests in a minute from this address.`,
        }),
      );
    },
  });
}

/** The /48 around a /64. */
const rangeAround = (bucket: string): string | null =>
  bucket.endsWith('/64') ? outerLimiterKey(bucket.slice(0, -'/64'.length)) : null;

/** The partition key as express-rate-limit writes it: 12 characters of SHA-256, base64 again. */
function policyOf(name: string, perMinute: number, key: string): string {
  const short = createHash('sha256').update(key).digest('hex').slice(0, 12);
  return `"${name}"; q=${perMinute}; w=60; pk=:${Buffer.from(short).toString('base64')}:`;
}

function dropOldest(counts: Map<string, Count>, many: number): void {
  let left = many;
  for (const key of counts.keys()) {
    if (left === 0) return;
    counts.delete(key);
    left -= 1;
  }
}
