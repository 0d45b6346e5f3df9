// Builds dist/: the server and the command line as one file each (a start reads two files instead
// of 600), and what browsers load. Types are checked by `npm run types`.
import { build } from 'esbuild';
import { existsSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const at = (...parts) => join(root, ...parts);

/** A package of prebuilt binaries beside it cannot move into a bundle. */
const external = ['@photostructure/sqlite'];

/** What CommonJS packages inside an ES module ask for. */
const banner = [
  "import { createRequire as $createRequire } from 'node:module';",
  'const require = $createRequire(import.meta.url);',
  'const __filename = import.meta.filename, __dirname = import.meta.dirname;',
].join('\n');

await rm(at('dist'), { recursive: true, force: true });
const entryPoints = ['main', 'cli'].map((name) => at('src', `${name}.ts`)).filter(existsSync);
await Promise.all([buildServer(), buildBrowser()]);

async function buildServer() {
  if (entryPoints.length === 0) return;
  await build({
    entryPoints,
    outdir: at('dist'),
    bundle: true,
    splitting: true,
    chunkNames: 'chunks/[name]-[hash]',
    platform: 'node',
    format: 'esm',
    target: 'node20.19',
    external,
    banner: { js: banner },
    legalComments: 'linked',
    sourcemap: false,
    minifySyntax: true,
    logLevel: 'warning',
  });
}

async function buildBrowser() {
  const script = at('scripts/build-browser.mjs');
  if (existsSync(script)) await import(script);
}
