import type { Request, Response } from 'express';
import { gzip } from 'node:zlib';
import { promisify } from 'node:util';
import { apiHeaders } from './middleware/security-headers.js';

const compress = promisify(gzip);

/** A public answer as bytes, the same for everybody. */
export interface Page {
  /** Weak: the same for every encoding. */
  readonly etag: string;
  /** Null: nothing but the ETag is known, and whoever asked has it. */
  readonly body: Buffer | null;
  /** Null: too small to be worth it. */
  readonly gzip: Buffer | null;
}

/** How long others may keep a public read, and go on serving it while they ask again. */
export const sharedCacheControl = 'public, max-age=0, s-maxage=1, stale-while-revalidate=5';

/** Below it the head of an answer is most of it. */
const minGzipBytes = 1_024;

/** The bytes of an answer, compressed once. */
export async function toPage(etag: string, value: unknown): Promise<Page & { body: Buffer }> {
  const body = Buffer.from(JSON.stringify(value));
  return { etag, body, gzip: body.length < minGzipBytes ? null : await compress(body) };
}

/** Sends a public read: 304, compressed or plain, as the request asks. */
export function sendJson(request: Request, response: Response, page: Page): void {
  response.setHeader('Cache-Control', sharedCacheControl);
  response.setHeader('ETag', page.etag);
  response.vary('Accept-Encoding');
  if (page.body === null || matches(request.headers['if-none-match'], page.etag)) {
    // What is kept has its own; RFC 9110, 15.4.5 asks for validators alone.
    for (const name of Object.keys(apiHeaders)) response.removeHeader(name);
    response.status(304).end();
    return;
  }
  response.setHeader('Content-Type', 'application/json; charset=utf-8');
  const zipped = page.gzip !== null && request.acceptsEncodings('gzip') === 'gzip';
  const bytes = zipped ? page.gzip : page.body;
  if (zipped) response.setHeader('Content-Encoding', 'gzip');
  response.setHeader('Content-Length', bytes.length);
  response.status(200).end(bytes);
}

/** Ends an answer with a text whose type is set; its length is told to HEAD, too. */
export function sendText(response: Response, text: string): void {
  const bytes = Buffer.from(text);
  response.setHeader('Content-Length', bytes.length);
  response.end(bytes);
}

/** Whether `If-None-Match` names the ETag; weak comparison (RFC 9110, 13.1.2). */
export function matches(ifNoneMatch: string | undefined, etag: string): boolean {
  if (ifNoneMatch === undefined) return false;
  if (ifNoneMatch === etag || ifNoneMatch.trim() === '*') return true;
  const opaque = etag.replace(/^W\//, '');
  return ifNoneMatch.split(',').some((tag) => tag.trim().replace(/^W\//, '') === opaque);
}
