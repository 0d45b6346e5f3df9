import type { Request, RequestHandler } from 'express';
import { limits } from '../../contract/limits.js';
import { DomainError } from '../../domain/errors.js';

/**
 * Reads the body of a write: JSON in UTF-8, uncompressed, at most 32 kB and 8 levels deep, without
 * the keys by which prototypes are reached. Another kind is 415 whatever the route does with it,
 * so that no form of another page can change anything.
 */
export const readJsonBody: RequestHandler = async (request, _response, next) => {
  request.body = undefined;
  if (request.method === 'GET' || request.method === 'HEAD' || !hasBody(request)) return next();
  demandJson(request);
  const bytes = await readBytes(request);
  request.body = bytes.length === 0 ? undefined : parseJson(bytes);
  next();
};

/** Parses JSON under the rules above. Throws MALFORMED_JSON. */
function parseJson(bytes: Uint8Array): unknown {
  const value = parse(bytes);
  checkShape(value, 1);
  return value;
}

const hasBody = (request: Request): boolean =>
  request.headers['transfer-encoding'] !== undefined ||
  Number(request.headers['content-length'] ?? 0) > 0;

function demandJson(request: Request): void {
  const [type = '', ...parameters] = (request.headers['content-type'] ?? '').split(';');
  const charset = parameters
    .map((parameter) => parameter.trim().toLowerCase())
    .find((parameter) => parameter.startsWith('charset='));
  const encoding = request.headers['content-encoding'] ?? 'identity';
  if (type.trim().toLowerCase() !== 'application/json') throw unsupported('The type is not JSON.');
  if (charset !== undefined && !/^charset="?utf-?8"?$/.test(charset)) {
    throw unsupported('The charset is not UTF-8.');
  }
  if (encoding.toLowerCase() !== 'identity') throw unsupported('The body is compressed.');
}

function readBytes(request: Request): Promise<Buffer> {
  if (Number(request.headers['content-length'] ?? 0) > limits.bodyBytes) throw tooLarge();
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let size = 0;
    request.on('data', (chunk: Buffer) => {
      size += chunk.length;
      if (size <= limits.bodyBytes) chunks.push(chunk);
      else reject(tooLarge());
    });
    request.on('end', () => resolve(Buffer.concat(chunks)));
    request.on('error', () => reject(malformed('The body broke off.')));
    request.on('aborted', () => reject(malformed('The body broke off.')));
  });
}

function parse(bytes: Uint8Array): unknown {
  let text;
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw malformed('The body is not UTF-8.');
  }
  try {
    // The check of the shape follows; the type is unknown until a schema has seen it.
    return JSON.parse(text) as unknown;
  } catch {
    throw malformed('The body is not JSON.');
  }
}

const forbidden = new Set(['__proto__', 'constructor', 'prototype']);

function checkShape(value: unknown, depth: number): void {
  if (typeof value !== 'object' || value === null) return;
  if (depth > limits.bodyDepth) throw malformed(`Deeper than ${limits.bodyDepth} levels.`);
  const keys = Array.isArray(value) ? [] : Object.keys(value);
  const bad = keys.find((key) => forbidden.has(key));
  if (bad !== undefined) throw malformed(`The key “${bad}” is not allowed.`);
  for (const item of Object.values(value)) checkShape(item, depth + 1);
}

const malformed = (detail: string): DomainError => new DomainError('MALFORMED_JSON', { detail });
const unsupported = (detail: string): DomainError =>
  new DomainError('UNSUPPORTED_MEDIA_TYPE', { detail });
const tooLarge = (): DomainError => new DomainError('BODY_TOO_LARGE');
