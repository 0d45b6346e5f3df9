import type { ErrorRequestHandler, Response } from 'express';
import { DomainError } from '../domain/errors.js';
import type { HttpDeps } from './deps.js';
import { factsOf } from './middleware/request-facts.js';
import { toDomainError, toProblem } from './problem.js';

/**
 * Translates whatever was thrown into `application/problem+json`. Unknown errors are 500 with the
 * request id alone; the log has the rest.
 */
export function errorHandler({
  log,
  settings,
}: Pick<HttpDeps, 'log' | 'settings'>): ErrorRequestHandler {
  return (thrown: unknown, request, response, next) => {
    const { requestId, route } = factsOf(response);
    const known = toDomainError(thrown);
    if (known === null) {
      log.error({ requestId, method: request.method, route, error: thrown }, 'A request failed');
    }
    // The answer is on its way: Express ends the connection, so that nobody takes it for whole.
    if (response.headersSent) return next(thrown);
    sendProblem(response, known ?? new DomainError('INTERNAL'), requestId, settings.publicUrl());
    // What is left of a body that was refused is not read: the connection cannot be used again.
    if (!request.complete) response.once('finish', () => request.socket.destroySoon());
  };
}

function sendProblem(
  response: Response,
  error: DomainError,
  requestId: string,
  publicUrl: string,
): void {
  const problem = toProblem(error, requestId, publicUrl);
  for (const name of ['ETag', 'Location']) response.removeHeader(name);
  response.setHeader('Cache-Control', 'no-store');
  response.setHeader('Content-Type', 'application/problem+json; charset=utf-8');
  if (problem.retryAfter !== undefined) response.setHeader('Retry-After', problem.retryAfter);
  if (problem.status === 401) response.setHeader('WWW-Authenticate', 'Bearer');
  response.status(problem.status).end(JSON.stringify(problem));
}
