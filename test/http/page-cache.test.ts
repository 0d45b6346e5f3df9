import type { Notice } from '../../src/domain/ports.js';
import { createPageCache, type KeptPage } from '../../src/http/page-cache.js';

const aPage = (fields: Partial<KeptPage> = {}): KeptPage => ({
  site: 'times',
  siteVersion: 0,
  rev: 1,
  etag: 'W/"1"',
  body: Buffer.alloc(1_000),
  gzip: null,
  ...fields,
});

const aNotice = (tk: string, rev: number): Notice => ({
  tk,
  site: 'times',
  article: tk,
  rev,
  change: null,
});

/** A cache and the hand that tells it of changes. */
function openCache(maxBytes = 1_000_000) {
  const listeners = new Set<(notice: Notice) => void>();
  const cache = createPageCache({
    watch: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    maxBytes,
  });
  const tell = (tk: string, rev: number) => {
    for (const listener of listeners) listener(aNotice(tk, rev));
  };
  return { cache, tell, listeners };
}

const name = (tk: string) => ({ key: `page ${tk}`, tks: [tk] });

describe('the page cache', () => {
  it('builds a page once for all who ask at the same time', async () => {
    const { cache } = openCache();
    let builds = 0;
    const build = async () => {
      builds += 1;
      return aPage();
    };
    await Promise.all(Array.from({ length: 50 }, () => cache.get(name('a'), '/a', build)));
    expect(builds).toBe(1);
    expect(cache.find('/a')).toEqual(aPage());
  });

  it('forgets every page of a thread that changed, and no other', async () => {
    const { cache, tell } = openCache();
    await cache.get(name('a'), '/a', async () => aPage());
    await cache.get({ key: 'other sort', tks: ['a'] }, '/a?sort=top', async () => aPage());
    await cache.get({ key: 'counts', tks: ['b', 'a'] }, '/counts', async () => aPage());
    await cache.get(name('c'), '/c', async () => aPage());
    tell('a', 2);
    expect(['/a', '/a?sort=top', '/counts'].map((url) => cache.find(url))).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
    expect(cache.find('/c')).toBeDefined();
  });

  it('does not keep a page that was built while its thread changed', async () => {
    const { cache, tell } = openCache();
    await cache.get(name('a'), '/a', async () => {
      tell('a', 2);
      return aPage({ rev: 1 });
    });
    expect(cache.find('/a')).toBeUndefined();
  });

  it('starts another build for whoever asks after the change', async () => {
    const { cache, tell } = openCache();
    let finish: (page: KeptPage) => void = () => undefined;
    const early = cache.get(name('a'), '/a', () => new Promise((resolve) => (finish = resolve)));
    tell('a', 2);
    const late = await cache.get(name('a'), '/a', async () => aPage({ rev: 2 }));
    finish(aPage({ rev: 1 }));
    expect([(await early).rev, late.rev]).toEqual([1, 2]);
    expect(cache.find('/a')?.rev).toBe(2);
  });

  it('does not keep a page below the last revision seen', async () => {
    const { cache, tell } = openCache();
    tell('a', 5);
    await cache.get(name('a'), '/a', async () => aPage({ rev: 4 }));
    expect(cache.find('/a')).toBeUndefined();
    await cache.get(name('a'), '/a', async () => aPage({ rev: 5 }));
    expect(cache.find('/a')?.rev).toBe(5);
  });

  it('does not keep a failure', async () => {
    const { cache } = openCache();
    const failing = cache.get(name('a'), '/a', () => Promise.reject(new Error('down')));
    await expect(failing).rejects.toThrow('down');
    expect((await cache.get(name('a'), '/a', async () => aPage())).rev).toBe(1);
  });

  it('gives up the page that was unused for longest', async () => {
    const { cache } = openCache(40_000);
    for (let i = 0; i < 20; i += 1) {
      await cache.get(name(`t${i}`), `/t${i}`, async () => aPage());
      if (i < 10) cache.find('/t0');
    }
    const known = Array.from({ length: 20 }, (_, i) => cache.find(`/t${i}`) !== undefined);
    expect(known.filter(Boolean).length).toBe(Math.floor(40_000 / 3_100));
    // The first was used up to the tenth, so it outlived those that came after it.
    expect(known.slice(0, 4)).toEqual([true, false, false, false]);
    expect(known[19]).toBe(true);
  });

  it('does not keep one that would fill it', async () => {
    const { cache } = openCache(40_000);
    await cache.get(name('a'), '/a', async () => aPage({ body: Buffer.alloc(10_000) }));
    expect(cache.find('/a')).toBeUndefined();
  });

  it('knows a few spellings of one address, not any number', async () => {
    const { cache } = openCache();
    for (let i = 0; i < 20; i += 1) await cache.get(name('a'), `/a?${i}`, async () => aPage());
    const found = Array.from({ length: 20 }, (_, i) => cache.find(`/a?${i}`)).filter(Boolean);
    expect(found).toHaveLength(8);
  });

  it('stops following when it is closed', () => {
    const { cache, listeners } = openCache();
    cache.close();
    expect(listeners.size).toBe(0);
  });
});
