import { fuzz } from './fuzz.js';
import { startFuzzWorld } from './fuzz-world.js';

describe('20 seconds of wrong requests', () => {
  it('SUP-2 SEC-70 bring no answer 5xx, none that breaks its schema, and nothing uncaught', async () => {
    const seed = Date.now() % 1_000_000;
    const uncaught: unknown[] = [];
    const note = (error: unknown) => uncaught.push(error);
    process.on('unhandledRejection', note);
    const { app, world } = await startFuzzWorld();
    const { requests, failures } = await fuzz({ url: app.url, world, seed, ms: 20_000 });
    await app.stop();
    process.off('unhandledRejection', note);
    expect({ seed, failures, uncaught }).toEqual({ seed, failures: [], uncaught: [] });
    expect(requests).toBeGreaterThan(500);
    expect('polluted' in {}).toBe(false);
  }, 120_000);
});
