import { createHash } from 'node:crypto';
import type { OpenSession, Session } from '../contract/session.js';
import type { Actor, Person } from './actor.js';
import { DomainError } from './errors.js';
import { meter } from './meter.js';
import { acceptName } from './names.js';
import { demandPerson } from './permissions.js';
import type {
  AccessTokens,
  Clock,
  DirectoryStore,
  Ids,
  Limiter,
  PersonRow,
  SsoTokens,
} from './ports.js';
import type { Rule, Site } from './site.js';
import type { Sites } from './sites.js';
import { cleanLine, cleanName } from './text/unicode.js';
import { ulidAt } from './ulid.js';
import { toTimestamp } from './views.js';

/** Sessions of readers: opened by a guest's name, the publisher's token or a refresh token. */
export interface Sessions {
  /** `actor` carries the address key by which new guests are limited. */
  open(actor: Actor, site: string, body: OpenSession): Promise<Session>;
  /** Ends the session that the actor's token belongs to; its refresh token is void. */
  close(actor: Actor, site: string): Promise<void>;
  /** A guest who has not been stored yet: `keep` stores the session and tells its tokens. */
  greet(actor: Actor, site: Site, name: string, path: string): Promise<Greeted>;
}

/** A guest about to post without a token. */
export interface Greeted {
  readonly person: Person;
  keep(): Promise<Session>;
}

interface Deps {
  readonly directory: DirectoryStore;
  readonly sites: Sites;
  readonly tokens: AccessTokens;
  readonly sso: SsoTokens;
  readonly limiter: Limiter;
  readonly clock: Clock;
  readonly ids: Ids;
  /** New guest sessions an address. */
  readonly newSession: readonly Rule[];
}

/** A session ends when it was not renewed for 90 days. */
const lifetimeMs = 90 * 86_400_000;

/** The use cases of sessions. */
export function createSessions(deps: Deps): Sessions {
  const { directory, sites, clock, ids } = deps;

  const start = async (row: PersonRow): Promise<Session> => {
    const refreshToken = ids.token();
    const id = ulidAt(clock.now(), ids.entropy());
    const expiresAt = clock.now() + lifetimeMs;
    const { site, id: personId } = row;
    await directory.putSession({ id, site, personId, hash: hashToken(refreshToken), expiresAt });
    return grant(deps, row, id, refreshToken);
  };

  const renew = async (site: Site, refreshToken: string): Promise<Session> => {
    const session = await directory.findSession(hashToken(refreshToken));
    if (session === null || session.site !== site.id || session.expiresAt <= clock.now()) {
      throw new DomainError('UNAUTHENTICATED');
    }
    const row = await directory.getPerson(site.id, session.personId);
    if (row === null) throw new DomainError('UNAUTHENTICATED');
    await directory.putSession({ ...session, expiresAt: clock.now() + lifetimeMs });
    const moderator = row.moderator && site.sso?.roles === true;
    return grant(deps, { ...row, moderator }, session.id, refreshToken);
  };

  const newPerson = (
    site: Site,
    fields: Pick<PersonRow, 'kind' | 'subject' | 'name'>,
  ): PersonRow => ({
    id: ulidAt(clock.now(), ids.entropy()),
    site: site.id,
    badges: [],
    moderator: false,
    createdAt: clock.now(),
    ...fields,
  });

  const greet: Sessions['greet'] = async (actor, site, name, path) => {
    if (!site.guests) throw new DomainError('GUESTS_NOT_WELCOME');
    const clean = acceptName(site, name, path);
    await meter(deps.limiter, 'session', actor.ipKey, deps.newSession);
    const row = newPerson(site, { kind: 'guest', subject: null, name: clean });
    return {
      person: { ...toPerson(row), sessionId: '', ipKey: actor.ipKey },
      keep: async () => start(await directory.ensurePerson(row)),
    };
  };

  return {
    greet,
    open: async (actor, siteId, body) => {
      const site = await sites.get(siteId);
      if ('refreshToken' in body) return renew(site, body.refreshToken);
      if ('name' in body) return (await greet(actor, site, body.name, 'name')).keep();
      const { subject, moderator, ...claims } = deps.sso.verify(site, body.sso);
      const badges = claims.badges.map(cleanLine);
      // A badge tells the staff from whoever else calls themselves so.
      const isMarked = moderator || badges.length > 0;
      const name = isMarked ? cleanName(claims.name) : acceptName(site, claims.name, 'name');
      const fresh = newPerson(site, { kind: 'member', subject, name });
      return start(await directory.ensurePerson({ ...fresh, badges, moderator }));
    },
    close: async (actor, siteId) => {
      const site = await sites.get(siteId);
      const { sessionId } = demandPerson(actor, 'endSession', site.id);
      await directory.deleteSession(sessionId);
    },
  };
}

function grant(deps: Deps, row: PersonRow, sessionId: string, refreshToken: string): Session {
  const { site, kind, name, badges, moderator } = row;
  const claims = { site, personId: row.id, sessionId, kind, name, badges, moderator };
  const access = deps.tokens.issue(claims);
  return {
    accessToken: access.token,
    expiresAt: toTimestamp(access.expiresAt),
    refreshToken,
    user: { id: row.id, name, kind: moderator ? 'moderator' : kind, badges: [...badges] },
  };
}

const toPerson = ({ kind, site, id, name, badges, moderator }: PersonRow) => ({
  kind,
  site,
  id,
  name,
  badges,
  moderator,
});

const hashToken = (token: string): string => createHash('sha256').update(token).digest('hex');
