import { randomBytes } from 'node:crypto';
import type { Ids } from '../domain/ports.js';
import { entropyChars, toEntropy } from '../domain/ulid.js';

/** The Ids port on the operating system's randomness. */
export const randomIds: Ids = {
  entropy: () => toEntropy(randomBytes(entropyChars)),
  token: () => randomBytes(32).toString('base64url'),
};
