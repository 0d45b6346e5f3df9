import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { aFolder, buildServer, pinned, serverEnv, startPart } from './lib/processes.mjs';

export const benchmark = {
  id: 'T18',
  title: 'Start on SQLite, empty folder, until it takes requests',
  units: { 'node -e 0': 'ms', 'server ready': 'ms' },
  goals: [{ of: 'server ready', most: 1_000 }],
  async prepare() {
    const main = join(buildServer(), 'main.js');
    const [command, args] = pinned(0, ['-e', '0']);
    return {
      measures: {
        'node -e 0': async () => {
          const began = performance.now();
          spawnSync(command, args);
          return performance.now() - began;
        },
        'server ready': async () => {
          const folder = aFolder();
          const began = performance.now();
          const server = await startPart(main, [], serverEnv(folder.path));
          const ms = performance.now() - began;
          await server.stop();
          folder.remove();
          return ms;
        },
      },
    };
  },
};
