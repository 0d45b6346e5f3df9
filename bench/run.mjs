// npm run bench -- T1 T4: measures against references in the same run; see docs/performance.md.
// The loading side (this process) keeps to core 1, what is measured to core 0.
import { spawnSync } from 'node:child_process';
import { readdirSync, writeFileSync } from 'node:fs';
import { cpus, loadavg } from 'node:os';
import { join } from 'node:path';
import { refuseBusy, runBenchmark, toTable } from './lib/frame.mjs';
import { canPin, pinned } from './lib/processes.mjs';

const here = import.meta.dirname;
const wanted = process.argv.slice(2).filter((arg) => !arg.startsWith('-'));
const evenBusy = process.argv.includes('--even-busy');

if (canPin && process.env.SAYSO_BENCH_PINNED === undefined) {
  const [command, args] = pinned(1, [join(here, 'run.mjs'), ...process.argv.slice(2)]);
  const env = { ...process.env, SAYSO_BENCH_PINNED: '1' };
  process.exit(spawnSync(command, args, { stdio: 'inherit', env }).status ?? 1);
}
delete process.env.SAYSO_BENCH_PINNED;

const benchmarks = [];
for (const file of readdirSync(here)
  .filter((name) => /^t\d+-.*\.mjs$/.test(name))
  .sort()) {
  const { benchmark } = await import(join(here, file));
  if (wanted.length === 0 || wanted.includes(benchmark.id)) benchmarks.push(benchmark);
}
const missing = wanted.filter((id) => !benchmarks.some((benchmark) => benchmark.id === id));
if (missing.length > 0) fail(`There is no benchmark ${missing.join(', ')}.`);

const results = [];
for (const benchmark of benchmarks) {
  try {
    if (!evenBusy) refuseBusy();
    process.stderr.write(`${benchmark.id} …\n`);
    results.push(await runBenchmark(benchmark));
  } catch (error) {
    fail(`${benchmark.id}: ${error.stack}`);
  }
}
process.stdout.write(`${toTable(results)}\n`);
const machine = {
  node: process.version,
  cpu: cpus()[0]?.model,
  cores: cpus().length,
  pinned: canPin,
  load: loadavg()[0],
};
const report = { at: new Date().toISOString(), machine, results };
writeFileSync(join(here, 'results.json'), `${JSON.stringify(report, null, 2)}\n`);

function fail(message) {
  process.stderr.write(`${message}\n`);
  process.exit(1);
}
