import type { RequestHandler } from 'express';
import { DomainError } from '../../domain/errors.js';

/** Writes that are taken on at once; more would only wait for the store. */
const maxWrites = 512;

/** Refuses writes above a bound with OVERLOADED, so that what was taken on is answered in time. */
export function createWriteGate(max = maxWrites): RequestHandler {
  let writing = 0;
  return (request, response, next) => {
    if (request.method === 'GET' || request.method === 'HEAD') return next();
    if (writing >= max) throw new DomainError('OVERLOADED', { retryAfter: 1 });
    writing += 1;
    response.once('close', () => (writing -= 1));
    next();
  };
}
