import type { Site } from '../../src/domain/site.js';
import { newSite } from '../../src/domain/site.js';
import { createFreshSites } from '../../src/http/fresh-sites.js';
import { createClock } from '../helpers/clock.js';
import { until } from '../helpers/until.js';

/** Sites at hand over a directory that answers what `stored` holds; an error: it is down. */
function openSites() {
  const clock = createClock();
  const directory: { stored: Site | null | Error; asked: number } = { stored: null, asked: 0 };
  const fresh = createFreshSites({
    clock,
    sites: {
      find: async () => {
        directory.asked += 1;
        if (directory.stored instanceof Error) throw directory.stored;
        return directory.stored;
      },
    },
  });
  return { fresh, clock, directory, peek: () => fresh.peek('times', clock.now()) };
}

const old = newSite('times');
const renamed: Site = { ...old, name: 'The Times', version: 1 };

describe('sites at hand', () => {
  it('are not known before they were put', () => {
    const { peek, directory } = openSites();
    expect(peek()).toBeUndefined();
    expect(directory.asked).toBe(0);
  });

  it('answer on while they are asked for again, once for all', async () => {
    const { fresh, clock, directory, peek } = openSites();
    fresh.put(old);
    clock.advance(249);
    expect(peek()).toBe(old);
    expect(directory.asked).toBe(0);
    directory.stored = renamed;
    clock.advance(1);
    expect([peek(), peek(), directory.asked]).toEqual([old, old, 1]);
    await until(() => peek() === renamed);
    expect(directory.asked).toBe(1);
  });

  it('that nobody asked for in a second are asked for first', async () => {
    const { fresh, clock, directory, peek } = openSites();
    fresh.put(old);
    directory.stored = renamed;
    clock.advance(1_000);
    expect(peek()).toBeUndefined();
    await until(() => peek() === renamed);
  });

  it('are asked for first after the clock was set back', async () => {
    const { fresh, clock, directory, peek } = openSites();
    fresh.put(old);
    directory.stored = renamed;
    clock.advance(-3_600_000);
    expect(peek()).toBeUndefined();
    await until(() => peek() === renamed);
  });

  it('are answered on while the store is down, however long', async () => {
    const { fresh, clock, directory, peek } = openSites();
    fresh.put(old);
    directory.stored = new Error('down');
    for (let minute = 1; minute <= 3; minute += 1) {
      clock.advance(60_000);
      peek();
      await until(() => peek() === old);
    }
    directory.stored = renamed;
    clock.advance(250);
    await until(() => peek() === renamed);
  });

  it('that are gone are known no more', async () => {
    const { fresh, clock, peek } = openSites();
    fresh.put(old);
    clock.advance(250);
    expect(peek()).toBe(old);
    await until(() => peek() === undefined);
  });
});
