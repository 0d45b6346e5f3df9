import { errorTable, type Problem } from '../contract/errors.js';
import { DomainError } from '../domain/errors.js';

/** The form of an error for whoever called: RFC 9457. `publicUrl` leads to the pages of the codes. */
export function toProblem(error: DomainError, requestId: string, publicUrl: string): Problem {
  const { code, details } = error;
  const { status, title } = errorTable[code];
  const retryAfter = retryAfterOf(error, status);
  return {
    type: `${publicUrl}/errors#${code}`,
    title,
    status,
    code,
    detail: details.detail ?? title,
    requestId,
    ...(details.errors === undefined ? {} : { errors: [...details.errors] }),
    ...(details.rule === undefined ? {} : { rule: details.rule }),
    ...(retryAfter === undefined ? {} : { retryAfter }),
  };
}

/** What any thrown thing is to the caller; null: an error of ours, of which nothing is told. */
export function toDomainError(error: unknown): DomainError | null {
  if (error instanceof DomainError) return error;
  // The router throws this for a path that is not well-formed percent-encoding.
  if (error instanceof URIError) {
    return new DomainError('MALFORMED_QUERY', {
      detail: 'The address is not well-formed percent-encoding.',
    });
  }
  return null;
}

/** Whoever is told to come back is told when: `Retry-After` stands on every 429 and 503. */
function retryAfterOf({ details }: DomainError, status: number): number | undefined {
  if (details.retryAfter !== undefined) return Math.max(1, Math.ceil(details.retryAfter));
  return status === 429 || status === 503 ? 2 : undefined;
}
