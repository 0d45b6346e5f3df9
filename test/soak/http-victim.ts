import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createServiceKeys } from '../../src/auth/service-keys.js';
import { systemClock, systemIds } from '../../src/domain/system.js';
import { newSite } from '../../src/domain/site.js';
import { openStore } from '../../src/store/open-store.js';
import { name } from '../store/contract/names.js';
import { until } from '../helpers/until.js';
import type { StartVictim } from './crash-rig.js';

const keys = new Map<string, string>();

/** A whole server (`dist/main.js`, built before), written to as a service with an Idempotency-Key. */
export const startHttpVictim: StartVictim = async (url) => {
  if (!existsSync('dist/main.js')) throw new Error('Run npm run build first.');
  const token = keys.get(url) ?? (await prepare(url));
  const child = spawn(process.execPath, ['dist/main.js'], {
    env: { ...process.env, NODE_ENV: 'test', PORT: '0', DATABASE_URL: url, SAYSO_SECRET: secret },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let log = '';
  child.stdout.on('data', (chunk) => (log += String(chunk).slice(0, 2_000)));
  const gone = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  const address = (): string | undefined => /"url":"([^"]+)"/.exec(log)?.[1];
  await until(() => {
    if (child.exitCode !== null) throw new Error(`The server ended: ${log}`);
    return address() !== undefined;
  });
  const comments = `${address()}/api/v1/sites/${name.site}/articles/${name.article}/comments`;
  return {
    async post(key) {
      const answer = await fetch(comments, {
        method: 'POST',
        headers: {
          authorization: `Bearer ${token}`,
          'content-type': 'application/json',
          'idempotency-key': key,
        },
        body: JSON.stringify({ source: key, author: { id: 'reader', name: 'Reader' } }),
      });
      const body = (await answer.json()) as { id: string }; // checked by the status
      if (answer.status !== 201) throw new Error(`${answer.status}: ${JSON.stringify(body)}`);
      return body.id;
    },
    async kill() {
      child.kill('SIGKILL');
      await gone;
    },
  };
};

const secret = Buffer.from('a secret of tests alone, long enough to be one').toString('base64');

/** A site whose limits are out of the way, and a key for it. */
async function prepare(url: string): Promise<string> {
  const store = await openStore(url, { clock: systemClock });
  const site = newSite(name.site);
  const wide = [{ points: 1_000_000, seconds: 1 }];
  await store.directory.putSite({
    ...site,
    limits: { ...site.limits, serviceComment: wide, memberComment: wide, addressComment: wide },
  });
  const { directory } = store;
  const service = createServiceKeys({ directory, clock: systemClock, ids: systemIds });
  const { text } = await service.create(name.site, 'Crash rig', ['read', 'write']);
  await store.close();
  keys.set(url, text);
  return text;
}
