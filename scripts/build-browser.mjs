// Builds everything that browsers load into dist/browser (or the folder named by --out), with
// hashed names, a manifest, and a .gz beside every file. Prints the sizes. Two builds are equal.
import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import * as esbuild from 'esbuild';

const root = fileURLToPath(new URL('..', import.meta.url));
const source = join(root, 'src/browser');
const args = process.argv.slice(2);
const out = args.includes('--out') ? args[args.indexOf('--out') + 1] : join(root, 'dist/browser');
const quiet = args.includes('--quiet');
const { version } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8'));

/** Style sheets become minified text, which the box turns into a CSSStyleSheet. */
const cssText = {
  name: 'css-text',
  setup(build) {
    build.onLoad({ filter: /widget\/.*\.css$/ }, async ({ path }) => {
      const css = await readFile(path, 'utf8');
      const { code } = await esbuild.transform(css, {
        loader: 'css',
        minify: true,
        target: 'es2022',
      });
      return { contents: code.trim(), loader: 'text' };
    });
  },
};
const shared = {
  absWorkingDir: root,
  bundle: true,
  minify: true,
  target: 'es2023',
  jsx: 'automatic',
  jsxImportSource: 'preact',
  alias: { 'preact/jsx-runtime': join(source, 'shared/jsx-runtime.ts') },
  charset: 'utf8',
  metafile: true,
  legalComments: 'none',
  logLevel: 'warning',
  plugins: [cssText],
};

await rm(out, { recursive: true, force: true });
await mkdir(join(out, 'assets'), { recursive: true });

const modules = await esbuild.build({
  ...shared,
  entryPoints: [join(source, 'widget/core.ts')],
  format: 'esm',
  splitting: true,
  outdir: join(out, 'assets'),
  entryNames: '[name].[hash]',
  chunkNames: '[name].[hash]',
});
const core = entryOf(modules, 'widget/core.ts');
const imported = staticImports(modules, core);

await esbuild.build({
  ...shared,
  entryPoints: [join(source, 'embed/loader.ts')],
  format: 'iife',
  outfile: join(out, 'embed.js'),
  define: { __CORE__: JSON.stringify([...imported, core]), __VERSION__: JSON.stringify(version) },
});
await style('embed/embed.css', 'embed.css');

const pages = {};
for (const page of ['demo', 'home', 'thread']) pages[page] = await buildPage(page);

const assets = (await readdir(join(out, 'assets'))).sort();
const manifest = {
  version,
  core: [...imported, core].map((name) => `/assets/${name}`),
  pages,
  assets: assets.map((name) => `/assets/${name}`),
};
await writeFile(join(out, 'manifest.json'), `${JSON.stringify(manifest, null, 2)}\n`);
await compress();
if (!quiet) report();

/** A page's style and script with hashed names, and its HTML with the addresses filled in. */
async function buildPage(page) {
  const folder = join(source, page);
  const css = await hashedStyle(join(folder, 'style.css'), page);
  const built = await esbuild.build({
    ...shared,
    entryPoints: [join(folder, 'page.ts')],
    format: 'esm',
    outdir: join(out, 'assets'),
    entryNames: `${page}.[hash]`,
  });
  const script = entryOf(built, `${page}/page.ts`);
  const html = (await readFile(join(folder, 'index.html'), 'utf8'))
    .replaceAll('%STYLE%', `/assets/${css}`)
    .replaceAll('%SCRIPT%', `/assets/${script}`);
  await mkdir(join(out, page), { recursive: true });
  await writeFile(join(out, page, 'index.html'), html);
  return { style: `/assets/${css}`, script: `/assets/${script}` };
}

async function hashedStyle(path, name) {
  const built = await esbuild.build({
    ...shared,
    plugins: [],
    entryPoints: [path],
    write: false,
    outdir: out,
  });
  const text = built.outputFiles[0].text;
  const hash = createHash('sha256').update(text).digest('hex').slice(0, 8).toUpperCase();
  await writeFile(join(out, 'assets', `${name}.${hash}.css`), text);
  return `${name}.${hash}.css`;
}

async function style(path, name) {
  await esbuild.build({
    ...shared,
    plugins: [],
    entryPoints: [join(source, path)],
    outfile: join(out, name),
  });
}

function entryOf(result, entry) {
  const found = Object.entries(result.metafile.outputs).find(([, output]) =>
    output.entryPoint?.endsWith(entry),
  );
  if (!found) throw new Error(`No output for ${entry}`);
  return found[0].split('/').at(-1);
}

/** Files that an output loads with itself, directly or by way of another. */
function staticImports({ metafile }, name, found = new Set()) {
  const [, output] = Object.entries(metafile.outputs).find(([path]) => path.endsWith(`/${name}`));
  for (const { path, kind } of output.imports) {
    const file = path.split('/').at(-1);
    if (kind !== 'import-statement' || found.has(file)) continue;
    found.add(file);
    staticImports({ metafile }, file, found);
  }
  return [...found];
}

async function compress() {
  for (const entry of await readdir(out, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile() || !/\.(js|css|html)$/.test(entry.name)) continue;
    const path = join(entry.parentPath, entry.name);
    await writeFile(`${path}.gz`, gzipSync(await readFile(path), { level: 9 }));
  }
}

async function report() {
  const names = [
    'embed.js',
    'embed.css',
    ...assets.filter((name) => /\.(js|css)$/.test(name)).map((name) => `assets/${name}`),
  ];
  for (const name of names) {
    const bytes = await readFile(join(out, name));
    const packed = gzipSync(bytes, { level: 9 }).length;
    console.log(
      `${relative(root, join(out, name)).padEnd(44)} ${String(bytes.length).padStart(7)} B ${String(packed).padStart(6)} B gzipped`,
    );
  }
}
