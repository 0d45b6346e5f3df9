import { startApp, type TestApp } from '../helpers/app.js';
import { systemClock } from '../../src/domain/system.js';
import { aPost } from '../helpers/factories.js';
import type { FuzzWorld } from './fuzz-requests.js';

/** An app with something in it, and what a fuzzer needs to reach it. */
export async function startFuzzWorld(): Promise<{ app: TestApp; world: FuzzWorld }> {
  const app = await startApp({ env: { LOG_LEVEL: 'error' }, overrides: { clock: systemClock } });
  await app.putSite('times', { origins: ['https://times.example'] });
  await app.putSite('other');
  const comments: string[] = [];
  for (let i = 0; i < 10; i += 1) {
    const { comment } = await app.store.threads.write({ site: 'times', article: 'a' }, aPost());
    if (comment !== null) comments.push(comment.id);
  }
  const body = { name: 'Ada' };
  const path = '/api/v1/sites/times/session';
  const { json } = await app.client.send('POST', path, { body });
  const { accessToken } = json as { accessToken: string };
  const tokens = [
    accessToken,
    await app.createKey('times', ['read', 'write']),
    await app.createKey('other', ['read']),
  ];
  return { app, world: { tokens, comments } };
}
