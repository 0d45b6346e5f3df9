import type { Store } from './domain/ports.js';
import { newSite, type Site } from './domain/site.js';

/** In development a site `demo` exists: this server's pages, guests welcome, nothing held. */
export async function ensureDemo(
  store: Store,
  url: string,
  publicUrl: string | null,
): Promise<void> {
  const { port } = new URL(url);
  const own = [url, `http://localhost:${port}`, `http://127.0.0.1:${port}`];
  const origins = [...new Set([...own, ...(publicUrl === null ? [] : [publicUrl])])];
  const demo = (await store.directory.getSite('demo')) ?? demoSite();
  if (origins.every((origin) => demo.origins.includes(origin))) return;
  await store.directory.putSite({ ...demo, origins: [...new Set([...demo.origins, ...origins])] });
}

/** Two phones of one person on one desk: more comments in a minute than a reader has to say. */
function demoSite(): Site {
  const site = newSite('demo', 'The Evening Page');
  return { ...site, limits: { ...site.limits, guestComment: [{ points: 30, seconds: 60 }] } };
}
