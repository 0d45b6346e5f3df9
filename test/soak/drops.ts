import { startApp, type TestApp } from '../helpers/app.js';
import { runDrops } from '../helpers/drops.js';
import { seeded } from '../helpers/seeded.js';

const seed = Number(process.env['SAYSO_TEST_SEED'] ?? Date.now() % 2 ** 31);
const clients = Number(process.env['SAYSO_SOAK_CLIENTS'] ?? 200);
const changes = Number(process.env['SAYSO_SOAK_CHANGES'] ?? 500);

describe(`${String(clients)} readers dropped at random (seed ${String(seed)})`, () => {
  let app: TestApp;
  afterEach(() => app.stop());

  it(`end equal to a fresh read after ${String(changes)} changes`, async () => {
    app = await startApp({
      overrides: { clock: { now: () => Date.now() } },
      env: { SAYSO_LIMIT_SOCKET_CONNECTS_PER_MINUTE: '1000000' },
    });
    await app.putSite('drops');
    const report = await runDrops({
      url: app.url,
      name: { site: 'drops', article: 'news/1' },
      store: app.store.threads,
      clients,
      changes,
      random: seeded(seed),
    });
    process.stdout.write(`${JSON.stringify(report)}\n`);
    expect(report).toMatchObject({ wrong: 0, doubled: 0 });
    expect(report.frames).toBeGreaterThan(clients);
    expect(report.drops).toBeGreaterThan(changes / 4);
  });
});
