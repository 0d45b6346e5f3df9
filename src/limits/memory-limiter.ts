import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible';
import type { Limiter, Allowance } from '../domain/ports.js';
import type { Rule } from '../domain/site.js';

/**
 * The Limiter port in the memory of one process. A window begins with its first use. At most
 * `maxKeys` keys are counted; the one used longest ago makes room for a fresh one.
 * Its library counts by the system's clock, which no `Clock` moves.
 */
export function createMemoryLimiter({
  maxKeys = 100_000,
}: { readonly maxKeys?: number } = {}): Limiter {
  const counters = new Map<string, RateLimiterMemory>();
  const keys = new Map<string, readonly Rule[]>();

  return {
    async consume(bucket, key, rules) {
      const name = `${bucket}:${key}`;
      remember(name, rules);
      // The counters count while this line runs; only the answers are awaited. So parallel uses
      // are taken one after the other, and the first of them win under every rule.
      const results = await Promise.all(rules.map((rule) => use(rule, name)));
      if (results.every(({ allowed }) => allowed)) return tightest(results);
      await Promise.all(rules.map((rule) => counterOf(rule).reward(name)));
      return tightest(results.filter(({ allowed }) => !allowed));
    },
    async close() {
      for (const [name, rules] of keys) await forget(name, rules);
      keys.clear();
      counters.clear();
    },
  };

  async function use(rule: Rule, name: string): Promise<Result> {
    try {
      return toResult(rule, true, await counterOf(rule).consume(name));
    } catch (refusal) {
      if (!(refusal instanceof RateLimiterRes)) throw refusal;
      return toResult(rule, false, refusal);
    }
  }

  function counterOf(rule: Rule): RateLimiterMemory {
    const id = `${rule.points}/${rule.seconds}`;
    const known = counters.get(id);
    if (known !== undefined) return known;
    const made = new RateLimiterMemory({ points: rule.points, duration: rule.seconds });
    counters.set(id, made);
    return made;
  }

  function remember(name: string, rules: readonly Rule[]): void {
    keys.delete(name);
    const [oldest] = keys.size >= maxKeys ? keys : [];
    if (oldest !== undefined) {
      keys.delete(oldest[0]);
      void forget(...oldest);
    }
    keys.set(name, rules);
  }

  async function forget(name: string, rules: readonly Rule[]): Promise<void> {
    await Promise.all(rules.map((rule) => counterOf(rule).delete(name)));
  }
}

interface Result {
  readonly rule: Rule;
  readonly allowed: boolean;
  readonly remaining: number;
  readonly msBeforeNext: number;
}

const toResult = (rule: Rule, allowed: boolean, res: RateLimiterRes): Result => ({
  rule,
  allowed,
  remaining: res.remainingPoints,
  msBeforeNext: Math.max(res.msBeforeNext, 0),
});

/** The rule with the least left, and of several the one that takes longest. */
function tightest(results: readonly Result[]): Allowance {
  const [first] = [...results].sort(
    (a, b) => a.remaining - b.remaining || b.msBeforeNext - a.msBeforeNext,
  );
  if (first === undefined) return unlimited;
  return {
    allowed: first.allowed,
    limit: first.rule.points,
    remaining: first.remaining,
    resetSeconds: Math.max(1, Math.ceil(first.msBeforeNext / 1_000)),
    windowSeconds: first.rule.seconds,
  };
}

/** The answer where there is no rule. */
const unlimited: Allowance = {
  allowed: true,
  limit: Number.MAX_SAFE_INTEGER,
  remaining: Number.MAX_SAFE_INTEGER,
  resetSeconds: 1,
  windowSeconds: 1,
};
