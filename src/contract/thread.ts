import { z } from 'zod';
import { ChangedItem, CommentView, ListedComment, Root, Timestamp } from './comment.js';
import { limits } from './limits.js';
import { ModerationMode } from './site.js';

/** A pinned comment and why the moderator pinned it. */
export const Pin = z.strictObject({ id: z.string(), reason: z.string() }).meta({ id: 'Pin' });

/** The head of a thread, as it travels beside every list and frame; the higher `rev` holds. */
export const ThreadHead = z
  .strictObject({
    rev: z.int(),
    count: z.int().describe('Approved comments and replies.'),
    state: z.enum(['open', 'closed']),
    moderation: ModerationMode,
    notice: z.string().nullable(),
    pinned: z.array(Pin),
    closesAt: Timestamp.nullable(),
  })
  .meta({ id: 'ThreadHead' });

/** A thread as `GET A` shows it. */
export const ThreadView = z
  .strictObject({
    site: z.string(),
    article: z.string(),
    title: z.string().nullable(),
    url: z.string().nullable(),
    ...ThreadHead.shape,
  })
  .meta({ id: 'Thread' });

/** Body of an announcement. */
export const Announcement = z
  .strictObject({
    title: z.string().min(1).max(limits.titleChars),
    url: z.url({ protocol: /^https?$/ }).max(limits.urlChars),
  })
  .meta({ id: 'Announcement' });

/** A page of roots, in the order asked for. */
export const CommentPage = z
  .strictObject({
    items: z.array(Root),
    next: z.string().nullable().describe('Cursor of the next page; null at the end.'),
    rev: z.int().describe('Revision of the thread before the rows were read.'),
    thread: ThreadHead,
  })
  .meta({ id: 'CommentPage' });

/** All below one comment, each reply after what it answers. */
export const ReplyPage = z
  .strictObject({
    items: z.array(ListedComment),
    next: z.string().nullable(),
    rev: z.int(),
    thread: ThreadHead,
  })
  .meta({ id: 'ReplyPage' });

/** One comment in its conversation, for a deep link. */
export const CommentContext = z
  .strictObject({
    ancestors: z.array(ListedComment).describe('From the root down.'),
    comment: ListedComment,
    siblings: z.array(ListedComment).describe('Up to two before and two after it.'),
    replies: z.array(ListedComment),
    rev: z.int(),
    thread: ThreadHead,
  })
  .meta({ id: 'CommentContext' });

/** What happened to a thread after `prev`, as everybody may see it at `rev`. */
export const Changes = z
  .strictObject({
    prev: z.int(),
    rev: z.int(),
    thread: ThreadHead,
    items: z.array(ChangedItem),
    more: z.boolean().describe('Read on from `rev`: there is more.'),
  })
  .meta({ id: 'Changes' });

/** The log does not reach back that far: forget the items and load the list again. */
export const Resync = z
  .strictObject({ resync: z.literal(true), rev: z.int() })
  .meta({ id: 'Resync' });

/** All that is personal about a thread; never cached. */
export const Mine = z
  .strictObject({
    votes: z.record(z.string(), z.union([z.literal(-1), z.literal(1)])),
    comments: z.array(CommentView).describe('Own pending and rejected ones, with the reason.'),
    replies: z.array(CommentView).describe('Answers to own comments since `repliesSince`.'),
  })
  .meta({ id: 'Mine' });

/** Counts of approved comments by article id. */
export const Counts = z
  .strictObject({ counts: z.record(z.string(), z.int()) })
  .meta({ id: 'Counts' });

export type Pin = z.infer<typeof Pin>;
export type ThreadHead = z.infer<typeof ThreadHead>;
export type ThreadView = z.infer<typeof ThreadView>;
export type Announcement = z.infer<typeof Announcement>;
export type CommentPage = z.infer<typeof CommentPage>;
export type ReplyPage = z.infer<typeof ReplyPage>;
export type CommentContext = z.infer<typeof CommentContext>;
export type Changes = z.infer<typeof Changes>;
export type Resync = z.infer<typeof Resync>;
export type Mine = z.infer<typeof Mine>;
export type Counts = z.infer<typeof Counts>;
