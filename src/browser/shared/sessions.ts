import type { AuthorView } from '../../contract/comment.js';
import type { Session } from '../../contract/session.js';
import { type Api, ApiError, type Call } from './api.js';
import type { Storage } from './storage.js';

/** Where a publisher's token comes from: itself, or a function that fetches one. */
export type TokenSource = string | (() => string | Promise<string>);

/** Who the reader is on one site, and calls made in that person's name. */
export interface Sessions {
  user(): AuthorView | undefined;
  /** A valid access token, renewed if need be; undefined while nobody is signed in. */
  token(): Promise<string | undefined>;
  /** Makes sure that somebody is signed in; a guest of that name if nobody is. */
  open(name: string): Promise<AuthorView>;
  /** Like `api.send` with the token; after a 401 renewed and repeated once. */
  send<T>(call: Call): Promise<T>;
  /** Takes a publisher's token instead of the guest's session. */
  use(source: TokenSource): void;
  rename(user: AuthorView): void;
  onChange(listener: () => void): () => void;
}

const key = 'session';

/** Sessions of one site, kept in `storage`. Requests for one renewal share it. */
export function createSessions(api: Api, site: string, storage: Storage): Sessions {
  const listeners = new Set<() => void>();
  let source: TokenSource | undefined;
  // Written by this module alone; a foreign value fails at the server and is replaced.
  let session = storage.read(key) as Session | undefined;
  let renewing: Promise<Session | undefined> | undefined;

  const keep = (next: Session | undefined): Session | undefined => {
    const changed = next?.user.id !== session?.user.id;
    session = next;
    if (!next) storage.remove(key);
    else if (!source) storage.write(key, next); // a publisher's token is asked for anew
    if (changed) for (const listener of listeners) listener();
    return next;
  };
  const ask = async (body: unknown): Promise<Session> =>
    api.send({ method: 'POST', path: `/sites/${site}/session`, body });
  const renewed = async (): Promise<Session | undefined> => {
    if (source)
      return keep(await ask({ sso: await (typeof source === 'string' ? source : source()) }));
    // Another tab may have renewed it already.
    const stored = storage.read(key) as Session | undefined;
    const held = stored ?? session;
    if (!held) return undefined;
    try {
      return keep(await ask({ refreshToken: held.refreshToken }));
    } catch (error) {
      if (error instanceof ApiError && error.status === 401) return keep(undefined);
      throw error;
    }
  };
  const renew = () =>
    (renewing ??= renewed().finally(() => {
      renewing = undefined;
    }));
  const current = async () => {
    if (session && Date.parse(session.expiresAt) - api.now() > 5_000) return session;
    return session || source ? renew() : undefined;
  };

  return {
    user: () => session?.user,
    token: async () => (await current())?.accessToken,
    async open(name) {
      const held = (await current()) ?? keep(await ask({ name }));
      if (!held) throw new ApiError('UNAUTHENTICATED', 401, 0, '');
      return held.user;
    },
    async send<T>(call: Call) {
      const held = await current();
      try {
        return await api.send<T>({ ...call, token: held?.accessToken });
      } catch (error) {
        if (!(error instanceof ApiError) || error.status !== 401 || !held) throw error;
        return api.send<T>({ ...call, token: (await renew())?.accessToken });
      }
    },
    use(next) {
      source = next;
      renew().catch(() => undefined); // asked again by whatever needs it
    },
    rename(user) {
      if (session) keep({ ...session, user });
    },
    onChange(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}
