import { z } from 'zod';
import { errorCodes } from './errors.js';
import { CommentView } from './comment.js';
import { limits } from './limits.js';
import { ArticleId, SiteId } from './site.js';
import { Changes, ThreadHead } from './thread.js';

const Revision = z.int().min(0);

/** `thread:join`: `since` is the cursor of the reader; without it, from the head. */
export const JoinThread = z
  .strictObject({ site: SiteId, article: ArticleId, since: Revision.optional() })
  .meta({ id: 'JoinThread' });

/** `thread:leave`. */
export const LeaveThread = z
  .strictObject({ site: SiteId, article: ArticleId })
  .meta({ id: 'LeaveThread' });

/** `counts:watch`: replaces what the socket watched before. */
export const WatchCounts = z
  .strictObject({ site: SiteId, articles: z.array(ArticleId).max(limits.countedArticles) })
  .meta({ id: 'WatchCounts' });

/** What a failed message is answered with. */
export const Refusal = z
  .strictObject({ ok: z.literal(false), code: z.enum(errorCodes) })
  .meta({ id: 'Refusal' });

/** Acknowledgement of `thread:join`. */
export const Joined = z.union([
  z
    .strictObject({ ok: z.literal(true), ...Changes.shape, viewers: z.int() })
    .meta({ id: 'Joined' }),
  z
    .strictObject({ ok: z.literal(true), resync: z.literal(true), rev: Revision })
    .meta({ id: 'JoinedResync' }),
  Refusal,
]);

/** Acknowledgement of `thread:leave`. */
export const Left = z.union([
  z.strictObject({ ok: z.literal(true) }).meta({ id: 'Left' }),
  Refusal,
]);

/** Acknowledgement of `counts:watch`. */
export const Watching = z.union([
  z
    .strictObject({ ok: z.literal(true), counts: z.record(z.string(), z.int()) })
    .meta({ id: 'Watching' }),
  Refusal,
]);

/** `thread:changed`: the present view of all that changed in revisions `prev`+1 to `rev`. */
export const ThreadChanged = z
  .strictObject({
    site: SiteId,
    article: ArticleId,
    prev: Revision,
    rev: Revision,
    thread: ThreadHead,
    items: Changes.shape.items,
  })
  .meta({ id: 'ThreadChanged' });

/** `thread:viewers`: from 2 up, at most once in 5 s. */
export const ThreadViewers = z
  .strictObject({ site: SiteId, article: ArticleId, viewers: z.int() })
  .meta({ id: 'ThreadViewers' });

/** `counts:changed`. */
export const CountsChanged = z
  .strictObject({ site: SiteId, counts: z.record(z.string(), z.int()) })
  .meta({ id: 'CountsChanged' });

/** `you:changed`: an own comment that others may not see, with its reasons. */
export const YouChanged = z
  .strictObject({ site: SiteId, article: ArticleId, comments: z.array(CommentView) })
  .meta({ id: 'YouChanged' });

/** `bye`: this node is leaving. */
export const Bye = z.strictObject({ retryInMs: z.int() }).meta({ id: 'Bye' });

/** Events that a client of `/threads` sends, each with its acknowledgement. */
export const clientEvents = {
  'thread:join': { payload: JoinThread, ack: Joined, summary: 'Follow a thread from a revision' },
  'thread:leave': { payload: LeaveThread, ack: Left, summary: 'Stop following a thread' },
  'counts:watch': { payload: WatchCounts, ack: Watching, summary: 'Follow counts of articles' },
} as const;

/** Events that the server of `/threads` sends. */
export const serverEvents = {
  'thread:changed': { payload: ThreadChanged, summary: 'A thread changed' },
  'thread:viewers': { payload: ThreadViewers, summary: 'How many are reading' },
  'counts:changed': { payload: CountsChanged, summary: 'Counts changed' },
  'you:changed': { payload: YouChanged, summary: 'An own comment changed for its author' },
  bye: { payload: Bye, summary: 'This node is leaving' },
} as const;

export type JoinThread = z.infer<typeof JoinThread>;
export type Joined = z.infer<typeof Joined>;
export type Left = z.infer<typeof Left>;
export type Watching = z.infer<typeof Watching>;
export type ThreadChanged = z.infer<typeof ThreadChanged>;
export type ThreadViewers = z.infer<typeof ThreadViewers>;
export type CountsChanged = z.infer<typeof CountsChanged>;
export type YouChanged = z.infer<typeof YouChanged>;
export type Bye = z.infer<typeof Bye>;

/** Socket.IO's typed map of what clients send. */
export type ClientToServerEvents = {
  [E in keyof typeof clientEvents]: (
    payload: z.input<(typeof clientEvents)[E]['payload']>,
    ack?: (answer: z.output<(typeof clientEvents)[E]['ack']>) => void,
  ) => void;
};

/** Socket.IO's typed map of what the server sends. */
export type ServerToClientEvents = {
  [E in keyof typeof serverEvents]: (
    payload: z.output<(typeof serverEvents)[E]['payload']>,
  ) => void;
};
