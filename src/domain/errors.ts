import { errorTable, type ErrorCode, type FieldError } from '../contract/errors.js';

/** What an error may tell besides its code. Never secrets, never another user's data. */
export interface ErrorDetails {
  /** What is wrong, with the value, and what to do. Default: the code's title. */
  readonly detail?: string;
  readonly errors?: readonly FieldError[];
  /** Seconds until a repeat makes sense. */
  readonly retryAfter?: number;
  /** The present row behind a CONFLICT, for those who may see it. */
  readonly current?: unknown;
  /** The screening rule or limit that refused. */
  readonly rule?: string;
}

/** An expected failure. Every face (HTTP, sockets, command line) translates it in one place. */
export class DomainError extends Error {
  override readonly name = 'DomainError';
  readonly code: ErrorCode;
  readonly details: ErrorDetails;

  constructor(code: ErrorCode, details: ErrorDetails = {}, cause?: unknown) {
    super(details.detail ?? errorTable[code].title, cause === undefined ? undefined : { cause });
    this.code = code;
    this.details = details;
  }
}

/** INVALID_INPUT for one field: `path` is dotted, as in `author.name`. */
export const invalidField = (path: string, message: string): DomainError =>
  new DomainError('INVALID_INPUT', { errors: [{ path, message }] });
