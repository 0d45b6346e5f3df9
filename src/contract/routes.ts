import { z } from 'zod';
import {
  CastVote,
  CommentView,
  EditComment,
  ListedComment,
  NewComment,
  NewReport,
  Sort,
  TextFormat,
  Tombstone,
  VoteResult,
} from './comment.js';
import { limits } from './limits.js';
import { route } from './route.js';
import { OpenSession, Session } from './session.js';
import { ArticleId, SiteId } from './site.js';
import {
  Announcement,
  Changes,
  CommentContext,
  CommentPage,
  Counts,
  Mine,
  ReplyPage,
  Resync,
  ThreadView,
} from './thread.js';

const site = '/api/v1/sites/:site';
const thread = `${site}/articles/:article`;
const comment = `${thread}/comments/:id`;

const OfSite = z.strictObject({ site: SiteId });
const OfThread = z.strictObject({ site: SiteId, article: ArticleId });
const OfComment = z.strictObject({
  site: SiteId,
  article: ArticleId,
  id: z.string().regex(/^[0-9A-Za-z]{42}$/, 'An id of a comment has 42 letters and digits.'),
});

/** A whole number in a query string. */
const count = (min: number, max: number) =>
  z
    .string()
    .regex(/^\d{1,15}$/, 'A whole number.')
    .transform(Number)
    .pipe(z.int().min(min).max(max));

const ListQuery = z.strictObject({
  sort: Sort.default('newest'),
  limit: count(1, limits.pageItems).default(limits.pageItemsDefault),
  cursor: z.string().max(400).optional(),
  parent: z.string().max(64).optional().describe('All below this comment, in reading order.'),
});

const ChangesQuery = z.strictObject({
  since: count(0, Number.MAX_SAFE_INTEGER),
  limit: z
    .string()
    .regex(/^\d{1,9}$/, 'A whole number.')
    .transform((text) => Math.min(Number(text), limits.pageItems))
    .pipe(z.int().min(1))
    .default(limits.pageItems)
    .describe('Above 100 means 100.'),
  wait: count(0, limits.waitSeconds).default(0).describe('Seconds to wait for something public.'),
});

/** The list is percent-decoded item by item, so that an id may hold a comma. */
const decodeItem = (item: string, context: z.RefinementCtx): string => {
  try {
    return decodeURIComponent(item);
  } catch {
    context.addIssue({ code: 'custom', message: 'Not well-formed percent-encoding.' });
    return z.NEVER;
  }
};

const CountsQuery = z.strictObject({
  articles: z
    .string()
    .min(1)
    .max(limits.countedArticles * (limits.articleChars + 1) * 3)
    .transform((list) => list.split(','))
    .pipe(z.array(z.string().transform(decodeItem).pipe(ArticleId)).max(limits.countedArticles))
    .describe('Article ids, each percent-encoded, joined by commas.'),
});

/** Every call of the REST API that readers, authors and services use. */
export const routes = {
  openSession: route({
    method: 'POST',
    path: `${site}/session`,
    summary: 'Open or renew a session',
    access: 'anyone',
    params: OfSite,
    body: OpenSession,
    reply: Session,
    status: 201,
    cache: 'never',
    errors: ['UNAUTHENTICATED', 'GUESTS_NOT_WELCOME'],
  }),
  closeSession: route({
    method: 'DELETE',
    path: `${site}/session`,
    summary: 'End the session: its refresh token is void',
    access: 'reader',
    params: OfSite,
    status: 204,
    cache: 'never',
    errors: [],
  }),
  getThread: route({
    method: 'GET',
    path: thread,
    summary: 'The thread of an article; one never seen is an empty open thread',
    access: 'anyone',
    params: OfThread,
    reply: ThreadView,
    status: 200,
    cache: 'shared',
    errors: [],
  }),
  announceThread: route({
    method: 'PUT',
    path: thread,
    summary: 'Announce an article with its title and address',
    access: 'write',
    params: OfThread,
    body: Announcement,
    reply: ThreadView,
    status: 200,
    statuses: [200, 201],
    cache: 'never',
    errors: [],
  }),
  getMine: route({
    method: 'GET',
    path: `${thread}/mine`,
    summary: 'All that is personal about a thread: votes, own held comments, replies',
    access: 'reader',
    params: OfThread,
    query: z.strictObject({ repliesSince: count(0, Number.MAX_SAFE_INTEGER).optional() }),
    reply: Mine,
    status: 200,
    cache: 'never',
    errors: [],
  }),
  listComments: route({
    method: 'GET',
    path: `${thread}/comments`,
    summary: 'A page of comments, or all below one',
    access: 'anyone',
    params: OfThread,
    query: ListQuery,
    reply: z.union([CommentPage, ReplyPage]),
    status: 200,
    cache: 'shared',
    errors: [],
  }),
  postComment: route({
    method: 'POST',
    path: `${thread}/comments`,
    summary: 'Post a comment or a reply',
    access: 'anyone',
    params: OfThread,
    body: NewComment,
    reply: z.union([
      CommentView.extend({ session: Session.optional() }).meta({ id: 'PostedComment' }),
      Tombstone,
    ]),
    status: 201,
    cache: 'never',
    idempotent: true,
    errors: [
      'BANNED',
      'GUESTS_NOT_WELCOME',
      'NOT_ANNOUNCED',
      'THREAD_CLOSED',
      'PARENT_GONE',
      'IDEMPOTENCY_MISMATCH',
      'MALFORMED_TEXT',
      'REFUSED',
    ],
  }),
  getComment: route({
    method: 'GET',
    path: comment,
    summary: 'One comment',
    access: 'anyone',
    params: OfComment,
    reply: ListedComment,
    status: 200,
    cache: 'shared',
    errors: [],
  }),
  getContext: route({
    method: 'GET',
    path: `${comment}/context`,
    summary: 'One comment in its conversation',
    access: 'anyone',
    params: OfComment,
    reply: CommentContext,
    status: 200,
    cache: 'shared',
    errors: [],
  }),
  editComment: route({
    method: 'PATCH',
    path: comment,
    summary: 'Edit an own comment within the edit window',
    access: 'person',
    params: OfComment,
    body: EditComment,
    reply: CommentView,
    status: 200,
    cache: 'never',
    errors: [
      'EDIT_WINDOW_OVER',
      'THREAD_CLOSED',
      'INVALID_TRANSITION',
      'MALFORMED_TEXT',
      'REFUSED',
    ],
  }),
  deleteComment: route({
    method: 'DELETE',
    path: comment,
    summary: 'Delete an own comment: text and author are erased',
    access: 'person',
    params: OfComment,
    status: 204,
    cache: 'never',
    errors: [],
  }),
  castVote: route({
    method: 'PUT',
    path: `${comment}/vote`,
    summary: 'Vote on a comment',
    access: 'reader',
    params: OfComment,
    body: CastVote,
    reply: VoteResult,
    status: 200,
    cache: 'never',
    errors: [],
  }),
  reportComment: route({
    method: 'POST',
    path: `${comment}/reports`,
    summary: 'Report a comment to the moderators',
    access: 'reader',
    params: OfComment,
    body: NewReport,
    status: 202,
    cache: 'never',
    errors: [],
  }),
  getChanges: route({
    method: 'GET',
    path: `${thread}/changes`,
    summary: 'What happened after a revision; with `wait`, held until something public does',
    access: 'anyone',
    params: OfThread,
    query: ChangesQuery,
    reply: z.union([Changes, Resync]),
    status: 200,
    cache: 'never',
    errors: [],
  }),
  getCounts: route({
    method: 'GET',
    path: `${site}/counts`,
    summary: 'Counts of many articles',
    access: 'anyone',
    params: OfSite,
    query: CountsQuery,
    reply: Counts,
    status: 200,
    cache: 'shared',
    errors: [],
  }),
  previewText: route({
    method: 'POST',
    path: `${site}/preview`,
    summary: 'Render a text as it would be published',
    access: 'person',
    params: OfSite,
    body: z
      .strictObject({
        source: z.string().min(1).max(limits.sourceChars),
        format: TextFormat.default('markdown'),
      })
      .meta({ id: 'PreviewText' }),
    reply: z.strictObject({ html: z.string() }).meta({ id: 'Preview' }),
    status: 200,
    cache: 'never',
    errors: ['MALFORMED_TEXT'],
  }),
} as const;

/** The name of a call, the same on both sides of the wire. */
export type RouteName = keyof typeof routes;
