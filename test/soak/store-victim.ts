import { fork } from 'node:child_process';
import { bundle } from '../helpers/bundle.js';
import type { StartVictim } from './crash-rig.js';

/** What the child says: that it is open, or what became of a post. */
type Said =
  | { readonly open: true }
  | { readonly key: string; readonly id: string }
  | { readonly key: string; readonly failed: string };

/** A process that writes to the store itself. */
export const startStoreVictim: StartVictim = async (url) => {
  const child = fork(bundle('test/soak/store-child.ts'), [url], { stdio: 'inherit' });
  const waiting = new Map<string, { resolve(id: string): void; reject(error: Error): void }>();
  const gone = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  await new Promise<void>((resolve, reject) => {
    child.once('exit', () => reject(new Error('The process ended before it was open.')));
    child.on('message', (said: Said) => {
      if ('open' in said) return resolve();
      const waiter = waiting.get(said.key);
      waiting.delete(said.key);
      if ('id' in said) waiter?.resolve(said.id);
      else waiter?.reject(new Error(said.failed));
    });
  });
  child.once('exit', () => {
    for (const { reject } of waiting.values()) reject(new Error('The process is gone.'));
  });
  return {
    post: (key) =>
      new Promise((resolve, reject) => {
        waiting.set(key, { resolve, reject });
        if (!child.connected) return reject(new Error('The process is gone.'));
        child.send(key, (error) => error && reject(error));
      }),
    async kill() {
      child.kill('SIGKILL');
      await gone;
    },
  };
};
