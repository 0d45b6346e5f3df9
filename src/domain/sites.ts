import { DomainError } from './errors.js';
import type { Clock, DirectoryStore } from './ports.js';
import type { Site } from './site.js';

/** Sites as use cases read them: at most 5 s old. */
export interface Sites {
  /** NOT_FOUND where there is none. */
  get(id: string): Promise<Site>;
  find(id: string): Promise<Site | null>;
  /**
   * Without waiting, at `now` (epoch ms). Null: not known well enough, ask `find`. While the store
   * is down it is the last that was read, however old, so that kept pages go on being answered.
   */
  peek(id: string, now: number): Site | null;
  /** Whether any site lists the origin, for the socket handshake. */
  knowsOrigin(origin: string): Promise<boolean>;
}

const maxAgeMs = 5_000;

/** Past this age a site that is peeked at is asked for again, while the answers go on. */
const refreshMs = 4_000;

/** How often a store that is down is asked again by those who peek. */
const retryMs = 250;

/** Unknown ids that are remembered, so that asking for nonsense does not grow the memory. */
const maxKnown = 1_000;

/** Reads sites through a small cache; one read at a time a site. */
export function createSites({
  directory,
  clock,
}: {
  readonly directory: Pick<DirectoryStore, 'getSite' | 'listSites'>;
  readonly clock: Clock;
}): Sites {
  const known = new Map<string, KnownSite>();
  let origins: Kept<ReadonlySet<string>> | null = null;

  // a clock that was set back says nothing of the age: asked again
  const isFresh = ({ at }: { readonly at: number }): boolean =>
    Math.abs(clock.now() - at) < maxAgeMs;

  const find = (id: string): Promise<Site | null> => {
    const kept = known.get(id);
    if (kept !== undefined && kept.state !== 'failed' && isFresh(kept)) return kept.value;
    return ask(id);
  };

  const ask = (id: string): Promise<Site | null> => {
    const before = known.get(id);
    if (before === undefined && known.size >= maxKnown) known.clear();
    const kept: KnownSite = {
      at: clock.now(),
      value: directory.getSite(id),
      state: 'asking',
      last: before?.last ?? null,
      isDown: before?.isDown ?? false,
    };
    known.set(id, kept);
    kept.value.then(
      (site) => {
        const last = site === null ? null : { site, at: kept.at };
        Object.assign(kept, { state: 'answered', last, isDown: false });
      },
      () => {
        Object.assign(kept, { state: 'failed', isDown: true });
        if (kept.last === null && known.get(id) === kept) known.delete(id);
      },
    );
    return kept.value;
  };

  const peek = (id: string, now: number): Site | null => {
    const kept = known.get(id);
    if (kept === undefined || kept.last === null) return null;
    const isDue = Math.abs(now - kept.at) >= (kept.isDown ? retryMs : refreshMs);
    // Whoever peeks does not wait for it: a failure is noted by `ask`.
    if (isDue && kept.state !== 'asking') ask(id).catch(() => undefined);
    const isKnown = kept.isDown || Math.abs(now - kept.last.at) < maxAgeMs;
    return isKnown ? kept.last.site : null;
  };

  return {
    find,
    peek,
    get: async (id) => {
      const site = await find(id);
      if (site === null) throw new DomainError('NOT_FOUND', { detail: `No site “${id}”.` });
      return site;
    },
    knowsOrigin: async (origin) => {
      if (origins === null || !isFresh(origins)) {
        const value = directory
          .listSites()
          .then((sites) => new Set(sites.flatMap((site) => site.origins)));
        origins = { at: clock.now(), value };
        value.catch(() => (origins = null));
      }
      return (await origins.value).has(origin);
    },
  };
}

interface KnownSite extends Kept<Site | null> {
  state: 'asking' | 'answered' | 'failed';
  /** The last answer, and when it was asked for. */
  last: { readonly site: Site; readonly at: number } | null;
  /** The read before this one, or this one, failed. */
  isDown: boolean;
}

interface Kept<T> {
  /** Epoch ms. */
  readonly at: number;
  readonly value: Promise<T>;
}
