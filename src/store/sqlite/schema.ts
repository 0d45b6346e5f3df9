import { DomainError } from '../../domain/errors.js';
import type { Database } from './driver.js';

/**
 * Steps from an empty file to today's schema, each one transaction; only ever added to. A row of
 * `comments` is found by its place: partial indexes hold what readers see, so that a page costs the
 * same in a thread of ten and of a hundred thousand.
 */
export const migrations: readonly string[] = [
  `
  create table threads (
    tk text primary key, site text not null, article text not null, title text, url text,
    rev integer not null, head_rev integer not null, at integer not null, count integer not null,
    state text not null, moderation text, notice text, pinned text not null, closes_at integer,
    slow_mode_seconds integer not null, audit_head text not null, last_ulid text not null
  ) strict, without rowid;

  create table comments (
    id text not null unique, tk text not null references threads(tk), site text not null,
    article text not null, rev integer not null, first_rev integer, parent text, root text not null,
    path text not null, depth integer not null, author_id text, author_name text, author_kind text,
    author_badges text, source text not null, html text not null, text text not null,
    policy integer not null, status text not null, shown integer, pinned integer not null,
    featured integer not null, reasons text not null, created_at integer not null, edited_at integer,
    up integer not null, down integer not null, score integer not null, replies integer not null,
    reports integer not null, idem text, body_hash text, ip_key text, fingerprint text,
    version integer not null
  ) strict;
  create unique index comments_idem on comments(tk, idem) where idem is not null;
  create index comments_roots on comments(id) where parent is null and shown = 1;
  create index comments_top on comments(tk, score, id) where parent is null and shown = 1;
  create index comments_replies on comments(tk, replies, id) where parent is null and shown = 1;
  create index comments_path on comments(tk, path) where parent is not null and shown = 1;
  create index comments_parent on comments(parent, id) where parent is not null and shown = 1;
  create index comments_author on comments(site, author_id, status, id) where author_id is not null;
  create index comments_fingerprint on comments(site, fingerprint, created_at)
    where fingerprint is not null;

  create table changes (
    seq integer primary key, tk text not null references threads(tk), rev integer not null,
    at integer not null, head integer not null, ids text not null, counted text not null,
    desk text not null
  ) strict;
  create unique index changes_rev on changes(tk, rev);

  create table votes (
    comment_id text not null references comments(id), actor_id text not null, value integer not null,
    primary key (comment_id, actor_id)
  ) strict, without rowid;
  create index votes_actor on votes(actor_id, comment_id);

  create table reports (
    comment_id text not null references comments(id), ip_key text not null, actor_id text not null,
    at integer not null, reason text not null, text text not null,
    primary key (comment_id, ip_key)
  ) strict, without rowid;

  create table earlier_texts (
    comment_id text not null references comments(id), version integer not null,
    at integer not null, source text not null, html text not null,
    primary key (comment_id, version)
  ) strict, without rowid;

  create table audit (
    seq integer primary key, id text not null unique, site text not null,
    tk text not null references threads(tk), rev integer not null, at integer not null,
    by_id text not null, by_name text not null, by_kind text not null, action text not null,
    target text, before text not null, after text not null, reason text, note text,
    prev text not null, hash text not null
  ) strict;
  create index audit_thread on audit(tk, seq);

  create table sites (id text primary key, settings text not null) strict, without rowid;
  create table keys (
    id text primary key, site text not null, name text not null, hash text not null unique,
    scopes text not null, created_at integer not null, revoked_at integer
  ) strict, without rowid;
  create table people (
    id text primary key, site text not null, kind text not null, subject text, name text not null,
    badges text not null, moderator integer not null, created_at integer not null
  ) strict, without rowid;
  create unique index people_subject on people(site, subject) where subject is not null;
  create table sessions (
    id text primary key, site text not null, person_id text not null, hash text not null unique,
    expires_at integer not null
  ) strict, without rowid;
  create index sessions_expiry on sessions(expires_at);
  create table address_secrets (month text primary key, secret text not null) strict, without rowid;
  `,
  `
  create index comments_address on comments(created_at) where ip_key is not null;
  create index reports_address on reports(at) where substr(ip_key, 1, 5) <> 'gone:';
  `,
  `
  alter table earlier_texts drop column html;
  `,
];

/**
 * Brings the file to today's schema; a step that is cut off is simply done again.
 * Throws where the file is newer than this program.
 */
export function migrate(db: Database, steps: readonly string[] = migrations): void {
  refuseNewer(schemaVersion(db), steps.length);
  while (schemaVersion(db) < steps.length) {
    db.exec('begin immediate');
    try {
      // read once more under the lock: another process may have been faster
      const version = schemaVersion(db);
      const step = steps[version];
      if (step !== undefined) db.exec(`${step}; pragma user_version = ${version + 1}`);
      db.exec('commit');
    } catch (error) {
      db.exec('rollback');
      throw error;
    }
  }
}

/** Number of steps that the file has seen; 0: an empty file. */
export const schemaVersion = (db: Database): number =>
  Number(db.get('pragma user_version')?.['user_version']);

function refuseNewer(found: number, known: number): void {
  if (found <= known) return;
  throw new DomainError('STORE_UNAVAILABLE', {
    detail:
      `The database has schema ${found}, this version of Sayso knows ${known}. ` +
      'Start the newer version, or restore a backup made by this one.',
  });
}
