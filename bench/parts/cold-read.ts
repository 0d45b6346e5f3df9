// The least work behind a page that nobody has read yet: read the rows, make JSON of them.
import { systemClock } from '../../src/domain/system.js';
import { threadKey } from '../../src/domain/thread.js';
import { openStore } from '../../src/store/open-store.js';

const [articles = 1] = process.argv.slice(2).map(Number);
const store = await openStore(process.env.DATABASE_URL ?? '', { clock: systemClock, role: 'tool' });
const read = async (article: string): Promise<number> => {
  const tk = threadKey({ site: 'bench', article });
  const page = { sort: 'newest', limit: 50, cursor: null, previews: 3 } as const;
  const { rows, thread, replies, next } = await store.threads.readPage(tk, page);
  return JSON.stringify({ rows, thread, next, replies: [...replies] }).length;
};
for (let i = 0; i < articles / 4; i += 1) await read(`a${i}`);
const began = performance.now();
let bytes = 0;
for (let i = 0; i < articles; i += 1) bytes += await read(`a${i}`);
const ms = (performance.now() - began) / articles;
await store.close();
console.log(JSON.stringify({ ms, bytes }));
