import type { RequestHandler } from 'express';
import { DomainError } from '../../domain/errors.js';

/**
 * Reads the query string into an object without prototype. Repeated and bracketed keys and bad
 * percent-encoding are 400 MALFORMED_QUERY: parsers disagree about what they mean.
 */
export const parseQuery: RequestHandler = (request, _response, next) => {
  const start = request.url.indexOf('?');
  const query = start < 0 ? emptyQuery() : readQuery(request.url.slice(start + 1));
  // Express has a getter there.
  Object.defineProperty(request, 'query', { value: query, configurable: true });
  next();
};

/** The same for a query string alone. Throws MALFORMED_QUERY. */
function readQuery(text: string): Record<string, string> {
  const query = emptyQuery();
  for (const pair of text.split('&')) {
    if (pair === '') continue;
    const equals = pair.indexOf('=');
    const key = decode(equals < 0 ? pair : pair.slice(0, equals));
    if (/[[\]]/.test(key)) throw malformed(`The key “${shorten(key)}” has brackets.`);
    if (Object.hasOwn(query, key)) throw malformed(`The key “${shorten(key)}” is repeated.`);
    if (forbidden.has(key)) throw malformed(`The key “${key}” is not allowed.`);
    query[key] = equals < 0 ? '' : decode(pair.slice(equals + 1));
  }
  return query;
}

const forbidden = new Set(['__proto__', 'constructor', 'prototype']);

// An object without prototype holds own keys only; its type has no such notion.
const emptyQuery = (): Record<string, string> => Object.create(null) as Record<string, string>;

function decode(text: string): string {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '));
  } catch {
    throw malformed('It is not well-formed percent-encoding.');
  }
}

const malformed = (detail: string): DomainError => new DomainError('MALFORMED_QUERY', { detail });

const shorten = (key: string): string => (key.length > 40 ? `${key.slice(0, 40)}…` : key);
