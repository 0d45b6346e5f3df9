// Fills a fresh store: site `bench` without limits to speak of, articles `a0` … with comments.
import { renderText } from '../../src/domain/text/render.js';
import { systemClock, systemIds } from '../../src/domain/system.js';
import { newSite } from '../../src/domain/site.js';
import { openStore } from '../../src/store/open-store.js';
import { aPost, farLimits } from '../../test/helpers/factories.js';
import { sentence } from './words.js';

const [articles = 1, comments = 50] = process.argv.slice(2).map(Number);
const store = await openStore(process.env.DATABASE_URL ?? '', { clock: systemClock });
await store.directory.putSite({ ...newSite('bench'), limits: farLimits });
for (let article = 0; article < articles; article += 1) {
  await Promise.all(
    Array.from({ length: comments }, (_, i) => write(`a${article}`, article * comments + i)),
  );
}
await store.close();
console.log('{}');

function write(article: string, n: number): Promise<unknown> {
  const text = { ...renderText(sentence(n, 280), 'markdown'), fingerprint: null };
  const [id, name] = [`person-${n % 40}`, `Reader ${n % 40}`];
  const author = { id, name, kind: 'guest', badges: [] } as const;
  const entropy = systemIds.entropy();
  return store.threads.write({ site: 'bench', article }, aPost({ entropy, author, text }));
}
