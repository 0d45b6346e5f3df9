import { createApp, type Overrides, type Running } from '../../src/app.js';
import { createServiceKeys } from '../../src/auth/service-keys.js';
import { readConfig } from '../../src/config.js';
import type { Scope } from '../../src/contract/site.js';
import { systemIds } from '../../src/domain/system.js';
import { newSite, type Site } from '../../src/domain/site.js';
import { createLogger, type LineSink } from '../../src/ops/logger.js';
import { createClock } from './clock.js';
import { createClient, type Client } from './client.js';
import { farLimits } from './factories.js';

/** A whole app on a free port, over a store in memory. */
export interface TestApp extends Running {
  readonly client: Client;
  /** Lines of its log, parsed. */
  readonly logs: readonly Record<string, unknown>[];
  /** Puts a site; guests are welcome and limits are far away unless told otherwise. */
  putSite(id: string, fields?: Partial<Site>): Promise<Site>;
  /** Makes a service key and tells its text. */
  createKey(site: string, scopes: readonly Scope[]): Promise<string>;
  /** Opens a guest's session and tells its access token. */
  guest(site: string, name?: string): Promise<string>;
  stop(): Promise<void>;
}

/** What a test sets: the environment as `main.ts` would read it, and parts put in place. */
export interface TestAppOptions {
  readonly env?: Readonly<Record<string, string>>;
  readonly overrides?: Overrides;
  readonly browserFolder?: string | null;
}

/** Starts an app and waits until it is ready. Its limits for addresses are far away, too. */
export async function startApp({
  env = {},
  overrides = {},
  browserFolder = null,
}: TestAppOptions = {}): Promise<TestApp> {
  const { config } = readConfig({
    NODE_ENV: 'test',
    PORT: '0',
    HOST: '127.0.0.1',
    DATABASE_URL: 'sqlite::memory:',
    SAYSO_SECRET: 'q3v8Zt1LxP0mWc7RkY5sB2nJ9dHfG4uE6aTi',
    SAYSO_LIMIT_READS_PER_MINUTE: '1000000',
    SAYSO_LIMIT_SESSIONS_PER_10_MINUTES: '1000000',
    ...env,
  });
  const logs: Record<string, unknown>[] = [];
  const sink: LineSink = {
    // Lines of the log are JSON objects; anything else would make the test fail here.
    write: (line) => logs.push(JSON.parse(line) as Record<string, unknown>),
  };
  const log = createLogger({ level: config.logLevel, sink });
  const clock = overrides.clock ?? createClock();
  const app = createApp(
    { config, log, files: { browserFolder, version: '0.0.0-test' } },
    { ...overrides, clock },
  );
  const running = await app.start();
  const client = createClient(running.url);
  const keys = createServiceKeys({ directory: running.store.directory, clock, ids: systemIds });
  return {
    ...running,
    client,
    logs,
    putSite: async (id, fields = {}) => {
      const site = { ...newSite(id), limits: farLimits, ...fields };
      await running.store.directory.putSite(site);
      return site;
    },
    createKey: async (site, scopes) => (await keys.create(site, 'a service', scopes)).text,
    guest: async (site, name = 'Ada') => {
      const { json } = await client.call('openSession', { params: { site }, body: { name } });
      return (json as { accessToken: string }).accessToken;
    },
    stop: async () => {
      await app.stop();
      client.close();
    },
  };
}
