import { randomUUID } from 'node:crypto';
import type { RequestHandler, Response } from 'express';
import type { IncomingMessage } from 'node:http';
import type { Clock } from '../../domain/ports.js';
import type { HttpDeps } from '../deps.js';
import type { Address } from './address.js';

/** What is known of every request before anything else is looked at. */
export interface RequestFacts {
  /** On the answer as `X-Request-Id`, in every problem, and in the log. */
  readonly requestId: string;
  readonly address: Address;
  /** The pattern of the route that answers, for logs and metrics; never the address itself. */
  route: string;
}

/** The facts of the request that this is the answer to. */
export const factsOf = (response: Response): RequestFacts =>
  // Set by the first middleware, before any other code sees the response.
  response.locals['facts'] as RequestFacts;

/** First in line: gives the request its id, and logs and counts it when it is answered. */
export function requestFacts({
  addressOf,
  clock,
  log,
  metrics,
}: Pick<HttpDeps, 'log' | 'metrics'> & {
  readonly addressOf: (request: IncomingMessage) => Address;
  readonly clock: Clock;
}): RequestHandler {
  return (request, response, next) => {
    const facts: RequestFacts = {
      requestId: randomUUID(),
      address: addressOf(request),
      route: 'unknown',
    };
    response.locals['facts'] = facts;
    response.setHeader('X-Request-Id', facts.requestId);
    const startedAt = clock.now();
    response.once('close', () => {
      const { method } = request;
      const { route, requestId } = facts;
      const status = response.writableFinished ? response.statusCode : 499;
      const seconds = Math.max(0, clock.now() - startedAt) / 1_000;
      metrics.request({ route, method, status, seconds });
      log.info({ requestId, method, route, status, ms: Math.round(seconds * 1_000) }, 'Answered');
    });
    next();
  };
}
