import type { Sort } from '../contract/comment.js';
import type { Scope } from '../contract/site.js';
import type { Comment } from './comment.js';
import type { AuditEntry, EarlierText, Operation, Outcome } from './operation.js';
import type { Rule, Site } from './site.js';
import type { Change, Thread, ThreadName } from './thread.js';

/** The time, in epoch ms. */
export interface Clock {
  now(): number;
}

/** Randomness. */
export interface Ids {
  /** 16 characters of Crockford's base32: the random part of a ULID. */
  entropy(): string;
  /** An unguessable string of 43 characters (32 bytes, base64url). */
  token(): string;
}

/** Which page of roots is asked for. */
export interface PageQuery {
  readonly sort: Sort;
  readonly limit: number;
  /** `next` of the page before; null: from the start. */
  readonly cursor: string | null;
}

/** Which page of all rows below one comment is asked for. */
export interface BranchQuery {
  readonly parentId: string;
  readonly limit: number;
  readonly cursor: string | null;
}

/** A page of roots: the rows and, for each, its first replies, all of one snapshot. */
export interface PageRows {
  /** Null: nothing has happened there yet. */
  readonly thread: Thread | null;
  readonly rows: readonly Comment[];
  /** Cursor of the next page; null at the end. */
  readonly next: string | null;
  /** By root id: the first shown rows below it in reading order, and where to read on. */
  readonly replies: ReadonlyMap<string, { rows: readonly Comment[]; next: string | null }>;
}

/** All shown rows below one comment in order of `path`, a page of them. */
export interface BranchRows {
  readonly thread: Thread | null;
  readonly rows: readonly Comment[];
  readonly next: string | null;
}

/** One comment in its conversation; lists hold shown rows only, `comment` whatever it is. */
export interface ContextRows {
  readonly thread: Thread;
  readonly comment: Comment;
  /** From the root down. */
  readonly ancestors: readonly Comment[];
  /** Up to two before and two after, with the same parent. */
  readonly siblings: readonly Comment[];
  /** The first 20 below it in reading order. */
  readonly replies: readonly Comment[];
}

/** All that is personal about a thread. */
export interface MineRows {
  readonly thread: Thread | null;
  readonly votes: ReadonlyMap<string, -1 | 1>;
  /** Own rows that are not public. */
  readonly held: readonly Comment[];
  /** Answers to own rows. */
  readonly replies: readonly Comment[];
}

/** A piece of a thread's log, with the rows it names as they are now, all of one snapshot. */
export interface LogRows {
  readonly thread: Thread | null;
  /** After `since`, in order; cut between changes where their distinct ids pass the limit. */
  readonly changes: readonly Change[];
  /** The rows that `ids` and `counted` of those changes name, each once. */
  readonly comments: readonly Comment[];
  /** More changes are there. */
  readonly more: boolean;
}

/** What is known of an author and a text before it is screened. */
export interface History {
  /** Approved comments of this author on this site, counted up to 1,000. */
  readonly approved: number;
  /** Comments with this fingerprint by this author within 5 minutes. */
  readonly sameByAuthor: number;
  /** Comments with this fingerprint by anyone on this site within the hour. */
  readonly sameOnSite: number;
}

/**
 * A committed change, told to whoever follows the store. It may come twice, and one may be
 * missed; without `change` it only says that the thread's head moved.
 */
export interface Notice {
  readonly tk: string;
  readonly site: string;
  readonly article: string;
  readonly rev: number;
  readonly change: Change | null;
}

/** Threads and comments: written by operations only. */
export interface ThreadStore {
  /**
   * Settles an operation under the thread's lock; resolves once it is durable. Rejects with the
   * operation's own DomainError, or STORE_UNAVAILABLE, OVERLOADED.
   */
  write(thread: ThreadName, operation: Operation): Promise<Outcome>;
  readThread(tk: string): Promise<Thread | null>;
  /**
   * A page of shown roots. Orders are total: newest first, oldest first, by score, by replies (then newest).
   * `previews`: how many rows below each root come with it. An unreadable cursor: INVALID_INPUT.
   */
  readPage(tk: string, page: PageQuery & { readonly previews: number }): Promise<PageRows>;
  readBranch(tk: string, page: BranchQuery): Promise<BranchRows>;
  readComment(tk: string, id: string): Promise<{ thread: Thread; comment: Comment } | null>;
  readContext(tk: string, id: string): Promise<ContextRows | null>;
  readLog(tk: string, since: number, maxIds: number): Promise<LogRows>;
  findRepeat(tk: string, idem: string): Promise<Comment | null>;
  /** An author's votes, own rows that are not public, and answers since a revision (≤ 100 each). */
  readMine(tk: string, authorId: string, repliesSince: number | null): Promise<MineRows>;
  /** Counts and revisions; threads never seen are absent. */
  readHeads(tks: readonly string[]): Promise<ReadonlyMap<string, { count: number; rev: number }>>;
  readHistory(
    site: string,
    authorId: string,
    fingerprint: string | null,
    now: number,
  ): Promise<History>;
  readEarlierTexts(commentId: string): Promise<readonly EarlierText[]>;
  readAudit(tk: string): Promise<readonly AuditEntry[]>;
  /** Comments with text of a policy below `policy`, in order of id after `after`. */
  readOutdated(policy: number, after: string, limit: number): Promise<readonly Comment[]>;
  /** Follows every commit, of this process or another. Returns how to stop. */
  watch(listener: (notice: Notice) => void): () => void;
}

/** A key of a service, as stored: only its hash. */
export interface ServiceKey {
  readonly id: string;
  readonly site: string;
  readonly name: string;
  /** SHA-256 of the whole key, hex. */
  readonly hash: string;
  readonly scopes: readonly Scope[];
  readonly createdAt: number;
  readonly revokedAt: number | null;
}

/** A person of one site. `subject` is what the publisher or service calls them; null: a guest. */
export interface PersonRow {
  readonly id: string;
  readonly site: string;
  readonly kind: 'guest' | 'member';
  readonly subject: string | null;
  readonly name: string;
  readonly badges: readonly string[];
  readonly moderator: boolean;
  readonly createdAt: number;
}

/** A session that can be renewed; only the hash of its refresh token is kept. */
export interface SessionRow {
  readonly id: string;
  readonly site: string;
  readonly personId: string;
  /** SHA-256 of the refresh token, hex. */
  readonly hash: string;
  readonly expiresAt: number;
}

/** Sites, keys, people and sessions: small rows, written whole. */
export interface DirectoryStore {
  getSite(id: string): Promise<Site | null>;
  listSites(): Promise<readonly Site[]>;
  putSite(site: Site): Promise<void>;
  findKey(hash: string): Promise<ServiceKey | null>;
  listKeys(site: string | null): Promise<readonly ServiceKey[]>;
  putKey(key: ServiceKey): Promise<void>;
  getPerson(site: string, id: string): Promise<PersonRow | null>;
  /** The person that the publisher or service calls `subject`. */
  findPerson(site: string, subject: string): Promise<PersonRow | null>;
  /** The person that the publisher or service calls `subject`, made from `fresh` on first use; name, badges and role follow `fresh`. */
  ensurePerson(fresh: PersonRow): Promise<PersonRow>;
  findSession(hash: string): Promise<SessionRow | null>;
  putSession(session: SessionRow): Promise<void>;
  deleteSession(id: string): Promise<void>;
  /** The secret of a month (`2026-11`) under which addresses are hashed, made by the first who asks. */
  addressSecret(month: string, fresh: string): Promise<string>;
}

/** The store port. Promises are listed in `docs/architecture.md` and tested by one contract suite. */
export interface Store {
  readonly threads: ThreadStore;
  readonly directory: DirectoryStore;
  /** Rejects with STORE_UNAVAILABLE when it does not answer within 2 s. */
  ping(): Promise<void>;
  /** Finishes what is being written, then closes; twice is fine. */
  close(): Promise<void>;
}

/** What a limiter says of one use. */
export interface Allowance {
  readonly allowed: boolean;
  /** Of the tightest rule. */
  readonly limit: number;
  readonly remaining: number;
  /** Seconds until the tightest rule has room again. */
  readonly resetSeconds: number;
  readonly windowSeconds: number;
}

/** Counts uses. All rules of a bucket are counted together; a refused use counts in none. */
export interface Limiter {
  consume(bucket: string, key: string, rules: readonly Rule[]): Promise<Allowance>;
  close(): Promise<void>;
}

/** What an access token says. */
export interface AccessClaims {
  readonly site: string;
  readonly personId: string;
  readonly sessionId: string;
  readonly kind: 'guest' | 'member';
  readonly name: string;
  readonly badges: readonly string[];
  readonly moderator: boolean;
}

/** Access tokens of readers: JWT, HS256, 15 minutes. */
export interface AccessTokens {
  /** `expiresAt` in epoch ms. */
  issue(claims: AccessClaims): { readonly token: string; readonly expiresAt: number };
  /** `expiresAt` in epoch ms, leeway included. Throws UNAUTHENTICATED or TOKEN_EXPIRED. */
  verify(token: string): AccessClaims & { readonly expiresAt: number };
}

/** What a publisher's token says of a reader. */
export interface SsoClaims {
  readonly subject: string;
  readonly name: string;
  readonly badges: readonly string[];
  readonly moderator: boolean;
}

/** Checks a publisher's token against the keys of the site. */
export interface SsoTokens {
  /** Throws UNAUTHENTICATED, always the same. */
  verify(site: Site, token: string): SsoClaims;
}
