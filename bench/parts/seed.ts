// Fills a fresh store: site `bench` without limits to speak of, articles `a0` … with comments.
import { renderText } from '../../src/domain/text/render.js';
import { systemClock, systemIds } from '../../src/domain/ids.js';
import { newSite, type Site } from '../../src/domain/site.js';
import { openStore } from '../../src/store/open-store.js';
import { sentence } from './words.js';

const [articles = 1, comments = 50] = process.argv.slice(2).map(Number);
const far = [{ points: 1_000_000_000, seconds: 60 }];
const limits: Site['limits'] = {
  guestComment: far,
  memberComment: far,
  addressComment: far,
  serviceComment: far,
  vote: far,
  report: far,
  preview: far,
};

const store = await openStore(process.env.DATABASE_URL ?? '', { clock: systemClock });
await store.directory.putSite({ ...newSite('bench'), limits });
for (let article = 0; article < articles; article += 1) {
  await Promise.all(
    Array.from({ length: comments }, (_, i) => write(`a${article}`, article * comments + i)),
  );
}
await store.close();
console.log('{}');

function write(article: string, n: number): Promise<unknown> {
  const text = { ...renderText(sentence(n, 280), 'markdown'), fingerprint: null };
  return store.threads.write(
    { site: 'bench', article },
    {
      type: 'post',
      entropy: systemIds.entropy(),
      author: { id: `person-${n % 40}`, name: `Reader ${n % 40}`, kind: 'guest', badges: [] },
      parentId: null,
      text,
      status: 'approved',
      reasons: [],
      idem: null,
      bodyHash: null,
      ipKey: null,
      article: { title: null, url: null },
      announcedOnly: false,
      slowMode: false,
    },
  );
}
