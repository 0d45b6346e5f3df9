import type { Express, RequestHandler } from 'express';
import { asyncapiDocument } from '../../contract/asyncapi.js';
import { errorTable } from '../../contract/errors.js';
import { openapiDocument } from '../../contract/openapi.js';
import type { HttpSettings } from '../deps.js';
import { factsOf } from '../middleware/request-facts.js';
import { pageHeaders } from '../middleware/security-headers.js';
import { refuseMethod } from '../mount.js';
import { sendText } from '../send.js';
import { escapeHtml, htmlPage } from './html.js';

/** `/openapi.json`, `/asyncapi.json`, and `/errors`, to which the `type` of every problem leads. */
export function mountDocuments(app: Express, settings: Pick<HttpSettings, 'version'>): void {
  const { version } = settings;
  const json = (document: unknown) => JSON.stringify(document);
  get(app, '/openapi.json', 'application/json', () => json(openapiDocument(version)));
  get(app, '/asyncapi.json', 'application/json', () => json(asyncapiDocument(version)));
  get(app, '/errors', 'text/html', () => errorsPage(), pageHeaders);
}

function get(
  app: Express,
  path: string,
  type: string,
  text: () => string,
  ...before: RequestHandler[]
): void {
  const made = memo(text);
  app.get(path, ...before, (_request, response) => {
    factsOf(response).route = path;
    response.setHeader('Cache-Control', 'public, max-age=300');
    response.setHeader('Access-Control-Allow-Origin', '*');
    sendText(response.type(type), made());
  });
  app.all(path, refuseMethod(['GET']));
}

/** Made when first asked for, so that the start does not wait for it. */
function memo<T>(make: () => T): () => T {
  let made: { readonly value: T } | null = null;
  return () => (made ??= { value: make() }).value;
}

function errorsPage(): string {
  const sections = Object.entries(errorTable).map(
    ([code, { status, title, cause, fix }]) => `<section id="${code}">
<h2>${code}</h2>
<p>Status ${status}: ${escapeHtml(title)}.</p>
<p>${escapeHtml(cause)}</p>
<p>What to do: ${escapeHtml(fix)}</p>
</section>`,
  );
  const body = `<main>\n<h1>Error codes</h1>\n${sections.join('\n')}\n</main>`;
  return htmlPage({ title: 'Error codes of Sayso', body });
}
