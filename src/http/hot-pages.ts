import type { IncomingMessage, ServerResponse } from 'node:http';
import type { HttpDeps } from './deps.js';
import type { FreshSites } from './fresh-sites.js';
import type { Address } from './middleware/address.js';
import { exposedHeaders, isAllowedOrigin } from './middleware/cors.js';
import type { FloodLimit } from './middleware/flood-limit.js';
import { apiHeaders } from './middleware/security-headers.js';
import type { KeptPage, PageCache } from './page-cache.js';
import { matches, sharedCacheControl } from './send.js';

interface Deps extends Pick<HttpDeps, 'clock' | 'metrics'> {
  readonly cache: PageCache;
  readonly sites: FreshSites;
  readonly flood: FloodLimit;
  readonly addressOf: (request: IncomingMessage) => Address;
}

/**
 * Answers public reads that are kept, before Express: a few look-ups and one write. Says whether
 * it did; whatever is unusual about a request is left to Express, which decides by the same
 * functions.
 */
export function createHotPages({ cache, sites, flood, clock, metrics, addressOf }: Deps) {
  const heads = new WeakMap<KeptPage, Heads>();

  const headsOf = (page: KeptPage): Heads => {
    const kept = heads.get(page) ?? toHeads(page);
    heads.set(page, kept);
    return kept;
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
    const site = sites.peek(page.site);
    if (site === undefined) return false;
    if (site.version !== page.siteVersion || clock.now() >= page.until) {
      cache.drop(url);
      return false;
    }
    const { allowed, rateLimit, policy } = flood.take(addressOf(request));
    if (!allowed) return false;
    const { plain, zipped, unchanged } = headsOf(page);
    const same = matches(headers['if-none-match'], page.etag);
    const zip = page.gzip !== null && accepts.includes('gzip');
    const head = [...(same ? unchanged : zip ? zipped : plain)];
    head.push('RateLimit', rateLimit, 'RateLimit-Policy', policy);
    if (origin !== undefined && isAllowedOrigin(site, origin)) {
      head.push('Access-Control-Allow-Origin', origin);
      head.push('Access-Control-Expose-Headers', exposedHeaders);
    }
    response.writeHead(same ? 304 : 200, head);
    response.end(same ? undefined : zip ? page.gzip : page.body);
    metrics.page('cache');
    return true;
  };
}

/** Name after value, as `writeHead` takes them: the parts that are the same for everybody. */
interface Heads {
  readonly plain: readonly string[];
  readonly zipped: readonly string[];
  readonly unchanged: readonly string[];
}

function toHeads(page: KeptPage): Heads {
  const always = [
    ...Object.entries(apiHeaders).flat(),
    'Vary',
    'Origin, Accept-Encoding',
    'Cache-Control',
    sharedCacheControl,
    'ETag',
    page.etag,
  ];
  const typed = [...always, 'Content-Type', 'application/json; charset=utf-8'];
  const zipped = String(page.gzip?.length ?? 0);
  return {
    unchanged: always,
    plain: [...typed, 'Content-Length', String(page.body.length)],
    zipped: [...typed, 'Content-Encoding', 'gzip', 'Content-Length', zipped],
  };
}
