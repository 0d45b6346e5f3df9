// Builds dist/: the server and the command line as one file each (a start reads two files instead
// of 600), and what browsers load. Types are checked by `npm run types`.
import { build } from 'esbuild';
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { chmod, rm } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const at = (...parts) => join(root, ...parts);

const { values: options } = parseArgs({
  options: {
    out: { type: 'string', default: at('dist') },
    'server-only': { type: 'boolean', default: false },
  },
});
const out = resolve(options.out);
const { version } = JSON.parse(readFileSync(at('package.json'), 'utf8'));

/** A package of prebuilt binaries beside it cannot move into a bundle. */
const external = ['@photostructure/sqlite'];

/** What CommonJS packages inside an ES module ask for. */
const banner = [
  "import { createRequire as $createRequire } from 'node:module';",
  'const require = $createRequire(import.meta.url);',
  'const __filename = import.meta.filename, __dirname = import.meta.dirname;',
].join('\n');

await rm(out, { recursive: true, force: true });
await buildServer();
if (!options['server-only']) buildBrowser();

async function buildServer() {
  await build({
    entryPoints: ['main', 'cli'].map((name) => at('src', `${name}.ts`)),
    outdir: out,
    bundle: true,
    splitting: true,
    chunkNames: 'chunks/[name]-[hash]',
    platform: 'node',
    format: 'esm',
    target: 'node20.19',
    external,
    define: { __VERSION__: JSON.stringify(version) },
    banner: { js: banner },
    legalComments: 'linked',
    minifySyntax: true,
    logLevel: 'warning',
  });
  await chmod(join(out, 'cli.js'), 0o755);
}

function buildBrowser() {
  const script = at('scripts/build-browser.mjs');
  const args = [script, '--out', join(out, 'browser'), '--quiet'];
  if (existsSync(script)) execFileSync(process.execPath, args, { stdio: 'inherit' });
}
