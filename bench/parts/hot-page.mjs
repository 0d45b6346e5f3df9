// A server with one article of 50 comments beside a hello server, both on core 0.
import { join } from 'node:path';
import { closedLoop } from '../lib/http-load.mjs';
import {
  aFolder,
  buildServer,
  bundlePart,
  runPart,
  serverEnv,
  startPart,
} from '../lib/processes.mjs';

export async function prepareHotPage() {
  const folder = aFolder();
  const env = serverEnv(folder.path);
  runPart(await bundlePart('seed.ts'), [1, 50], env);
  const server = await startPart(join(buildServer(), 'main.js'), [], env);
  const hello = await startPart(await bundlePart('hello.mjs'));
  const close = async () => {
    await Promise.all([server.stop(), hello.stop()]);
    folder.remove();
  };
  return { server, hello, close };
}

/**
 * Requests a second, which the goals compare, and processor time a request, which tells the same
 * where the loading side or another process is what holds requests up.
 */
export async function measure(name, { url, cpuMs }, text, status) {
  const before = cpuMs();
  const load = { connections: 32, ms: 4_000, next: () => text, status };
  const { perSecond, times, odd } = await closedLoop(url, load);
  if (odd > 0) throw new Error(`${odd} answers were no ${status}.`);
  return { [name]: perSecond, [`${name}, CPU`]: ((cpuMs() - before) * 1_000) / times.length };
}
