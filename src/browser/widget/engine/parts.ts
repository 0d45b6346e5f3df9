import { createApi } from '../../shared/api.js';
import type { Box, Engine } from '../model.js';
import { createConnections } from './connections.js';
import { createEngine } from './engine.js';
import { watchBadges } from './watch-counts.js';

const connect = createConnections();

/** The engine of one box. Boxes of one person share a connection. */
export function startEngine(box: Box, root: ShadowRoot): Engine {
  const { site, profile, token } = box.settings;
  const connection = connect({ origin: box.origin, site, profile }, box.api);
  if (token) connection.sessions.use(token);
  return createEngine(box, connection, root);
}

/** Keeps the badges marked `data-live` in step with the server at `origin`. */
export function watchCounts(origin: string): void {
  const api = createApi(`${origin}/api/v1`);
  watchBadges((site) => connect({ origin, site, profile: '' }, api).wire);
}
