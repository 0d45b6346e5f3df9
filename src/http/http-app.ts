import express, { type RequestHandler } from 'express';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { DomainError } from '../domain/errors.js';
import type { HttpDeps } from './deps.js';
import { errorHandler } from './error-handler.js';
import { createHotPages } from './hot-pages.js';
import { createLongPoll, type LongPoll } from './long-poll.js';
import { createAddresses } from './middleware/address.js';
import { answerPreflight, cors } from './middleware/cors.js';
import { createFloodLimit, type FloodLimit } from './middleware/flood-limit.js';
import { readJsonBody } from './middleware/json-body.js';
import { parseQuery } from './middleware/query.js';
import { requestFacts } from './middleware/request-facts.js';
import { securityHeaders } from './middleware/security-headers.js';
import { createWriteGate } from './middleware/write-gate.js';
import { mount, type ShareRead } from './mount.js';
import { createPageCache } from './page-cache.js';
import { mountDocuments } from './pages/documents.js';
import { mountHealth } from './pages/health.js';
import { mountPages } from './pages/pages.js';
import { openStaticFiles } from './pages/static-files.js';
import { commentRoutes } from './routes/comments.js';
import { sessionRoutes } from './routes/sessions.js';
import { threadRoutes } from './routes/threads.js';
import { createSharedReads } from './shared-reads.js';

/** The HTTP face. */
export interface HttpApp {
  /** Listener of a server's `request` event. */
  readonly handle: (request: IncomingMessage, response: ServerResponse) => void;
  /** Stops following the store and answers all requests that wait for changes. */
  close(): void;
}

/** Bytes of public answers that are kept. */
const maxPageBytes = 64 * 1024 * 1024;

/** Makes the HTTP face: kept pages first, then the way of every other request. */
export function createHttpApp(deps: HttpDeps): HttpApp {
  const { clock, settings, watch } = deps;
  const addressOf = createAddresses(settings.trustProxy);
  const flood = createFloodLimit({ perMinute: settings.readsPerMinute, clock });
  const cache = createPageCache({ watch, maxBytes: maxPageBytes });
  const longPoll = createLongPoll(deps);
  const share = createSharedReads({ ...deps, cache });
  const app = createExpress(deps, { addressOf, flood, longPoll, share });
  const hot = createHotPages({ ...deps, cache, flood, addressOf });
  return {
    handle: (request, response) => {
      if (!hot(request, response)) app(request, response);
    },
    close: () => {
      cache.close();
      longPoll.close();
    },
  };
}

interface Parts {
  readonly addressOf: ReturnType<typeof createAddresses>;
  readonly flood: FloodLimit;
  readonly longPoll: LongPoll;
  readonly share: ShareRead;
}

/** The way of a request, in the order of `docs/architecture.md`. */
function createExpress(deps: HttpDeps, { addressOf, flood, longPoll, share }: Parts) {
  const app = express();
  app.disable('x-powered-by');
  app.set('etag', false);
  app.set('query parser', false);
  // One spelling of an address: caches and limits in front see what we see.
  app.enable('strict routing');
  app.enable('case sensitive routing');

  app.use(requestFacts({ ...deps, addressOf }));
  mountHealth(app, deps);
  app.use(securityHeaders);
  app.use('/api/v1/sites/:site', cors(deps.sites));
  app.use(flood.middleware);
  app.use(answerPreflight);
  app.use(parseQuery);
  app.use('/api', createWriteGate(), readJsonBody);
  mount(
    app,
    deps,
    {
      ...threadRoutes({ ...deps, longPoll }),
      ...commentRoutes(deps),
      ...sessionRoutes(deps),
    },
    share,
  );
  mountDocuments(app, deps.settings);
  mountPages(app, deps, openStaticFiles(deps.settings.browserFolder));
  app.use(notFound);
  app.use(errorHandler(deps));
  return app;
}

const notFound: RequestHandler = () => {
  throw new DomainError('NOT_FOUND', { detail: 'There is nothing at this address.' });
};
