import type { ListedComment, Sort } from '../contract/comment.js';
import type {
  Announcement,
  Changes,
  CommentContext,
  CommentPage,
  Counts,
  Mine,
  ReplyPage,
  Resync,
  ThreadView,
} from '../contract/thread.js';
import type { Actor } from './actor.js';
import type { ThreadName } from './thread.js';

/** Reading threads, and announcing articles. All but `mine` and `comment` give the public view. */
export interface Threads {
  /** An article never seen is an empty open thread. */
  view(name: ThreadName): Promise<ThreadView>;
  /** Needs a service with scope `write`. */
  announce(
    actor: Actor,
    name: ThreadName,
    article: Announcement,
  ): Promise<{ readonly thread: ThreadView; readonly created: boolean }>;
  page(
    name: ThreadName,
    page: { readonly sort: Sort; readonly limit: number; readonly cursor: string | null },
  ): Promise<CommentPage>;
  /** All below one comment in reading order; NOT_FOUND where it is not shown. */
  branch(
    name: ThreadName,
    page: { readonly parentId: string; readonly limit: number; readonly cursor: string | null },
  ): Promise<ReplyPage>;
  /** The author also gets an own comment that is not public. */
  comment(actor: Actor, name: ThreadName, id: string): Promise<ListedComment>;
  context(name: ThreadName, id: string): Promise<CommentContext>;
  mine(actor: Actor, name: ThreadName, repliesSince: number | null): Promise<Mine>;
  /** The one way to read on: frames, catch-up, `GET …/changes` and long-poll are this call. */
  changes(name: ThreadName, since: number, limit: number): Promise<Changes | Resync>;
  /** Articles never seen count 0. */
  counts(site: string, articles: readonly string[]): Promise<Counts>;
  /** The present revision; 0 for an article never seen. */
  revision(name: ThreadName): Promise<number>;
}
