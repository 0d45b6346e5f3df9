import { openStore } from '../../../src/store/open-store.js';
import { createTestIds, aPost } from '../../helpers/factories.js';
import { name } from './names.js';

/** Run as a process of its own: posts comments to the thread of the contract, four at a time. */
const [, , url = '', count = '0'] = process.argv;
const ids = createTestIds(process.pid);
const store = await openStore(url, { clock: { now: Date.now }, role: 'tool' });
process.stdout.write('begun\n');
for (let left = Number(count); left > 0; left -= 4) {
  const posts = Array.from({ length: Math.min(4, left) }, () =>
    store.threads.write(name, aPost({ entropy: ids.entropy() })),
  );
  await Promise.all(posts);
}
await store.close();
