import type { ErrorRequestHandler, Response } from 'express';
import { DomainError } from '../domain/errors.js';
import type { HttpDeps } from './deps.js';
import { factsOf } from './middleware/request-facts.js';
import { toDomainError, toProblem } from './problem.js';
import { sendText } from './send.js';

/**
 * Translates whatever was thrown into `application/problem+json`. Unknown errors are 500 with the
 * request id alone; the log has the rest.
 */
export function errorHandler({
  log,
  metrics,
  settings,
}: Pick<HttpDeps, 'log' | 'metrics' | 'settings'>): ErrorRequestHandler {
  return (thrown: unknown, request, response, next) => {
    const { requestId, route } = factsOf(response);
    const known = toDomainError(thrown);
    if (known === null) {
      log.error({ requestId, method: request.method, route, error: thrown }, 'A request failed');
    }
    if (known?.code === 'RATE_LIMITED') metrics.limited(known.details.rule ?? 'other');
    // The answer is on its way: Express ends the connection, so that nobody takes it for whole.
    if (response.headersSent) return next(thrown);
    // The rest of a refused body is read and dropped, so that the answer arrives; not of a huge one.
    if (Number(request.headers['content-length'] ?? 0) > maxDroppedBytes) {
      response.setHeader('Connection', 'close');
    }
    sendProblem(response, known ?? new DomainError('INTERNAL'), requestId, settings.publicUrl);
  };
}

/** Bytes of a refused body that are worth reading to keep the connection. */
const maxDroppedBytes = 1024 * 1024;

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
  sendText(response.status(problem.status), JSON.stringify(problem));
}
