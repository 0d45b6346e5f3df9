import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';

const root = join(__dirname, '../..');

/** Builds the browser files of this tree into a folder; about a second. */
export async function buildBrowser(out: string): Promise<string> {
  const script = join(root, 'scripts/build-browser.mjs');
  await promisify(execFile)(process.execPath, [script, '--out', out, '--quiet']);
  return out;
}
