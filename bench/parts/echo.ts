// What a post costs without Sayso: Express and the middleware of every request, then the body back.
import express from 'express';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { systemClock } from '../../src/domain/system.js';
import { newSite } from '../../src/domain/site.js';
import { createAddresses } from '../../src/http/middleware/address.js';
import { answerPreflight, cors } from '../../src/http/middleware/cors.js';
import { createFloodLimit } from '../../src/http/middleware/flood-limit.js';
import { readJsonBody } from '../../src/http/middleware/json-body.js';
import { parseQuery } from '../../src/http/middleware/query.js';
import { requestFacts } from '../../src/http/middleware/request-facts.js';
import { securityHeaders } from '../../src/http/middleware/security-headers.js';
import { createWriteGate } from '../../src/http/middleware/write-gate.js';
import { createLogger } from '../../src/ops/logger.js';
import { createMetrics } from '../../src/ops/metrics.js';

const site = newSite('bench');
const sites = {
  get: async () => site,
  find: async () => site,
  peek: () => site,
  knowsOrigin: async () => false,
};
const metrics = createMetrics();
const limit = { perMinute: 1_000_000_000, clock: systemClock };

const app = express();
app.disable('x-powered-by');
app.set('etag', false);
app.set('query parser', false);
app.use(
  requestFacts({
    addressOf: createAddresses(false),
    clock: systemClock,
    log: createLogger({ level: 'info', sink: { write: () => undefined } }),
    metrics,
  }),
);
app.use(securityHeaders);
app.use('/api/v1/sites/:site', cors(sites));
app.use(createFloodLimit(limit).middleware);
app.use(answerPreflight);
app.use(parseQuery);
app.use('/api', createWriteGate(), readJsonBody);
app.post('/api/v1/sites/:site/articles/:article/comments', (request, response) => {
  response.status(201).json(request.body);
});

const server = createServer(app).listen(0, '127.0.0.1', () => {
  // A server that listens on a port has an address of this form.
  const { port } = server.address() as AddressInfo;
  console.log(JSON.stringify({ url: `http://127.0.0.1:${port}` }));
});
process.on('SIGTERM', () => process.exit(0));
