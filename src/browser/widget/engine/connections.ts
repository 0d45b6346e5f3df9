import type { Api } from '../../shared/api.js';
import { createSessions, type Sessions } from '../../shared/sessions.js';
import { createStorage, type Storage } from '../../shared/storage.js';
import { createWire, type Wire } from './wire.js';

/** What all boxes of one person on one site share. */
export interface Connection {
  readonly sessions: Sessions;
  readonly storage: Storage;
  readonly wire: Wire;
}

/** Whose connection it is. */
export interface Person {
  readonly origin: string;
  readonly site: string;
  readonly profile: string;
}

/** Connections by server, site and person: the same to all who ask. */
export function createConnections(): (person: Person, api: Api) => Connection {
  const known: Record<string, Connection> = {};
  return ({ origin, site, profile }, api) => {
    const open = (): Connection => {
      const storage = createStorage(`${profile}:${site}`, () => localStorage);
      const sessions = createSessions(api, site, storage);
      return { storage, sessions, wire: createWire(origin, sessions) };
    };
    return (known[JSON.stringify([origin, site, profile])] ??= open());
  };
}
