import type { Request, RequestHandler } from 'express';
import type { Sites } from '../../domain/sites.js';

/** Answer headers that scripts of an embedding page may read. */
export const exposedHeaders =
  'ETag, Date, Location, Retry-After, RateLimit, RateLimit-Policy, Idempotent-Replayed';

const allowedMethods = 'GET, HEAD, PUT, POST, PATCH, DELETE';
const allowedHeaders = 'Authorization, Content-Type, Idempotency-Key, If-None-Match';

/** Whether a page of this origin may read answers of the site: exact, from the site's list. */
export const isAllowedOrigin = (
  site: { readonly origins: readonly string[] } | null,
  origin: string,
): boolean => site !== null && site.origins.includes(origin);

/**
 * CORS of one site's calls: its own origins, never with credentials. Runs before the limits, so
 * that a page can read a refusal, too.
 */
export function cors(sites: Pick<Sites, 'find'>): RequestHandler<{ site: string }> {
  return async (request, response, next) => {
    response.vary('Origin');
    const { origin } = request.headers;
    if (origin === undefined) return next();
    if (isAllowedOrigin(await findSite(sites, request.params.site), origin)) {
      response.setHeader('Access-Control-Allow-Origin', origin);
      if (!isPreflight(request)) {
        response.setHeader('Access-Control-Expose-Headers', exposedHeaders);
      }
    }
    next();
  };
}

/** Answers preflights; what they may do stands only where the origin was allowed. */
export const answerPreflight: RequestHandler = (request, response, next) => {
  if (!isPreflight(request)) return next();
  if (response.hasHeader('Access-Control-Allow-Origin')) {
    response.setHeader('Access-Control-Allow-Methods', allowedMethods);
    response.setHeader('Access-Control-Allow-Headers', allowedHeaders);
    response.setHeader('Access-Control-Max-Age', '7200');
  }
  response.status(204).end();
};

const isPreflight = (request: Pick<Request, 'method' | 'headers'>): boolean =>
  request.method === 'OPTIONS' &&
  request.headers.origin !== undefined &&
  request.headers['access-control-request-method'] !== undefined;

/** A store that is down must not keep a cached answer or the reason from being told. */
async function findSite(sites: Pick<Sites, 'find'>, id: string) {
  try {
    return await sites.find(id);
  } catch {
    return null;
  }
}
