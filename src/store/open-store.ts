import { DomainError } from '../domain/errors.js';
import type { Clock, Store } from '../domain/ports.js';
import { createMeteredStore, type StoreMetrics } from './metered-store.js';
import { sqliteName } from './sqlite-address.js';
import { openSqliteStore, type Role } from './sqlite/sqlite-store.js';

/**
 * Opens the store that an address names: `sqlite:./data/sayso.db`, `sqlite::memory:`. A second
 * server on one file is refused; a tool may work beside the server.
 * Throws STORE_UNAVAILABLE with the reason where it cannot be opened.
 */
export async function openStore(
  url: string,
  deps: { readonly clock: Clock; readonly role?: Role; readonly metrics?: StoreMetrics },
): Promise<Store> {
  const { clock, role = 'server', metrics } = deps;
  const committed = (operations: number): void => metrics?.commit(operations);
  const store = await openSqliteStore(sqlitePath(url), { clock, role, committed });
  return metrics === undefined ? store : createMeteredStore(store, metrics);
}

/** The file that an address names, or `:memory:`. */
export function sqlitePath(url: string): string {
  const name = sqliteName(url);
  if (name !== null) return name;
  const isMongo = /^mongodb(\+srv)?:/.test(url);
  throw new DomainError('STORE_UNAVAILABLE', {
    // the address may hold a password: it is not repeated
    detail: isMongo
      ? 'This version of Sayso has no MongoDB store. Use an address such as sqlite:./data/sayso.db.'
      : 'The address of the store must begin with sqlite:, as in sqlite:./data/sayso.db.',
  });
}
