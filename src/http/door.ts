import { randomUUID } from 'node:crypto';
import type { RequestListener } from 'node:http';
import { DomainError } from '../domain/errors.js';
import { toProblem } from './problem.js';

/** Stands before the app, which is made once the server's address is known. */
export interface Door {
  readonly handle: RequestListener;
  /** From now on requests go to the app. */
  open(app: { readonly handle: RequestListener }): void;
}

/** A closed door: whoever comes is told to come back in a second. */
export function createDoor(): Door {
  let handle: RequestListener = refuse;
  return {
    handle: (request, response) => handle(request, response),
    open: (app) => {
      handle = app.handle;
    },
  };
}

const refuse: RequestListener = (_request, response) => {
  const starting = new DomainError('STORE_UNAVAILABLE', {
    detail: 'The server is starting.',
    retryAfter: 1,
  });
  const requestId = randomUUID();
  // The public address is not known yet: the page of the code is named relative to this server.
  const problem = toProblem(starting, requestId, '');
  response.writeHead(problem.status, {
    'Content-Type': 'application/problem+json; charset=utf-8',
    'Cache-Control': 'no-store',
    'Retry-After': '1',
    'X-Content-Type-Options': 'nosniff',
    'X-Request-Id': requestId,
  });
  response.end(JSON.stringify(problem));
};
