import { openStore } from '../../src/store/open-store.js';
import { aPost } from '../helpers/factories.js';
import { name } from './contract/names.js';

/** Run as a process of its own: opens a store, says `begun` or why not, and does as it is told. */
const [, , url = '', role = '', then = ''] = process.argv;
const say = (line: string): void => void process.stdout.write(`${line}\n`);
try {
  const store = await openStore(url, {
    clock: { now: Date.now },
    role: role === 'tool' ? 'tool' : 'server',
  });
  say('begun');
  if (then === 'throw') {
    process.on('uncaughtException', ({ message }) => say(`uncaught: ${message}`));
    store.threads.watch(() => {
      throw new Error('of the listener');
    });
    store.threads.watch(({ rev }) => say(`heard ${rev}`));
    const { thread } = await store.threads.write(name, aPost());
    say(`answered ${thread.rev}`);
  }
  if (then === 'stay') setInterval(() => undefined, 1_000);
  else await store.close();
} catch (error) {
  say(String(error));
}
