// A server with one article of 50 comments beside a hello server, both on core 0.
import { join } from 'node:path';
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
