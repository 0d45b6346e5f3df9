import { readFileSync } from 'node:fs';
import { join } from 'node:path';

interface Locked {
  readonly version?: string;
  readonly resolved?: string;
  readonly integrity?: string;
  readonly hasInstallScript?: boolean;
  readonly dev?: boolean;
  readonly optional?: boolean;
  readonly license?: string;
  readonly link?: boolean;
}

const lock = JSON.parse(readFileSync(join(__dirname, '..', 'package-lock.json'), 'utf8')) as {
  readonly packages: Readonly<Record<string, Locked>>;
};
const packages = Object.entries(lock.packages)
  .filter(([path]) => path !== '')
  .map(([path, locked]) => ({
    name: path.slice(path.lastIndexOf('node_modules/') + 13),
    ...locked,
  }));

/** Older ones have known holes. Source: the advisories of each project. */
const floors: Readonly<Record<string, string>> = {
  'express-rate-limit': '8.6.2',
  'socket.io': '4.8.4',
  'engine.io': '6.6.9',
  'socket.io-parser': '4.2.7',
  ws: '8.21.0',
  jsonwebtoken: '9.0.3',
  'sanitize-html': '2.18.1',
  htmlparser2: '12.0.0',
};

describe('lock file', () => {
  it.each(Object.entries(floors))(
    'SUP-3 SEC-1 holds %s at %s or newer, wherever it appears',
    (name, floor) => {
      const versions = packages
        .filter((locked) => locked.name === name)
        .map(({ version }) => version!);
      expect(versions.filter((version) => isBelow(version, floor))).toEqual([]);
      expect(versions.length).toBeGreaterThan(0);
    },
  );

  it('SUP-4 names no host and has a checksum for every package', () => {
    const hosts = packages.filter(({ resolved, link }) => resolved !== undefined && link !== true);
    expect(hosts.map(({ resolved }) => resolved)).toEqual([]);
    const unchecked = packages.filter(
      ({ integrity, link }) => link !== true && !/^sha512-/.test(integrity ?? ''),
    );
    expect(unchecked.map(({ name }) => name)).toEqual([]);
  });

  it('SUP-4 runs no install script that was not decided on', () => {
    const manifest = JSON.parse(readFileSync(join(__dirname, '..', 'package.json'), 'utf8')) as {
      readonly allowScripts: Readonly<Record<string, boolean>>;
    };
    const scripted = packages.filter(({ hasInstallScript }) => hasInstallScript === true);
    const undecided = scripted
      .map(({ name }) => name)
      .filter((name) => !(name in manifest.allowScripts));
    expect(undecided.filter((name) => name !== 'fsevents')).toEqual([]);
    expect(Object.values(manifest.allowScripts).every((allowed) => !allowed)).toBe(true);
  });

  it('SUP-4 ships permissive licences only, and not too many packages', () => {
    const shipped = packages.filter(({ dev, optional }) => dev !== true && optional !== true);
    const allowed =
      /^\(?(MIT|ISC|BSD-[23]-Clause|Apache-2\.0|0BSD|BlueOak-1\.0\.0|Python-2\.0|PSF-2\.0|Unlicense|CC0-1\.0)\b/;
    const odd = shipped.filter(({ license }) => !allowed.test(license ?? ''));
    expect(odd.map(({ name, license }) => `${name}: ${license}`)).toEqual([]);
    expect(shipped.length).toBeLessThan(200);
  });
});

/** Numeric comparison of `x.y.z`; a prerelease counts as its release. */
function isBelow(version: string, floor: string): boolean {
  const [a, b] = [version, floor].map((v) => v.split('-')[0]!.split('.').map(Number));
  for (let i = 0; i < 3; i += 1) if (a![i] !== b![i]) return a![i]! < b![i]!;
  return false;
}
