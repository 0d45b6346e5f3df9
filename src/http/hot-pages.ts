import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from 'node:http';
import type { HttpDeps } from './deps.js';
import { createHeadWriter, toHeadStart, type HeadStart } from './finished-head.js';
import { keepAliveMs } from './http-server.js';
import type { Address } from './middleware/address.js';
import { exposedHeaders, isAllowedOrigin } from './middleware/cors.js';
import type { FloodLimit } from './middleware/flood-limit.js';
import { apiHeaders } from './middleware/security-headers.js';
import type { KeptPage, PageCache } from './page-cache.js';
import { matches, sharedCacheControl } from './send.js';

interface Deps extends Pick<HttpDeps, 'clock' | 'metrics' | 'sites'> {
  readonly cache: PageCache;
  readonly flood: FloodLimit;
  readonly addressOf: (request: IncomingMessage) => Address;
}

/**
 * Answers public reads that are kept, before Express: a few look-ups and one write. Says whether
 * it did; whatever is unusual about a request is left to Express, which decides by the same
 * functions.
 */
export function createHotPages({ cache, sites, flood, clock, metrics, addressOf }: Deps) {
  const putHead = createHeadWriter(keepAliveMs / 1_000);
  const forms = new WeakMap<KeptPage, Forms>();

  const formsOf = (page: KeptPage): Forms => {
    const known = forms.get(page);
    if (known !== undefined) return known;
    const made = toForms(page);
    forms.set(page, made);
    return made;
  };

  return (request: IncomingMessage, response: ServerResponse): boolean => {
    if (request.method !== 'GET') return false;
    const url = request.url ?? '';
    const page = cache.find(url);
    if (page === undefined) return false;
    const { headers } = request;
    const { origin } = headers;
    const accepts = headers['accept-encoding'] ?? '';
    if (headers.authorization !== undefined || accepts.includes('q=0')) return false;
    if (headers['content-length'] !== undefined || headers['transfer-encoding'] !== undefined) {
      return false;
    }
    const now = clock.now();
    const site = sites.peek(page.site, now);
    if (site === null) return false;
    if (site.version !== page.siteVersion) {
      cache.drop(url);
      return false;
    }
    const { allowed, rateLimit, policy } = flood.take(addressOf(request), now);
    if (!allowed) return false;
    const form = formOf(formsOf(page), headers, page.etag);
    const more = ['RateLimit', rateLimit, 'RateLimit-Policy', policy];
    if (origin !== undefined && isAllowedOrigin(site, origin)) {
      more.push('Access-Control-Allow-Origin', origin);
      more.push('Access-Control-Expose-Headers', exposedHeaders);
    }
    putHead(response, form.start, more);
    if (form.text !== null) response.end(form.text, 'latin1');
    else response.end(form.bytes);
    metrics.page('cache');
    return true;
  };
}

/** One way to answer with a page: what is the same for everybody. */
interface Form {
  readonly start: HeadStart;
  readonly bytes: Buffer | undefined;
  /** The bytes of a small body as Latin-1: head and body then leave in one write. */
  readonly text: string | null;
}

interface Forms {
  readonly plain: Form;
  readonly zipped: Form | null;
  readonly unchanged: Form;
}

/** Above it, joining head and body costs more than a second piece in the write. */
const maxTextBytes = 16 * 1024;

function formOf(forms: Forms, headers: IncomingHttpHeaders, etag: string): Form {
  if (matches(headers['if-none-match'], etag)) return forms.unchanged;
  const zip = forms.zipped !== null && headers['accept-encoding']?.includes('gzip') === true;
  return zip ? forms.zipped : forms.plain;
}

function toForms(page: KeptPage): Forms {
  const validators = [
    'Vary',
    'Origin, Accept-Encoding',
    'Cache-Control',
    sharedCacheControl,
    'ETag',
    page.etag,
  ];
  const typed = [
    ...Object.entries(apiHeaders).flat(),
    ...validators,
    'Content-Type',
    'application/json; charset=utf-8',
  ];
  const withBody = (bytes: Buffer, more: readonly string[]): Form => ({
    start: toHeadStart(200, [...typed, ...more, 'Content-Length', String(bytes.length)]),
    bytes,
    text: bytes.length <= maxTextBytes ? bytes.toString('latin1') : null,
  });
  return {
    unchanged: { start: toHeadStart(304, validators), bytes: undefined, text: null },
    plain: withBody(page.body, []),
    zipped: page.gzip === null ? null : withBody(page.gzip, ['Content-Encoding', 'gzip']),
  };
}
