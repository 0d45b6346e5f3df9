import { randomBytes } from 'node:crypto';
import type { Clock, Ids } from './ports.js';
import { toEntropy } from './ulid.js';

/** Randomness of the operating system. */
export const systemIds: Ids = {
  entropy: () => toEntropy(randomBytes(16)),
  token: () => randomBytes(32).toString('base64url'),
};

/** The machine's clock. */
export const systemClock: Clock = { now: () => Date.now() };
