// Runs a script of TypeScript from the root: node scripts/run-script.mjs test/soak/crash.ts [arguments].
// Bundled first; packages stay outside, so the bundle lies where they are found.
import { build } from 'esbuild';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';

const [, , entry, ...rest] = process.argv;
if (entry === undefined) throw new Error('Name a script.');
const outfile = resolve(
  join('node_modules/.cache/sayso-scripts', `${entry.replace(/\W+/g, '-')}.mjs`),
);
await build({
  entryPoints: [entry],
  outfile,
  bundle: true,
  platform: 'node',
  format: 'esm',
  packages: 'external',
  logLevel: 'warning',
});
process.argv = [process.argv[0], outfile, ...rest];
await import(pathToFileURL(outfile).href);
