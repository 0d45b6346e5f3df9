import type { Clock } from '../domain/ports.js';
import type { Site } from '../domain/site.js';
import type { Sites } from '../domain/sites.js';

/** Sites at hand without waiting, for answers that are given at once. */
export interface FreshSites {
  /** At `now`, epoch ms. Undefined: not known well enough; ask `sites` and `put` what it says. */
  peek(id: string, now: number): Site | undefined;
  put(site: Site): void;
}

/** Past this age a site is asked for again, while answers go on. */
const refreshMs = 250;

/** A site that nobody asked for in so long is asked for first. */
const maxAgeMs = 1_000;

/** Sites whose hot pages are answered; past it all are asked for again. */
const maxSites = 1_000;

interface Kept {
  site: Site;
  at: number;
  asking: boolean;
  usable: boolean;
}

/**
 * Keeps sites a moment longer than `sites` itself does, so that they can be read at once; and for
 * as long as the store is down, so that kept pages go on being answered.
 */
export function createFreshSites({
  sites,
  clock,
}: {
  readonly sites: Pick<Sites, 'find'>;
  readonly clock: Clock;
}): FreshSites {
  const known = new Map<string, Kept>();

  const put = (site: Site): void => {
    if (known.size >= maxSites) known.clear();
    known.set(site.id, { site, at: clock.now(), asking: false, usable: true });
  };

  const ask = (kept: Kept): void => {
    kept.asking = true;
    sites.find(kept.site.id).then(
      (site) => (site === null ? known.delete(kept.site.id) : put(site)),
      () => {
        Object.assign(kept, { at: clock.now(), asking: false, usable: true });
      },
    );
  };

  return {
    put,
    peek: (id, now) => {
      const kept = known.get(id);
      if (kept === undefined) return undefined;
      const age = Math.abs(now - kept.at);
      if (age >= refreshMs && !kept.asking) {
        kept.usable = age < maxAgeMs;
        ask(kept);
      }
      return kept.usable ? kept.site : undefined;
    },
  };
}
