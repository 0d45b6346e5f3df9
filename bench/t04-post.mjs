import { join } from 'node:path';
import { closedLoop, open, openLoop, readAnswer, requestText, share } from './lib/http-load.mjs';
import {
  aFolder,
  buildServer,
  bundlePart,
  runPart,
  serverEnv,
  startPart,
} from './lib/processes.mjs';

const articles = 20;
const people = 40;
const load = { connections: 32, status: 201 };

export const benchmark = {
  id: 'T4',
  title: 'Post a comment of 280 characters, SQLite, durable',
  units: { 'Express echo': 'req/s', post: 'req/s', 'p99 at half load': 'ms' },
  goals: [
    { of: 'post', to: 'Express echo', least: 0.45 },
    { of: 'p99 at half load', most: 50 },
  ],
  async prepare() {
    const folder = aFolder();
    const env = serverEnv(folder.path);
    runPart(await bundlePart('seed.ts'), [articles, 50], env);
    const server = await startPart(join(buildServer(), 'main.js'), [], env);
    const echo = await startPart(await bundlePart('echo.ts'));
    const { sentence } = await import(await bundlePart('words.ts'));
    const tokens = await openSessions(server.url);
    let n = 1_000_000;
    const next = () => {
      n += 1;
      const path = `/api/v1/sites/bench/articles/a${n % articles}/comments`;
      const headers = {
        'Content-Type': 'application/json',
        Authorization: `Bearer ${tokens[n % people]}`,
      };
      return requestText('POST', path, headers, JSON.stringify({ source: sentence(n, 280) }));
    };
    const rate = async (url) => {
      const { perSecond, odd } = await closedLoop(url, { ...load, ms: 5_000, next });
      if (odd > 0) throw new Error(`${odd} answers were no 201.`);
      return perSecond;
    };
    let last = 0;
    return {
      measures: {
        'Express echo': () => rate(echo.url),
        post: async () => (last = await rate(server.url)),
        'p99 at half load': async () => {
          const half = { ...load, ms: 5_000, rate: (last || 500) / 2, next };
          const { times, odd } = await openLoop(server.url, half);
          if (odd > 0) throw new Error(`${odd} answers were no 201.`);
          return share(times, 0.99);
        },
      },
      close: async () => {
        await Promise.all([server.stop(), echo.stop()]);
        folder.remove();
      },
    };
  },
};

async function openSessions(url) {
  const client = await open(url);
  const tokens = [];
  for (let i = 0; i < people; i += 1) {
    const body = JSON.stringify({ name: `Reader ${i}` });
    const headers = { 'Content-Type': 'application/json' };
    const text = requestText('POST', '/api/v1/sites/bench/session', headers, body);
    tokens.push(JSON.parse(readAnswer(await client.send(text)).body).accessToken);
  }
  client.close();
  return tokens;
}
