import type { z } from 'zod';
import type { ErrorCode } from './errors.js';

/**
 * Who may call a route at all; what they may do there is the domain's to say.
 * `anyone`: no credentials needed; `person`: a guest's, member's or service's token;
 * `reader`: a guest's or member's token; `write`: a service key with that scope.
 */
export type Access = 'anyone' | 'person' | 'reader' | 'write';

/** One row of the route table: everything that both sides of the wire know about a call. */
export interface Route {
  readonly method: 'GET' | 'PUT' | 'POST' | 'PATCH' | 'DELETE';
  /** Express form: `:site`, `:article`, `:id`. */
  readonly path: string;
  /** One line for people. */
  readonly summary: string;
  readonly access: Access;
  readonly params: z.ZodType;
  readonly query?: z.ZodType;
  readonly body?: z.ZodType;
  /** Absent: the answer has no body. */
  readonly reply?: z.ZodType;
  /** The usual status; `statuses` lists all that succeed. */
  readonly status: number;
  readonly statuses?: readonly number[];
  /** How long others may keep the answer. `never`: `no-store`. */
  readonly cache: 'shared' | 'never';
  /** The codes that are this call's own, beside those of every call. */
  readonly errors: readonly ErrorCode[];
  /** Takes an Idempotency-Key. */
  readonly idempotent?: true;
}

/** Keeps the exact types of a row, so that handlers and clients are checked against it. */
export const route = <const R extends Route>(row: R): R => row;

/** The parsed input of a route. */
export interface Input<R extends Route> {
  readonly params: z.output<R['params']>;
  readonly query: R['query'] extends z.ZodType ? z.output<R['query']> : undefined;
  readonly body: R['body'] extends z.ZodType ? z.output<R['body']> : undefined;
}

/** What a route answers with. */
export type Reply<R extends Route> = R['reply'] extends z.ZodType
  ? z.output<R['reply']>
  : undefined;
