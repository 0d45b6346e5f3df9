import type { CommentView, ListedComment, Root } from '../contract/comment.js';
import { limits } from '../contract/limits.js';
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
import { isPerson, type Actor } from './actor.js';
import { readChanges } from './changes.js';
import type { Comment } from './comment.js';
import { DomainError, invalidField } from './errors.js';
import { demand, demandPerson } from './permissions.js';
import type { BranchQuery, Clock, PageQuery, PageRows, ThreadStore } from './ports.js';
import type { Site } from './site.js';
import type { Sites } from './sites.js';
import { cleanLine, isBlank } from './text/unicode.js';
import { emptyThread, threadKey, type ThreadName } from './thread.js';
import { viewComment, viewHead, viewListed, viewOwn, viewThread } from './views.js';

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
  page(name: ThreadName, page: PageQuery): Promise<CommentPage>;
  /** All below one comment in reading order; NOT_FOUND where it is not shown. */
  branch(name: ThreadName, page: BranchQuery): Promise<ReplyPage>;
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

interface Deps {
  readonly threads: ThreadStore;
  readonly sites: Sites;
  readonly clock: Clock;
}

/** The use cases of reading. Every method throws NOT_FOUND for an unknown site. */
export function createThreads({ threads, sites, clock }: Deps): Threads {
  return {
    view: async (name) => {
      const site = await sites.get(name.site);
      return viewThread((await threads.readThread(threadKey(name))) ?? emptyThread(name), site);
    },

    announce: async (actor, name, article) => {
      const site = await sites.get(name.site);
      demand(actor, 'announce', site.id);
      const title = cleanLine(article.title);
      if (isBlank(title)) throw invalidField('title', 'A title needs a visible character.');
      const { thread, created } = await threads.write(name, {
        type: 'announce',
        title,
        url: new URL(article.url).href,
      });
      return { thread: viewThread(thread, site), created };
    },

    page: async (name, page) => {
      const site = await sites.get(name.site);
      const previews = limits.replyPreview;
      const read = await threads.readPage(threadKey(name), { ...page, previews });
      const thread = viewHead(read.thread ?? emptyThread(name), site);
      const items = read.rows.map((row) => viewRoot(row, read));
      return { items, next: read.next, rev: thread.rev, thread };
    },

    branch: async (name, page) => {
      const site = await sites.get(name.site);
      const read = await threads.readBranch(threadKey(name), page);
      if (read.rows.length === 0) await refuseUnlessShown(threads, name, page.parentId);
      const thread = viewHead(read.thread ?? emptyThread(name), site);
      return { items: read.rows.map(viewListed), next: read.next, rev: thread.rev, thread };
    },

    comment: async (actor, name, id) => {
      const site = await sites.get(name.site);
      const read = await threads.readComment(threadKey(name), id);
      if (read === null) throw new DomainError('NOT_FOUND');
      return viewFor(actor, read.comment, site);
    },

    context: async (name, id) => {
      const site = await sites.get(name.site);
      const read = await threads.readContext(threadKey(name), id);
      if (read === null || read.comment.shown !== true) throw new DomainError('NOT_FOUND');
      const thread = viewHead(read.thread, site);
      return {
        ancestors: read.ancestors.map(viewListed),
        comment: viewListed(read.comment),
        siblings: read.siblings.map(viewListed),
        replies: read.replies.map(viewListed),
        rev: thread.rev,
        thread,
      };
    },

    mine: async (actor, name, repliesSince) => {
      const site = await sites.get(name.site);
      const { id } = demandPerson(actor, 'readMine', site.id);
      const read = await threads.readMine(threadKey(name), id, repliesSince);
      return {
        votes: Object.fromEntries(read.votes),
        comments: read.held.flatMap((row) => ownComment(row, site)),
        replies: read.replies.map(viewComment),
      };
    },

    changes: async (name, since, limit) => {
      const site = await sites.get(name.site);
      return readChanges({ threads, clock }, site, name, since, limit);
    },

    counts: async (site, articles) => {
      await sites.get(site);
      const keys = articles.map((article) => threadKey({ site, article }));
      const heads = await threads.readHeads(keys);
      return {
        counts: Object.fromEntries(
          articles.map((article, i) => [article, heads.get(keys[i] ?? '')?.count ?? 0]),
        ),
      };
    },

    revision: async (name) => {
      const tk = threadKey(name);
      return (await threads.readHeads([tk])).get(tk)?.rev ?? 0;
    },
  };
}

async function refuseUnlessShown(threads: ThreadStore, name: ThreadName, id: string) {
  const read = await threads.readComment(threadKey(name), id);
  if (read?.comment.shown !== true) throw new DomainError('NOT_FOUND');
}

function viewRoot(row: Comment, read: PageRows): Root {
  const below = read.replies.get(row.id);
  const replies = {
    items: (below?.rows ?? []).map(viewListed),
    next: below?.next ?? null,
    count: row.replies,
  };
  return { ...viewListed(row), replies };
}

/** One comment for one viewer; NOT_FOUND where it is not public and not the viewer's own. */
function viewFor(actor: Actor, comment: Comment, site: Site): ListedComment {
  const own = isPerson(actor) && actor.site === site.id && comment.author?.id === actor.id;
  if (own) return viewOwn(comment, site);
  if (comment.shown !== true) throw new DomainError('NOT_FOUND');
  return viewListed(comment);
}

function ownComment(row: Comment, site: Site): CommentView[] {
  const view = viewOwn(row, site);
  return 'html' in view ? [view] : [];
}
