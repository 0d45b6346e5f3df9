import { startApp, type TestApp } from '../helpers/app.js';
import { runDrops } from '../helpers/drops.js';
import { seeded } from '../helpers/seeded.js';

const seed = Number(process.env['SAYSO_TEST_SEED'] ?? Date.now() % 2 ** 31);

describe(`readers that are dropped at random (seed ${String(seed)})`, () => {
  let app: TestApp;
  afterEach(() => app.stop());

  it('REL-9 end equal to a fresh read: none missing, none doubled', async () => {
    app = await startApp({
      overrides: { clock: { now: () => Date.now() } },
      env: { SAYSO_LIMIT_SOCKET_CONNECTS_PER_MINUTE: '100000' },
    });
    await app.putSite('drops');
    const report = await runDrops({
      url: app.url,
      name: { site: 'drops', article: 'news/1' },
      store: app.store.threads,
      clients: 20,
      changes: 120,
      random: seeded(seed),
    });
    expect(report).toMatchObject({ wrong: 0, doubled: 0 });
    expect(report.frames).toBeGreaterThan(0);
    expect(report.drops).toBeGreaterThan(20);
  }, 60_000);
});
