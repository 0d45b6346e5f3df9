import type { Request } from 'express';
import type { Route } from '../contract/route.js';
import type { routes, RouteName } from '../contract/routes.js';
import { threadKey, type ThreadName } from '../domain/thread.js';
import type { Site } from '../domain/site.js';
import type { HttpDeps } from './deps.js';
import { contentEtag, threadEtag } from './etag.js';
import type { Call, ShareRead } from './mount.js';
import type { KeptPage, PageCache, PageName } from './page-cache.js';
import { matches, toPage, type Page } from './send.js';

type ListCall = Call<typeof routes.listComments>;
type CountsCall = Call<typeof routes.getCounts>;

interface Deps extends Pick<HttpDeps, 'threads' | 'sites' | 'metrics'> {
  readonly cache: PageCache;
}

/**
 * Public reads: first pages and counts through the page cache, all others with the ETag of their
 * thread, which is compared before anything is built.
 */
export function createSharedReads(deps: Deps): ShareRead {
  const { cache, metrics } = deps;

  return async (name, call, request, build) => {
    // The rows of the table say so: shared reads belong to a site.
    const { site: siteId } = call.params as { site: string };
    const site = await deps.sites.get(siteId);
    const kept = keptName(name, call);
    if (kept === null) return readThread(deps, name, call, { site, request, build });
    return cache.get(kept, request.originalUrl, async () => {
      metrics.page('store');
      return toKept(site, kept, await build());
    });
  };
}

/** Under which name an answer is kept; null where it is not. */
function keptName(name: RouteName, call: Call<Route>): PageName | null {
  if (name === 'getCounts') {
    // Parsed with the row of this name.
    const { params, query } = call as CountsCall;
    const tks = query.articles.map((article) => threadKey({ site: params.site, article }));
    return { key: `counts\n${params.site}\n${query.articles.join('\n')}`, tks: [...new Set(tks)] };
  }
  if (name !== 'listComments') return null;
  const { params, query } = call as ListCall;
  if (query.cursor !== undefined || query.parent !== undefined) return null;
  const { sort, limit } = query;
  const key = ['page', params.site, params.article, sort, limit].join('\n');
  return { key, tks: [threadKey(params)] };
}

async function toKept(site: Site, { key, tks }: PageName, value: unknown): Promise<KeptPage> {
  const [tk = ''] = tks;
  const rev = revOf(value);
  const etag =
    rev === null ? contentEtag(key + JSON.stringify(value)) : threadEtag(tk, rev, site, key);
  const page = await toPage(etag, value);
  return {
    ...page,
    site: site.id,
    siteVersion: site.version,
    rev: rev ?? Number.POSITIVE_INFINITY,
  };
}

async function readThread(
  { threads }: Deps,
  name: RouteName,
  call: Call<Route>,
  { site, request, build }: { site: Site; request: Request; build: () => Promise<unknown> },
): Promise<Page> {
  // All other shared reads name their thread in the path.
  const thread = call.params as ThreadName;
  const tk = threadKey(thread);
  const asked = [name, JSON.stringify(call.params), JSON.stringify(call.query ?? null)].join('\n');
  const ifNoneMatch = request.headers['if-none-match'];
  const etagAt = (rev: number) => threadEtag(tk, rev, site, asked);
  // Read before the rows: an answer may be newer than its ETag, never older.
  const etag = etagAt(await threads.revision(thread));
  if (ifNoneMatch?.trim() !== '*' && matches(ifNoneMatch, etag)) {
    return { etag, body: null, gzip: null };
  }
  return toPage(etag, await build());
}

/** The revision that an answer says it shows. */
const revOf = (value: unknown): number | null =>
  typeof value === 'object' && value !== null && 'rev' in value && typeof value.rev === 'number'
    ? value.rev
    : null;
