import { DomainError } from '../../src/domain/errors.js';
import type { LogRows, Notice, Store } from '../../src/domain/ports.js';

/** How a store misbehaves; all are chances from 0 to 1. */
export interface Faults {
  /** A notice never comes. */
  readonly lose: number;
  /** A notice comes late by up to `delayMs`, so that later ones overtake it. */
  readonly delay: number;
  readonly delayMs: number;
  /** A notice comes twice. */
  readonly repeat: number;
  /** The log is answered as it was at some earlier read. */
  readonly stale: number;
  /** The log is answered late by up to `delayMs`. */
  readonly slow: number;
  /** A write is committed, and its answer lost: STORE_UNAVAILABLE. */
  readonly forget: number;
}

/** Everything goes wrong now and then, nothing for good. */
export const manyFaults: Faults = {
  lose: 0.2,
  delay: 0.3,
  delayMs: 4,
  repeat: 0.2,
  stale: 0.15,
  slow: 0.3,
  forget: 0.1,
};

/** A store that keeps its promises and nothing more; `heal` ends all faults. */
export interface UnreliableStore extends Store {
  heal(): void;
}

/**
 * Wraps a store, of whichever kind: what it stores is right, what it tells is late, lost, doubled
 * or old. `random` (0 to 1) decides, so that a seed repeats a run as far as timers do.
 */
export function unreliable(store: Store, faults: Faults, random: () => number): UnreliableStore {
  const earlier = new Map<string, LogRows>();
  let healed = false;
  const happens = (chance: number): boolean => !healed && random() < chance;
  const late = (): Promise<void> =>
    new Promise((done) => setTimeout(done, random() * faults.delayMs));

  const tell = (listener: (notice: Notice) => void, notice: Notice): void => {
    if (happens(faults.lose)) return;
    if (happens(faults.repeat)) void late().then(() => listener(notice));
    if (happens(faults.delay)) void late().then(() => listener(notice));
    else listener(notice);
  };

  return {
    ...store,
    heal: () => {
      healed = true;
    },
    threads: {
      ...store.threads,
      watch: (listener) => store.threads.watch((notice) => tell(listener, notice)),
      async write(thread, operation) {
        const outcome = await store.threads.write(thread, operation);
        if (happens(faults.forget)) throw new DomainError('STORE_UNAVAILABLE');
        return outcome;
      },
      async readLog(tk, since, maxIds) {
        const key = `${tk} ${String(since)} ${String(maxIds)}`;
        const old = earlier.get(key);
        if (old !== undefined && happens(faults.stale)) return old;
        const log = await store.threads.readLog(tk, since, maxIds);
        earlier.set(key, log);
        if (happens(faults.slow)) await late();
        return log;
      },
    },
  };
}
