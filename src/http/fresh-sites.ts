import type { Clock } from '../domain/ports.js';
import type { Site } from '../domain/site.js';
import type { Sites } from '../domain/sites.js';

/** Sites at hand without waiting, for answers that are given at once. */
export interface FreshSites {
  /** At `now`, epoch ms. Undefined: not known well enough; ask `sites` and `put` what it says. */
  peek(id: string, now: number): Site | undefined;
  put(site: Site): void;
}

/** Past the first age the site is asked for again meanwhile; past the second it is not used. */
const refreshMs = 250;
const maxAgeMs = 1_000;

/** Sites whose hot pages are answered; past it all are asked for again. */
const maxSites = 1_000;

/** Keeps sites a moment longer than `sites` itself does, so that they can be read at once. */
export function createFreshSites({
  sites,
  clock,
}: {
  readonly sites: Pick<Sites, 'find'>;
  readonly clock: Clock;
}): FreshSites {
  const known = new Map<string, { site: Site; at: number; asking: boolean }>();

  const put = (site: Site): void => {
    if (known.size >= maxSites) known.clear();
    known.set(site.id, { site, at: clock.now(), asking: false });
  };

  return {
    put,
    peek: (id, now) => {
      const kept = known.get(id);
      if (kept === undefined) return undefined;
      const age = now - kept.at;
      if (age >= refreshMs && !kept.asking) {
        kept.asking = true;
        sites.find(id).then(
          (site) => (site === null ? known.delete(id) : put(site)),
          () => known.delete(id),
        );
      }
      return age < maxAgeMs && age >= 0 ? kept.site : undefined;
    },
  };
}
