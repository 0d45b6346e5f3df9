import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { buildBrowser } from '../helpers/build-browser.js';
import { aFolder } from '../helpers/folder.js';

interface Manifest {
  /** Files that paint the box: the entry and all that it imports statically. */
  readonly core: readonly string[];
  readonly assets: readonly string[];
}

const { path: folder, remove } = aFolder();
let manifest: Manifest;
beforeAll(async () => {
  await buildBrowser(folder);
  manifest = JSON.parse(readFileSync(join(folder, 'manifest.json'), 'utf8')) as Manifest;
}, 60_000);
afterAll(remove);

const gzipped = (...paths: readonly string[]): number =>
  paths.reduce((sum, path) => sum + gzipSync(readFileSync(join(folder, path)), { level: 9 }).length, 0); // prettier-ignore
const chunk = (name: string): string =>
  manifest.assets.find((path) => path.startsWith(`/assets/${name}.`) && path.endsWith('.js'))!;

describe('what browsers load, gzipped', () => {
  it('the loader is at most 1.5 kB', () => {
    expect(gzipped('embed.js')).toBeLessThanOrEqual(1_500);
  });

  it('the box, with its style and English, is at most 16 kB', () => {
    expect(manifest.core.length).toBeGreaterThan(0);
    expect(gzipped(...manifest.core)).toBeLessThanOrEqual(16_000);
  });

  it('what follows and what writes are at most 6 and 7 kB', () => {
    expect(gzipped(chunk('parts'))).toBeLessThanOrEqual(6_000);
    expect(gzipped(chunk('writing'))).toBeLessThanOrEqual(7_000);
  });

  it('a language is at most 1.6 kB', () => {
    expect(gzipped(chunk('sq'))).toBeLessThanOrEqual(1_600);
  });

  it('SEC-62 two builds are equal', async () => {
    const again = join(folder, 'again');
    await buildBrowser(again);
    const other = readFileSync(join(again, 'manifest.json'), 'utf8');
    expect(JSON.parse(other)).toEqual(manifest);
    for (const path of [...manifest.assets, 'embed.js'])
      expect(readFileSync(join(again, path)).equals(readFileSync(join(folder, path)))).toBe(true);
  }, 60_000);

  it('no name of a file or a folder is one that blockers look for', () => {
    const suspicious = /\b(ads?|track\w*|analytics|social|widgets?|pixel|beacon)\b/i;
    expect(manifest.assets.filter((path) => suspicious.test(path))).toEqual([]);
  });
});
