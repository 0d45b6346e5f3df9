import { createAccessTokens } from '../../src/auth/access-tokens.js';
import { createSsoTokens } from '../../src/auth/sso.js';
import type { NewComment } from '../../src/contract/comment.js';
import type { Scope } from '../../src/contract/site.js';
import type { Actor, Person, Service, Visitor } from '../../src/domain/actor.js';
import { createComments, type Comments } from '../../src/domain/comments.js';
import { DomainError } from '../../src/domain/errors.js';
import { createModeration, type Moderation } from '../../src/domain/moderation.js';
import type { AccessTokens, Limiter, Store } from '../../src/domain/ports.js';
import type { Check } from '../../src/domain/screening/screening.js';
import { createSessions, type Sessions } from '../../src/domain/sessions.js';
import { newSite, type Rule, type Site } from '../../src/domain/site.js';
import { createSites } from '../../src/domain/sites.js';
import { createThreads, type Threads } from '../../src/domain/threads.js';
import { createMemoryLimiter } from '../../src/limits/memory-limiter.js';
import { openStore } from '../../src/store/open-store.js';
import { createClock, type ManualClock } from './clock.js';
import { createTestIds, farLimits } from './factories.js';
import { signToken } from './tokens.js';

/** The use cases over a store in memory, with the limits of a fresh site. */
export interface UseCases {
  readonly store: Store;
  readonly clock: ManualClock;
  readonly comments: Comments;
  readonly sessions: Sessions;
  readonly threads: Threads;
  readonly moderation: Moderation;
  readonly tokens: AccessTokens;
  /** The site as it is from here on. */
  putSite(fields: Partial<Site>): Promise<void>;
  /** A token of the publisher. */
  sso(claims?: object): string;
  /** A reader with a session opened by a name. */
  guest(name?: string): Promise<Person>;
  /** A reader with a session opened by the publisher's token. */
  member(claims?: object): Promise<Person>;
  /** A second node: the same store, nothing else shared. */
  otherNode(): Pick<UseCases, 'comments' | 'threads' | 'moderation'>;
  close(): Promise<void>;
}

/** The thread of most tests. */
export const thread = { site: 'demo', article: 'article-1' };

/** Somebody without credentials. */
export const visitor: Visitor = { kind: 'visitor', ipKey: 'address-1' };

/** A program with a key of the site. */
export const aService = (...scopes: readonly Scope[]): Service => ({
  ...{ kind: 'service', site: 'demo', keyId: 'key-1', name: 'The importer', scopes },
  ipKey: 'address-9',
});

/** The body of a new comment. */
export const aBody = (fields: Partial<NewComment> = {}): NewComment => ({
  source: 'Well said.',
  format: 'markdown',
  ...fields,
});

const ssoSecret = 'x8Qz!4nT0vLw2Rk7Jb9Yh5Gd3Fs6Pc1Ma';

/** Rules that no test meets by accident. */
const far: readonly Rule[] = [{ points: 1_000_000, seconds: 60 }];

/** Opens them. `checks` is the screening; limits of people are far away unless `limited`. */
export async function openUseCases({
  checks = [],
  limited = false,
}: { readonly checks?: readonly Check[]; readonly limited?: boolean } = {}): Promise<UseCases> {
  const clock = createClock();
  const ids = createTestIds(7);
  const store = await openStore('sqlite::memory:', { clock });
  const { directory, threads: threadStore } = store;
  const tokens = createAccessTokens({
    secret: 'q3v8Zt1LxP0mWc7RkY5sB2nJ9dHfG4uE6aTi',
    issuer: 'https://talk.example',
    clock,
  });
  const usual = newSite('demo');
  const site: Site = {
    ...usual,
    origins: ['https://news.example'],
    sso: {
      issuer: 'https://news.example',
      keys: [{ kid: null, algorithm: 'HS256', key: ssoSecret }],
      roles: true,
    },
    limits: limited ? usual.limits : farLimits,
  };
  await directory.putSite(site);

  const limiters: Limiter[] = [];
  const createNode = () => {
    const limiter = createMemoryLimiter();
    limiters.push(limiter);
    const sites = createSites({ directory, clock });
    const shared = { directory, sites, limiter, clock, ids };
    const sso = createSsoTokens({ clock });
    const newSession = limited ? [{ points: 60, seconds: 600 }] : far;
    const sessions = createSessions({ ...shared, tokens, sso, newSession });
    const comments = createComments({ ...shared, threads: threadStore, sessions, checks });
    return {
      comments,
      sessions,
      threads: createThreads({ threads: threadStore, sites, clock }),
      moderation: createModeration({ threads: threadStore, sites, ids }),
    };
  };
  const node = createNode();
  const sso = (claims: object = {}): string => {
    const now = clock.now() / 1_000;
    const usualClaims = { iss: 'https://news.example', aud: 'demo', sub: 'reader-1', name: 'Mel' };
    const payload = { ...usualClaims, iat: now, exp: now + 300, ...claims };
    return signToken({ alg: 'HS256', typ: 'sso+jwt' }, payload, ssoSecret);
  };
  const open = async (body: { name: string } | { sso: string }): Promise<Person> => {
    const { accessToken } = await node.sessions.open(visitor, 'demo', body);
    const {
      personId,
      kind,
      site: of,
      name,
      badges,
      moderator,
      sessionId,
    } = tokens.verify(accessToken);
    return { kind, site: of, id: personId, name, badges, moderator, sessionId, ipKey: 'address-1' };
  };

  return {
    ...node,
    store,
    clock,
    tokens,
    sso,
    putSite: async (fields) => {
      await directory.putSite({ ...site, ...fields });
      clock.advance(5_000);
    },
    guest: (name = 'Ada') => open({ name }),
    member: (claims) => open({ sso: sso(claims) }),
    otherNode: createNode,
    close: async () => {
      await Promise.all(limiters.map((limiter) => limiter.close()));
      await store.close();
    },
  };
}

/** The code of the error that a promise is rejected with; `ok` where it is not. */
export const codeOf = (promise: Promise<unknown>): Promise<string> =>
  promise.then(
    () => 'ok',
    (error: unknown) => {
      if (error instanceof DomainError) return error.code;
      throw error;
    },
  );

/** A moderator of the site. */
export const aModeratorOf = (person: Person): Actor => ({ ...person, moderator: true });
