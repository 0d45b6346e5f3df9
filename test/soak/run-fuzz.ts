import { fuzz } from './fuzz.js';
import { startFuzzWorld } from './fuzz-world.js';

// npm run soak:fuzz -- [minutes] [seed]
const [minutes = '10', seed = String(Date.now() % 1_000_000)] = process.argv.slice(2);
const uncaught: string[] = [];
process.on('uncaughtException', (error) => uncaught.push(String(error.stack)));
process.on('unhandledRejection', (reason) => uncaught.push(String(reason)));

const { app, world } = await startFuzzWorld();
console.log(`Seed ${seed}, ${minutes} min.`);
const result = await fuzz({
  url: app.url,
  world,
  seed: Number(seed),
  ms: Number(minutes) * 60_000,
});
await app.stop();
console.log(JSON.stringify({ requests: result.requests, statuses: result.statuses }, null, 2));
for (const failure of [...result.failures, ...uncaught]) console.error(failure);
const ok = result.failures.length === 0 && uncaught.length === 0 && !('polluted' in {});
console.log(ok ? 'No answer 5xx, none that breaks its schema, nothing uncaught.' : 'Failed.');
process.exitCode = ok ? 0 : 1;
