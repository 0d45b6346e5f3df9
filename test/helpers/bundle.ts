import { execFileSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { resolve } from 'node:path';

const done = new Map<string, string>();

/** Tests and scripts are run from there. */
const root = process.cwd();

/**
 * Makes a script of TypeScript (a path from the root) one that node runs in a process of its own.
 * Dependencies stay outside, so it lies where they are found. By the command: esbuild's API does
 * not work inside jest, whose Uint8Array is another one (github.com/evanw/esbuild/issues/2334).
 */
export function bundle(entry: string): string {
  const known = done.get(entry);
  if (known !== undefined) return known;
  const folder = resolve(root, 'node_modules/.cache/sayso-test');
  mkdirSync(folder, { recursive: true });
  const outfile = resolve(folder, `${entry.replaceAll(/\W+/g, '-')}-${process.pid}.mjs`);
  execFileSync(process.execPath, [
    resolve(root, 'node_modules/esbuild/bin/esbuild'),
    resolve(root, entry),
    ...['--bundle', '--platform=node', '--format=esm', '--packages=external'],
    ...['--log-level=error', `--outfile=${outfile}`],
  ]);
  done.set(entry, outfile);
  return outfile;
}
