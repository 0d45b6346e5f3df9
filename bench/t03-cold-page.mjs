import { join } from 'node:path';
import { closedLoop, requestText } from './lib/http-load.mjs';
import {
  aFolder,
  buildServer,
  bundlePart,
  runPart,
  serverEnv,
  startPart,
} from './lib/processes.mjs';

const articles = 600;
const warmUp = 100;

const path = (n) => `/api/v1/sites/bench/articles/a${n}/comments?sort=newest&limit=50`;

export const benchmark = {
  id: 'T3',
  title: 'A page of 50 comments that nobody has read yet',
  units: { 'store read + JSON': 'ms', 'page over HTTP': 'ms' },
  goals: [{ of: 'page over HTTP', to: 'store read + JSON', most: 1.5 }],
  async prepare() {
    const folder = aFolder();
    const env = serverEnv(folder.path);
    runPart(await bundlePart('seed.ts'), [articles, 50], env);
    const reference = await bundlePart('cold-read.ts');
    const main = join(buildServer(), 'main.js');
    return {
      measures: {
        'store read + JSON': async () => runPart(reference, [articles], env).ms,
        // A fresh server each round: its cache is empty. The server's core is kept busy, so that
        // the time between answers is what one costs.
        'page over HTTP': async () => {
          const server = await startPart(main, [], env);
          let n = 0;
          const next = () => requestText('GET', path(n++ % articles));
          const load = { connections: 4, next, status: 200 };
          while (n < warmUp) await closedLoop(server.url, { ...load, ms: 20 });
          const from = n;
          const began = performance.now();
          while (n < articles - 50) await closedLoop(server.url, { ...load, ms: 20 });
          const ms = (performance.now() - began) / (n - from);
          await server.stop();
          if (n > articles) throw new Error('Some pages were read twice.');
          return ms;
        },
      },
      close: folder.remove,
    };
  },
};
