import { createMemoryLimiter } from '../../src/limits/memory-limiter.js';

const fivePerMinute = { points: 5, seconds: 60 };

describe('memory limiter', () => {
  it('lets exactly 5 of 200 parallel uses pass a limit of 5', async () => {
    const limiter = createMemoryLimiter();
    const verdicts = await Promise.all(
      Array.from({ length: 200 }, () => limiter.consume('comment', 'a', [fivePerMinute])),
    );
    expect(verdicts.filter(({ allowed }) => allowed)).toHaveLength(5);
    await limiter.close();
  });

  it('counts a refused use under no rule, in parallel too', async () => {
    const limiter = createMemoryLimiter();
    const rules = [{ points: 1, seconds: 1 }, fivePerMinute];
    const parallel = await Promise.all(
      Array.from({ length: 50 }, () => limiter.consume('comment', 'a', rules)),
    );
    expect(parallel.filter(({ allowed }) => allowed)).toHaveLength(1);
    const wide = await limiter.consume('comment', 'a', [fivePerMinute]);
    expect(wide).toMatchObject({ allowed: true, remaining: 3 });
    await limiter.close();
  });

  it('tells of the rule that refuses, and when it has room again', async () => {
    const limiter = createMemoryLimiter();
    const rules = [{ points: 1, seconds: 10 }, fivePerMinute];
    expect(await limiter.consume('comment', 'a', rules)).toMatchObject({
      allowed: true,
      limit: 1,
      remaining: 0,
      windowSeconds: 10,
    });
    expect(await limiter.consume('comment', 'a', rules)).toEqual({
      allowed: false,
      limit: 1,
      remaining: 0,
      resetSeconds: 10,
      windowSeconds: 10,
    });
    await limiter.close();
  });

  it('has room again after the window', async () => {
    jest.useFakeTimers();
    try {
      const limiter = createMemoryLimiter();
      const rules = [{ points: 1, seconds: 10 }];
      await limiter.consume('vote', 'a', rules);
      expect((await limiter.consume('vote', 'a', rules)).allowed).toBe(false);
      jest.advanceTimersByTime(10_000);
      expect((await limiter.consume('vote', 'a', rules)).allowed).toBe(true);
      await limiter.close();
    } finally {
      jest.useRealTimers();
    }
  });

  it('counts keys and buckets apart', async () => {
    const limiter = createMemoryLimiter();
    const rules = [{ points: 1, seconds: 60 }];
    const uses = [
      await limiter.consume('vote', 'a', rules),
      await limiter.consume('vote', 'b', rules),
      await limiter.consume('report', 'a', rules),
    ];
    expect(uses.map(({ allowed }) => allowed)).toEqual([true, true, true]);
    await limiter.close();
  });

  it('forgets the key used longest ago when it counts too many', async () => {
    const limiter = createMemoryLimiter({ maxKeys: 2 });
    const rules = [{ points: 1, seconds: 60 }];
    const allowed = async (key: string) => (await limiter.consume('vote', key, rules)).allowed;
    expect([await allowed('a'), await allowed('b'), await allowed('a')]).toEqual([
      true,
      true,
      false,
    ]);
    expect(await allowed('c')).toBe(true);
    expect([await allowed('a'), await allowed('b')]).toEqual([false, true]);
    await limiter.close();
  });

  it('allows everything where there is no rule', async () => {
    const limiter = createMemoryLimiter();
    expect((await limiter.consume('vote', 'a', [])).allowed).toBe(true);
    await limiter.close();
  });
});
