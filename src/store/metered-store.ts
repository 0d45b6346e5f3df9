import type { Store } from '../domain/ports.js';
import type { Metrics } from '../ops/metrics.js';

/** The part of the metrics that a store fills. */
export type StoreMetrics = Pick<Metrics, 'store' | 'commit'>;

/** The same store; how long each call took, and whether it failed, is counted under its name. */
export function createMeteredStore(store: Store, metrics: StoreMetrics): Store {
  return {
    threads: metered(store.threads, metrics),
    directory: metered(store.directory, metrics),
    ping: metered({ ping: store.ping }, metrics).ping,
    close: store.close,
  };
}

type Call = (...input: readonly unknown[]) => unknown;

function metered<T extends object>(methods: T, metrics: StoreMetrics): T {
  const entries = Object.entries(methods).map(([name, method]) => [
    name,
    // all methods of the port are functions; the one that gives no promise follows and is not timed
    name === 'watch' ? (method as Call) : timed(name, method as Call, metrics),
  ]);
  return Object.fromEntries(entries) as T; // the same names and types, wrapped
}

const timed =
  (name: string, method: Call, metrics: StoreMetrics): Call =>
  async (...input) => {
    const since = performance.now();
    let failed = true;
    try {
      const result = await method(...input);
      failed = false;
      return result;
    } finally {
      metrics.store(name, (performance.now() - since) / 1_000, failed);
    }
  };
