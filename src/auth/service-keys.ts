import { createHash } from 'node:crypto';
import type { Scope } from '../contract/site.js';
import { DomainError } from '../domain/errors.js';
import type { Clock, DirectoryStore, Ids, ServiceKey } from '../domain/ports.js';
import { ulidAt } from '../domain/ulid.js';

/** Keys of services: shown once, kept as a hash. */
export interface ServiceKeys {
  /** The key behind a text, at most 5 s old; null: unknown, revoked or not of the form. */
  find(text: string): Promise<ServiceKey | null>;
  /** Makes a key; `text` is not to be had again. */
  create(
    site: string,
    name: string,
    scopes: readonly Scope[],
  ): Promise<{ readonly text: string; readonly key: ServiceKey }>;
  /** NOT_FOUND where there is none; revoking twice is fine. */
  revoke(id: string): Promise<ServiceKey>;
}

/** Whether a text has the form of a service key. */
const isServiceKey = (text: string): boolean => /^sk_[\w-]{43}$/.test(text);

/** Service keys over the directory. */
export function createServiceKeys({
  directory,
  clock,
  ids,
}: {
  readonly directory: Pick<DirectoryStore, 'findKey' | 'listKeys' | 'putKey'>;
  readonly clock: Clock;
  readonly ids: Ids;
}): ServiceKeys {
  const found = new Map<string, { readonly key: ServiceKey | null; readonly at: number }>();

  return {
    async find(text) {
      if (!isServiceKey(text)) return null;
      const hash = hashOf(text);
      const kept = found.get(hash);
      const age = kept === undefined ? Infinity : clock.now() - kept.at;
      if (kept !== undefined && age >= 0 && age < keptMs) return kept.key;
      const row = await directory.findKey(hash);
      const key = row?.revokedAt === null ? row : null;
      if (found.size >= maxKept) found.clear();
      found.set(hash, { key, at: clock.now() });
      return key;
    },
    async create(site, name, scopes) {
      const text = `sk_${ids.token()}`;
      const createdAt = clock.now();
      const id = ulidAt(createdAt, ids.entropy());
      const key = { id, site, name, hash: hashOf(text), scopes, createdAt, revokedAt: null };
      await directory.putKey(key);
      return { text, key };
    },
    async revoke(id) {
      const key = (await directory.listKeys(null)).find((row) => row.id === id);
      if (key === undefined) throw new DomainError('NOT_FOUND', { detail: `No key ${id}.` });
      if (key.revokedAt !== null) return key;
      const revoked = { ...key, revokedAt: clock.now() };
      await directory.putKey(revoked);
      found.delete(key.hash);
      return revoked;
    },
  };
}

const keptMs = 5_000;
const maxKept = 1_000;

/** The key has 256 random bits, so a plain hash is enough; the lookup by it compares no secret. */
const hashOf = (text: string): string => createHash('sha256').update(text).digest('hex');
