import { createHash, timingSafeEqual } from 'node:crypto';
import type { Express, Request, RequestHandler } from 'express';
import { limiterKey } from '../../auth/address-key.js';
import { DomainError } from '../../domain/errors.js';
import type { HttpDeps, HttpSettings } from '../deps.js';
import { factsOf } from '../middleware/request-facts.js';
import { refuseMethod } from '../mount.js';
import { sendText } from '../send.js';

/**
 * `/livez` (never touches the store), `/readyz` and `/metrics`. They stand before the limits, so
 * that a busy server can still be asked how it is.
 */
export function mountHealth(
  app: Express,
  { isReady, metrics, settings }: Pick<HttpDeps, 'isReady' | 'metrics' | 'settings'>,
): void {
  page(app, '/livez', (_request, response) => {
    sendText(response.type('text/plain'), 'ok\n');
  });
  page(app, '/readyz', async (_request, response) => {
    const ready = await isReady().catch(() => false);
    response.status(ready ? 200 : 503);
    if (!ready) response.setHeader('Retry-After', '2');
    sendText(response.type('text/plain'), ready ? 'ready\n' : 'not ready\n');
  });
  page(app, '/metrics', async (request, response) => {
    if (!maySeeMetrics(request, factsOf(response).address.ip, settings)) {
      throw new DomainError(settings.metricsToken === null ? 'NOT_FOUND' : 'UNAUTHENTICATED');
    }
    const { contentType, body } = await metrics.render();
    response.setHeader('Content-Type', contentType);
    sendText(response, body);
  });
}

function page(app: Express, path: string, answer: RequestHandler): void {
  const first: RequestHandler = (_request, response, next) => {
    factsOf(response).route = path;
    response.setHeader('Cache-Control', 'no-store');
    response.setHeader('X-Content-Type-Options', 'nosniff');
    next();
  };
  app.get(path, first, answer);
  app.all(path, refuseMethod(['GET']));
}

/** With a token set, whoever has it; without, this machine alone. */
function maySeeMetrics(
  request: Request,
  ip: string,
  { metricsToken: token, trustProxy }: Pick<HttpSettings, 'metricsToken' | 'trustProxy'>,
): boolean {
  if (token === null) {
    // A proxy beside us that TRUST_PROXY does not name makes the whole world look local.
    if ((trustProxy === false || trustProxy === 0) && isPassedOn(request)) return false;
    return ip === '::1' || limiterKey(ip).startsWith('127.');
  }
  const sent = (request.headers.authorization ?? '').replace(/^Bearer /, '');
  return timingSafeEqual(hash(sent), hash(token));
}

const isPassedOn = ({ headers }: Request): boolean =>
  ['forwarded', 'x-forwarded-for', 'x-real-ip', 'via'].some((name) => headers[name] !== undefined);

const hash = (text: string): Buffer => createHash('sha256').update(text).digest();
