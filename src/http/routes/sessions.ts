import type { HttpDeps } from '../deps.js';
import type { Handlers } from '../mount.js';

/** Calls that open and end sessions of readers. */
export const sessionRoutes = ({
  sessions,
}: Pick<HttpDeps, 'sessions'>): Pick<Handlers, 'openSession' | 'closeSession'> => ({
  openSession: async ({ actor, params, body }) => ({
    body: await sessions.open(actor, params.site, body),
  }),
  closeSession: async ({ actor, params }) => {
    await sessions.close(actor, params.site);
    return { body: undefined };
  },
});
