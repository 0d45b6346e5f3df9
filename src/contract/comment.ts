import { z } from 'zod';
import { limits } from './limits.js';

/** ISO 8601 in UTC with milliseconds, as in `2026-11-23T19:27:00.000Z`. */
export const Timestamp = z.iso.datetime({ precision: 3 }).meta({ id: 'Timestamp' });

/** A comment's state: held, public, hidden, hidden as spam, or emptied. */
export const Status = z
  .enum(['pending', 'approved', 'rejected', 'spam', 'deleted'])
  .meta({ id: 'Status' });

/** Who acts or wrote: a reader with a name only, the publisher's reader, staff, or a program. */
export const AuthorKind = z.enum(['guest', 'member', 'moderator', 'service']);

/** An author as everybody sees one. `id` is an opaque id of ours. */
export const AuthorView = z
  .strictObject({
    id: z.string(),
    name: z.string(),
    kind: AuthorKind,
    badges: z.array(z.string()),
  })
  .meta({ id: 'Author' });

/** Why a comment waits or was hidden: the rule that said so, and its words. */
export const Reason = z
  .strictObject({ rule: z.string(), message: z.string() })
  .meta({ id: 'Reason' });

/** A comment as everybody sees one; its author sees the optional fields too. */
export const CommentView = z
  .strictObject({
    id: z.string(),
    site: z.string(),
    article: z.string(),
    parentId: z.string().nullable(),
    rootId: z.string().describe('The root of its branch; a root names itself.'),
    depth: z.int().min(0).max(limits.depth),
    author: AuthorView,
    html: z.string(),
    status: Status,
    createdAt: Timestamp,
    editedAt: Timestamp.nullable(),
    pinned: z.boolean(),
    featured: z.boolean(),
    score: z.int(),
    up: z.int(),
    down: z.int(),
    replyCount: z.int().describe('Approved comments below it, at any depth.'),
    rev: z.int().describe('Revision of the thread that last touched it.'),
    firstRev: z.int().nullable().describe('Revision in which it first became public.'),
    source: z.string().optional().describe('As typed; its author only.'),
    editableUntil: Timestamp.optional().describe('Its author only.'),
    mine: z.literal(true).optional().describe('Its author only.'),
    reasons: z.array(Reason).optional().describe('Why it waits or was hidden; its author only.'),
  })
  .meta({ id: 'Comment' });

/** What is shown of a comment that is no longer public while approved replies hang on it. */
export const Tombstone = z
  .strictObject({
    id: z.string(),
    parentId: z.string().nullable(),
    rootId: z.string(),
    depth: z.int(),
    createdAt: Timestamp,
    replyCount: z.int(),
    status: z.literal('deleted'),
    rev: z.int(),
  })
  .meta({ id: 'Tombstone' });

/** A comment that is no longer public at all. */
export const Gone = z
  .strictObject({ id: z.string(), rev: z.int(), gone: z.literal(true) })
  .meta({ id: 'Gone' });

/** A comment of which only numbers moved. */
export const Counted = z
  .strictObject({
    id: z.string(),
    rev: z.int(),
    up: z.int(),
    down: z.int(),
    score: z.int(),
    replyCount: z.int(),
  })
  .meta({ id: 'Counted' });

/** A row of a list: a comment or a tombstone. */
export const ListedComment = z.union([CommentView, Tombstone]);

/** One item of a frame or of `changes`: the present public view of one row. */
export const ChangedItem = z.union([CommentView, Tombstone, Gone, Counted]);

/** A root of a page, with its first replies. */
export const Root = z.union([
  CommentView.extend({
    replies: z.strictObject({
      items: z.array(ListedComment),
      next: z.string().nullable(),
      count: z.int(),
    }),
  }).meta({ id: 'RootComment' }),
  Tombstone.extend({
    replies: z.strictObject({
      items: z.array(ListedComment),
      next: z.string().nullable(),
      count: z.int(),
    }),
  }).meta({ id: 'RootTombstone' }),
]);

/** How a page of comments is ordered. */
export const Sort = z.enum(['newest', 'oldest', 'top', 'replies']).meta({ id: 'Sort' });

const sourceField = z.string().min(1).max(limits.sourceChars);

/** How `source` is written: Markdown (a subset), plain text, or HTML. All pass the same gate. */
export const TextFormat = z.enum(['markdown', 'text', 'html']);

/** Body of a new comment. */
export const NewComment = z
  .strictObject({
    source: sourceField,
    format: TextFormat.default('markdown'),
    parentId: z.string().max(64).nullable().optional(),
    author: z
      .strictObject({
        id: z.string().min(1).max(128).optional().describe('Services only: the person’s id there.'),
        name: z.string().min(1).max(200),
      })
      .optional(),
    article: z
      .strictObject({
        title: z.string().min(1).max(limits.titleChars).optional(),
        url: z
          .url({ protocol: /^https?$/ })
          .max(limits.urlChars)
          .optional(),
      })
      .optional(),
  })
  .meta({ id: 'NewComment' });

/** Body of an edit. */
export const EditComment = z
  .strictObject({ source: sourceField, format: TextFormat.default('markdown') })
  .meta({ id: 'EditComment' });

/** Body of a vote: against, none, for. */
export const CastVote = z
  .strictObject({ value: z.union([z.literal(-1), z.literal(0), z.literal(1)]) })
  .meta({ id: 'CastVote' });

/** The numbers after a vote, and the caller's own. */
export const VoteResult = z
  .strictObject({
    score: z.int(),
    up: z.int(),
    down: z.int(),
    mine: z.union([z.literal(-1), z.literal(0), z.literal(1)]),
  })
  .meta({ id: 'VoteResult' });

/** What a reader may complain of. */
export const ReportReason = z.enum([
  'spam',
  'abuse',
  'hate',
  'private',
  'false',
  'illegal',
  'off_topic',
  'duplicate',
  'other',
]);

/** Body of a report. */
export const NewReport = z
  .strictObject({ reason: ReportReason, text: z.string().max(limits.reportChars).optional() })
  .meta({ id: 'NewReport' });

export type Status = z.infer<typeof Status>;
export type AuthorKind = z.infer<typeof AuthorKind>;
export type AuthorView = z.infer<typeof AuthorView>;
export type Reason = z.infer<typeof Reason>;
export type CommentView = z.infer<typeof CommentView>;
export type Tombstone = z.infer<typeof Tombstone>;
export type Gone = z.infer<typeof Gone>;
export type Counted = z.infer<typeof Counted>;
export type ListedComment = z.infer<typeof ListedComment>;
export type ChangedItem = z.infer<typeof ChangedItem>;
export type Root = z.infer<typeof Root>;
export type Sort = z.infer<typeof Sort>;
export type TextFormat = z.infer<typeof TextFormat>;
export type NewComment = z.infer<typeof NewComment>;
export type EditComment = z.infer<typeof EditComment>;
export type CastVote = z.infer<typeof CastVote>;
export type VoteResult = z.infer<typeof VoteResult>;
export type ReportReason = z.infer<typeof ReportReason>;
export type NewReport = z.infer<typeof NewReport>;
