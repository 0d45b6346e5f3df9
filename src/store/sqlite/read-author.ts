import type { History, MineRows } from '../../domain/ports.js';
import type { Database } from './driver.js';
import { readThread } from './read-thread.js';
import { toComment } from './rows.js';

/** An author's votes, own rows that are not public and answers to own ones, newest 100 of each. */
export function readMine(
  db: Database,
  tk: string,
  authorId: string,
  repliesSince: number | null,
): MineRows {
  const thread = readThread(db, tk);
  if (thread === null) return { thread, votes: new Map(), held: [], replies: [] };
  const own = [thread.site, authorId, tk, `${tk}~`] as const;
  const voted = db.all(votes, authorId, tk, `${tk}~`);
  return {
    thread,
    votes: new Map(
      voted.map((row) => [row['comment_id'] as string, row['value'] as -1 | 1]), // as written
    ),
    held: db.all(held, ...own).map(toComment),
    replies:
      repliesSince === null ? [] : db.all(replies, ...own, repliesSince, authorId).map(toComment),
  };
}

const votes = `
  select comment_id, value from votes
  where actor_id = ? and comment_id > ? and comment_id < ? and value <> 0
  order by comment_id desc limit 100`;
const held = `
  select * from comments
  where site = ? and author_id = ? and status in ('pending', 'rejected', 'spam') and id > ? and id < ?
  order by id desc limit 100`;
const replies = `
  select reply.* from comments own join comments reply on reply.parent = own.id and reply.shown = 1
  where own.site = ? and own.author_id = ? and own.status in ('approved', 'pending', 'rejected', 'spam')
    and own.id > ? and own.id < ?
    and reply.status = 'approved' and reply.first_rev > ? and reply.author_id is not ?
  order by reply.id desc limit 100`;

/** What is known of an author and a text. Approved comments are counted up to 1,000. */
export function readHistory(
  db: Database,
  site: string,
  authorId: string,
  fingerprint: string | null,
  now: number,
): History {
  const known = db.get(approved, site, authorId);
  const same =
    fingerprint === null
      ? undefined
      : db.get(sameText, now - 300_000, authorId, site, fingerprint, now - 3_600_000);
  return {
    approved: Number(known?.['total']),
    sameByAuthor: Number(same?.['by_author'] ?? 0),
    sameOnSite: Number(same?.['total'] ?? 0),
  };
}

const approved = `
  select count(*) total from (
    select 1 from comments where site = ? and author_id = ? and status = 'approved' limit 1000)`;
const sameText = `
  select count(*) total, sum(created_at >= ? and author_id is ?) by_author
  from comments where site = ? and fingerprint = ? and created_at >= ?`;
