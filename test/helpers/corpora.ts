import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

/** One hostile or odd input; `name` is its file and place, such as `blns#12`. */
export interface Payload {
  readonly name: string;
  readonly payload: string;
}

/** The folder of test data that stays out of the repository (`SHARED_DIR`, default `../shared`). */
export const sharedDir = resolve(process.env.SHARED_DIR ?? '../shared');

/** Every payload of `SHARED_DIR/corpora`, in the order of files; null, with a loud message, where the folder is absent. */
export function loadCorpora(): readonly Payload[] | null {
  const folder = join(sharedDir, 'corpora');
  if (!existsSync(folder)) {
    console.error(`SKIPPED: no ${folder}. Set SHARED_DIR to run the tests over the corpora.`);
    return null;
  }
  const files = readdirSync(folder).filter((file) => file.endsWith('.json'));
  const payloads = files.sort().flatMap((file) => readPayloads(join(folder, file), file));
  if (payloads.length === 0) throw new Error(`${folder} holds no payloads.`);
  return payloads;
}

/** Whether the long runs are asked for (`SAYSO_FULL=1`); without it tests take a fixed sample. */
export const isFullRun = process.env.SAYSO_FULL === '1';

/** Every nth payload, the same in each run; all of them in a full run. */
export function sample(payloads: readonly Payload[], nth: number): readonly Payload[] {
  return isFullRun ? payloads : payloads.filter((_, index) => index % nth === 0);
}

function readPayloads(path: string, file: string): Payload[] {
  const entries: unknown = JSON.parse(readFileSync(path, 'utf8'));
  if (!Array.isArray(entries)) throw new Error(`${path} is not an array.`);
  return entries.map((entry: unknown, index) => ({
    name: `${file.replace('.json', '')}#${String(index)}`,
    payload: toPayload(entry, path),
  }));
}

function toPayload(entry: unknown, path: string): string {
  if (typeof entry === 'string') return entry;
  if (typeof entry === 'object' && entry !== null && 'payload' in entry) {
    if (typeof entry.payload === 'string') return entry.payload;
  }
  throw new Error(`${path} holds an entry without a payload.`);
}
