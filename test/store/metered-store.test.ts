import { openStore } from '../../src/store/open-store.js';
import { createClock } from '../helpers/clock.js';
import { aPost, aVote } from '../helpers/factories.js';
import { inParallel } from './contract/harness.js';
import { name, tk } from './contract/names.js';

describe('a store with metrics', () => {
  it('counts each call under its name, failures too, and operations of transactions', async () => {
    const calls: [string, boolean][] = [];
    const commits: number[] = [];
    const metrics = {
      store: (call: string, seconds: number, failed: boolean) => {
        expect(seconds).toBeGreaterThanOrEqual(0);
        calls.push([call, failed]);
      },
      commit: (operations: number) => commits.push(operations),
    };
    const store = await openStore('sqlite::memory:', { clock: createClock(), metrics });
    await inParallel(10, () => store.threads.write(name, aPost()));
    await store.threads.readThread(tk);
    await expect(store.threads.write(name, aVote('none'))).rejects.toThrow();
    await store.ping();
    await store.close();
    expect(calls).toEqual([
      ...Array.from({ length: 10 }, () => ['write', false]),
      ['readThread', false],
      ['write', true],
      ['ping', false],
    ]);
    expect(commits.reduce((sum, count) => sum + count, 0)).toBe(11);
    expect(commits.length).toBeLessThan(11);
  });
});
