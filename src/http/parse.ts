import type { z } from 'zod';
import type { FieldError } from '../contract/errors.js';
import type { Route } from '../contract/route.js';
import { DomainError } from '../domain/errors.js';

/** The parts of a request before any schema has seen them. */
export interface RawInput {
  readonly params: unknown;
  readonly query: unknown;
  readonly body: unknown;
}

/**
 * Parses a request by the schemas of its route. Throws INVALID_INPUT that names every mistake by
 * its path: `author.name` in the body, `query.limit`, `params.article`.
 */
export function parseInput(route: Route, raw: RawInput): RawInput {
  const errors: FieldError[] = [];
  const params = parsePart(route.params, raw.params, 'params', errors);
  const query = parsePart(route.query, raw.query, 'query', errors);
  const body = parsePart(route.body, raw.body, '', errors);
  if (errors.length > 0)
    throw new DomainError('INVALID_INPUT', { errors, detail: summary(errors) });
  return { params, query, body };
}

/** An Idempotency-Key: 1 to 255 visible ASCII characters; null where none was sent. */
export function parseIdempotencyKey(header: string | string[] | undefined): string | null {
  if (header === undefined) return null;
  if (typeof header === 'string' && /^[\x21-\x7e]{1,255}$/.test(header)) return header;
  const message = 'One key of 1 to 255 visible ASCII characters.';
  const errors = [{ path: 'headers.Idempotency-Key', message }];
  throw new DomainError('INVALID_INPUT', { errors, detail: summary(errors) });
}

function parsePart(
  schema: z.ZodType | undefined,
  value: unknown,
  root: string,
  errors: FieldError[],
): unknown {
  if (schema === undefined) {
    for (const key of keysOf(value)) errors.push({ path: join(root, key), message: unknownField });
    return undefined;
  }
  const result = schema.safeParse(value ?? (root === '' ? undefined : {}));
  if (result.success) return result.data;
  errors.push(...fieldErrors(result.error.issues, root).slice(0, maxErrors));
  return undefined;
}

const unknownField = 'There is no such field.';

/** Mistakes that one answer names. */
const maxErrors = 20;

/** Keys of what was sent although the route takes nothing there; a bare value counts as one. */
function keysOf(value: unknown): readonly string[] {
  if (value === undefined) return [];
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
    return Object.keys(value).slice(0, maxErrors);
  }
  return [''];
}

function fieldErrors(issues: readonly z.core.$ZodIssue[], root: string): FieldError[] {
  return issues.flatMap((issue): FieldError[] => {
    const path = [root, ...issue.path.map(String)].filter((part) => part !== '').join('.');
    if (issue.code === 'unrecognized_keys') {
      return issue.keys.map((key) => ({ path: join(path, key), message: unknownField }));
    }
    if (issue.code === 'invalid_union') return unionErrors(issue, path);
    return [{ path: path === '' ? 'body' : clip(path), message: issue.message }];
  });
}

/** Of a union, the branch that came closest: the one whose mistakes are fewest. */
function unionErrors(issue: z.core.$ZodIssueInvalidUnion, path: string): FieldError[] {
  const closest = [...issue.errors].sort((a, b) => a.length - b.length)[0];
  if (closest === undefined || closest.length === 0) {
    return [{ path: path === '' ? 'body' : clip(path), message: issue.message }];
  }
  return fieldErrors(closest, path);
}

/** A path names what was sent, so its length is bounded. */
const clip = (path: string): string => (path.length > 100 ? `${path.slice(0, 100)}…` : path);

const join = (root: string, key: string): string =>
  clip([root, key].filter((part) => part !== '').join('.') || 'body');

const summary = (errors: readonly FieldError[]): string =>
  errors
    .slice(0, 3)
    .map(({ path, message }) => `${path}: ${message}`)
    .join(' ');
