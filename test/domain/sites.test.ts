import { newSite, type Site } from '../../src/domain/site.js';
import { createSites } from '../../src/domain/sites.js';
import type { Store } from '../../src/domain/ports.js';
import { openStore } from '../../src/store/open-store.js';
import { createClock } from '../helpers/clock.js';
import { until } from '../helpers/until.js';

const clock = createClock();
const origin = 'https://news.example';
let store: Store;
beforeEach(async () => {
  store = await openStore('sqlite::memory:', { clock });
  await store.directory.putSite(newSite('news', 'The News'));
});
afterEach(() => store.close());

describe('sites', () => {
  it('are at most 5 s old', async () => {
    const sites = createSites({ directory: store.directory, clock });
    expect(await sites.get('news')).toMatchObject({ name: 'The News' });
    expect(await sites.knowsOrigin(origin)).toBe(false);
    await store.directory.putSite({ ...newSite('news', 'Other News'), origins: [origin] });
    clock.advance(4_999);
    expect(await sites.get('news')).toMatchObject({ name: 'The News' });
    expect(await sites.knowsOrigin(origin)).toBe(false);
    clock.advance(1);
    expect(await sites.get('news')).toMatchObject({ name: 'Other News' });
    expect(await sites.knowsOrigin(origin)).toBe(true);
  });

  it('are asked for again after the clock was set back', async () => {
    const sites = createSites({ directory: store.directory, clock });
    await sites.get('news');
    await sites.knowsOrigin(origin);
    await store.directory.putSite({ ...newSite('news', 'Other News'), origins: [origin] });
    clock.advance(-3_600_000);
    expect(await sites.get('news')).toMatchObject({ name: 'Other News' });
    expect(await sites.knowsOrigin(origin)).toBe(true);
  });

  it('that are not there are NOT_FOUND, and null for whoever only looks', async () => {
    const sites = createSites({ directory: store.directory, clock });
    await expect(sites.get('none')).rejects.toMatchObject({ code: 'NOT_FOUND' });
    expect(await sites.find('none')).toBeNull();
  });

  it('do not remember that the store was down', async () => {
    let down = true;
    const getSite = (id: string) =>
      down ? Promise.reject(new Error('down')) : store.directory.getSite(id);
    const sites = createSites({ directory: { ...store.directory, getSite }, clock });
    await expect(sites.get('news')).rejects.toThrow('down');
    down = false;
    expect(await sites.get('news')).toMatchObject({ id: 'news' });
  });
});

/** Sites over a directory that answers what `stored` holds; an error: it is down. */
function peekedSites() {
  const directory: { stored: Site | null | Error; asked: number } = { stored: old, asked: 0 };
  const sites = createSites({
    clock,
    directory: {
      ...store.directory,
      getSite: async () => {
        directory.asked += 1;
        if (directory.stored instanceof Error) throw directory.stored;
        return directory.stored;
      },
    },
  });
  return { sites, directory, peek: () => sites.peek('times', clock.now()) };
}

const old = newSite('times');
const renamed: Site = { ...old, name: 'The Times', version: 1 };

describe('sites that are peeked at', () => {
  it('are not known before they were found', async () => {
    const { sites, directory, peek } = peekedSites();
    expect([peek(), directory.asked]).toEqual([null, 0]);
    await sites.find('times');
    expect([peek(), directory.asked]).toEqual([old, 1]);
  });

  it('answer on while they are asked for again, once for all', async () => {
    const { sites, directory, peek } = peekedSites();
    await sites.find('times');
    clock.advance(3_999);
    expect([peek(), directory.asked]).toEqual([old, 1]);
    directory.stored = renamed;
    clock.advance(1);
    expect([peek(), peek(), directory.asked]).toEqual([old, old, 2]);
    await until(() => peek() === renamed);
    expect(directory.asked).toBe(2);
  });

  it.each([
    ['nobody asked for in 5 s', 5_000],
    ['were found before the clock was set back', -3_600_000],
  ])('and that %s are asked for first', async (_, ms) => {
    const { sites, directory, peek } = peekedSites();
    await sites.find('times');
    directory.stored = renamed;
    clock.advance(ms);
    expect(peek()).toBeNull();
    expect(await sites.find('times')).toBe(renamed);
    expect([peek(), directory.asked]).toEqual([renamed, 2]);
  });

  it('are answered on while the store is down, however long', async () => {
    const { sites, directory, peek } = peekedSites();
    await sites.find('times');
    directory.stored = new Error('down');
    for (let minute = 1; minute <= 3; minute += 1) {
      clock.advance(60_000);
      await expect(sites.find('times')).rejects.toThrow('down');
      expect(peek()).toBe(old);
    }
    directory.stored = renamed;
    clock.advance(250);
    await until(() => peek() === renamed);
  });

  it('are known no more once they are gone', async () => {
    const { sites, directory, peek } = peekedSites();
    await sites.find('times');
    directory.stored = null;
    clock.advance(4_000);
    expect(peek()).toBe(old);
    await until(() => peek() === null);
  });
});
