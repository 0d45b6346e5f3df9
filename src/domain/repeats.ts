import { createHash } from 'node:crypto';
import type { Actor } from './actor.js';

/** An idempotency key as it is stored with the comment that it made. */
export interface Repeat {
  /** Hash of the caller's scope and key. */
  readonly idem: string;
  /** Hash of the request's body. */
  readonly bodyHash: string;
}

/**
 * The stored form of an Idempotency-Key. Its scope is the caller, or for a visitor the address
 * (draft-ietf-httpapi-idempotency-key-header).
 */
export function toRepeat(actor: Actor, key: string, body: unknown): Repeat {
  const scope =
    actor.kind === 'visitor'
      ? `address:${actor.ipKey}`
      : actor.kind === 'service'
        ? `key:${actor.keyId}`
        : `person:${actor.id}`;
  return { idem: hash(`${scope}\0${key}`), bodyHash: hash(JSON.stringify(body)) };
}

/** One flight a key on this node: requests with the same key follow the one under way. */
export function createFlights(): <T>(key: string, run: () => Promise<T>) => Promise<T> {
  const under = new Map<string, Promise<unknown>>();
  return async (key, run) => {
    for (let other = under.get(key); other !== undefined; other = under.get(key)) {
      await other.catch(() => undefined);
    }
    const flight = run();
    under.set(key, flight);
    try {
      return await flight;
    } finally {
      under.delete(key);
    }
  };
}

const hash = (text: string): string =>
  createHash('sha256').update(text).digest('base64url').slice(0, 32);
