import { DomainError } from './errors.js';
import type { Clock, DirectoryStore } from './ports.js';
import type { Site } from './site.js';

/** Sites as use cases read them: at most 5 s old. */
export interface Sites {
  /** NOT_FOUND where there is none. */
  get(id: string): Promise<Site>;
  find(id: string): Promise<Site | null>;
  /** Whether any site lists the origin, for the socket handshake. */
  knowsOrigin(origin: string): Promise<boolean>;
}

const maxAgeMs = 5_000;

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
  const known = new Map<string, Kept<Site | null>>();
  let origins: Kept<ReadonlySet<string>> | null = null;

  // a clock that was set back says nothing of the age: asked again
  const isFresh = ({ at }: { readonly at: number }): boolean =>
    Math.abs(clock.now() - at) < maxAgeMs;

  const find = (id: string): Promise<Site | null> => {
    const kept = known.get(id);
    if (kept !== undefined && isFresh(kept)) return kept.value;
    if (known.size >= maxKnown) known.clear();
    const value = directory.getSite(id);
    known.set(id, { at: clock.now(), value });
    value.catch(() => known.delete(id));
    return value;
  };

  return {
    find,
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

interface Kept<T> {
  /** Epoch ms. */
  readonly at: number;
  readonly value: Promise<T>;
}
