import type { Express, Request, RequestHandler, Response } from 'express';
import { ArticleId, SiteId } from '../../contract/site.js';
import { DomainError } from '../../domain/errors.js';
import type { ThreadName } from '../../domain/thread.js';
import type { HttpDeps } from '../deps.js';
import { factsOf } from '../middleware/request-facts.js';
import { pageHeaders } from '../middleware/security-headers.js';
import { refuseMethod } from '../mount.js';
import { matches, sendText } from '../send.js';
import { escapeHtml, htmlPage } from './html.js';
import type { StaticFile, StaticFiles } from './static-files.js';

/**
 * Pages for people: `/`, `/demo`, a thread's own page; and the files that browsers load. The
 * browser build brings the pages (`home/index.html` …); without it there are plain ones.
 */
export function mountPages(
  app: Express,
  { sites, threads, settings }: Pick<HttpDeps, 'sites' | 'threads' | 'settings'>,
  files: StaticFiles,
): void {
  get(app, '/', (request, response) => {
    const file = files.find('home/index.html');
    if (file === null) sendHtml(response, homePage(settings.version));
    else sendPage(request, response, file);
  });

  get(app, '/demo', (request, response) => {
    sendPage(request, response, demand(files.find('demo/index.html')));
  });

  get(app, '/t/:site/:article', async (request, response) => {
    const name = readName(request.params);
    await sites.get(name.site);
    const { title } = await threads.view(name);
    response.setHeader('X-Robots-Tag', 'noindex');
    const template = files.find('thread/index.html');
    sendHtml(response, template === null ? threadPage(name, title) : fill(template, name, title));
  });

  for (const path of ['/embed.js', '/embed.css', '/assets/*file']) {
    app.get(path, named(path), (request, response) => {
      const file = demand(files.find(request.path.slice(1)));
      embeddable(response);
      const cache = file.immutable
        ? 'public, max-age=31536000, immutable'
        : 'public, max-age=300, stale-while-revalidate=86400';
      response.setHeader('Cache-Control', cache);
      sendFile(request, response, file);
    });
    app.all(path, refuseMethod(['GET']));
  }
}

function get(app: Express, path: string, answer: RequestHandler<Record<string, string>>): void {
  app.get(path, named(path), pageHeaders, answer);
  app.all(path, refuseMethod(['GET']));
}

const named =
  (path: string): RequestHandler =>
  (_request, response, next) => {
    factsOf(response).route = path;
    next();
  };

function demand(file: StaticFile | null): StaticFile {
  if (file === null) throw new DomainError('NOT_FOUND', { detail: 'There is no such file.' });
  return file;
}

/** Any page may load these, with or without CORS: they are the same for everybody. */
function embeddable(response: Response): void {
  response.setHeader('Access-Control-Allow-Origin', '*');
  response.setHeader('Cross-Origin-Resource-Policy', 'cross-origin');
}

function sendFile(request: Request, response: Response, file: StaticFile): void {
  response.setHeader('ETag', file.etag);
  response.setHeader('Vary', 'Accept-Encoding');
  if (matches(request.headers['if-none-match'], file.etag)) {
    response.status(304).end();
    return;
  }
  const zipped = file.gzip !== null && request.acceptsEncodings('gzip') === 'gzip';
  const bytes = zipped ? file.gzip : file.body;
  if (zipped) response.setHeader('Content-Encoding', 'gzip');
  response.setHeader('Content-Type', file.type);
  response.setHeader('Content-Length', bytes.length);
  response.end(bytes);
}

function sendPage(request: Request, response: Response, file: StaticFile): void {
  response.setHeader('Cache-Control', 'no-cache');
  sendFile(request, response, file);
}

function sendHtml(response: Response, html: string): void {
  response.setHeader('Cache-Control', 'no-cache');
  sendText(response.type('text/html'), html);
}

/** What is not the name of a thread is simply not there. */
function readName(params: Record<string, string>): ThreadName {
  const site = SiteId.safeParse(params['site']);
  const article = ArticleId.safeParse(params['article']);
  if (!site.success || !article.success) throw new DomainError('NOT_FOUND');
  return { site: site.data, article: article.data };
}

/** The page of the browser build, with the names of this thread in it. */
function fill(template: StaticFile, { site, article }: ThreadName, title: string | null): string {
  const values: Readonly<Record<string, string>> = {
    '%SITE%': site,
    '%ARTICLE%': article,
    '%TITLE%': title ?? article,
  };
  const html = template.body.toString();
  return html.replace(/%(?:SITE|ARTICLE|TITLE)%/g, (name) => escapeHtml(values[name] ?? ''));
}

const threadPage = (name: ThreadName, title: string | null): string =>
  htmlPage({
    title: title ?? name.article,
    head: '<link rel="stylesheet" href="/embed.css">\n<script src="/embed.js" async></script>\n',
    body: `<main>
<h1>${escapeHtml(title ?? name.article)}</h1>
<sayso-thread site="${escapeHtml(name.site)}" article="${escapeHtml(name.article)}"></sayso-thread>
<noscript><p>The discussion needs JavaScript.</p></noscript>
</main>`,
  });

const homePage = (version: string): string =>
  htmlPage({
    title: 'Sayso',
    body: `<main>
<h1>Sayso</h1>
<p>A discussion service for article pages runs here, version ${escapeHtml(version)}.</p>
<ul>
<li><a href="/demo">Demo</a></li>
<li><a href="/openapi.json">REST API (OpenAPI 3.1)</a></li>
<li><a href="/asyncapi.json">Realtime events (AsyncAPI 3)</a></li>
<li><a href="/errors">Error codes</a></li>
<li><a href="/readyz">Is it ready?</a></li>
</ul>
</main>`,
  });
