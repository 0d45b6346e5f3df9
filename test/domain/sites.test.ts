import { newSite } from '../../src/domain/site.js';
import { createSites } from '../../src/domain/sites.js';
import type { Store } from '../../src/domain/ports.js';
import { openStore } from '../../src/store/open-store.js';
import { createClock } from '../helpers/clock.js';

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
