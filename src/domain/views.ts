import type {
  AuthorView,
  ChangedItem,
  CommentView,
  ListedComment,
  Tombstone,
} from '../contract/comment.js';
import type { ThreadHead, ThreadView } from '../contract/thread.js';
import type { Comment } from './comment.js';
import type { Site } from './site.js';
import type { Thread } from './thread.js';

/** Epoch ms as the contract writes times. */
export const toTimestamp = (ms: number): string => new Date(ms).toISOString();

/** The head of a thread, for everybody. */
export const viewHead = (thread: Thread, site: Site): ThreadHead => ({
  rev: thread.rev,
  count: thread.count,
  state: thread.state,
  moderation: thread.moderation ?? site.moderation,
  notice: thread.notice,
  pinned: thread.pinned.map(({ id, reason }) => ({ id, reason })),
  closesAt: thread.closesAt === null ? null : toTimestamp(thread.closesAt),
});

/** A thread, for everybody. */
export const viewThread = (thread: Thread, site: Site): ThreadView => ({
  site: thread.site,
  article: thread.article,
  title: thread.title,
  url: thread.url,
  ...viewHead(thread, site),
});

/** A shown row in a list, for everybody: a comment while approved, else a tombstone. */
export const viewListed = (comment: Comment): ListedComment =>
  comment.status === 'approved' ? viewComment(comment) : viewTombstone(comment);

/** How a changed row looks to everybody: null where it never was public. */
export function viewChanged(comment: Comment, countedOnly: boolean): ChangedItem | null {
  if (comment.shown === null) return null;
  const { id, rev, up, down, score, replies } = comment;
  if (!comment.shown) return { id, rev, gone: true };
  if (countedOnly && comment.status === 'approved')
    return { id, rev, up, down, score, replyCount: replies };
  return viewListed(comment);
}

/** A comment for its author, whatever its status: with source, edit window and reasons. */
export function viewOwn(comment: Comment, site: Site): CommentView | Tombstone {
  if (comment.status === 'deleted') return viewTombstone(comment);
  const editable = comment.status === 'approved' || comment.status === 'pending';
  return {
    ...viewComment(comment),
    status: comment.status === 'spam' ? 'rejected' : comment.status,
    source: comment.source,
    mine: true,
    ...(editable && {
      editableUntil: toTimestamp(comment.createdAt + site.editWindowSeconds * 1_000),
    }),
    ...(comment.status !== 'approved' &&
      comment.reasons.length > 0 && {
        reasons: comment.reasons.map(({ rule, message }) => ({ rule, message })),
      }),
  };
}

/** A comment that is not deleted, as everybody sees an approved one. */
export const viewComment = (comment: Comment): CommentView => ({
  id: comment.id,
  site: comment.site,
  article: comment.article,
  parentId: comment.parentId,
  rootId: comment.rootId,
  depth: comment.depth,
  author: viewAuthor(comment),
  html: comment.html,
  status: comment.status,
  createdAt: toTimestamp(comment.createdAt),
  editedAt: comment.editedAt === null ? null : toTimestamp(comment.editedAt),
  pinned: comment.pinned,
  featured: comment.featured,
  score: comment.score,
  up: comment.up,
  down: comment.down,
  replyCount: comment.replies,
  rev: comment.rev,
  firstRev: comment.firstRev,
});

const viewTombstone = (comment: Comment): Tombstone => ({
  id: comment.id,
  parentId: comment.parentId,
  rootId: comment.rootId,
  depth: comment.depth,
  createdAt: toTimestamp(comment.createdAt),
  replyCount: comment.replies,
  status: 'deleted',
  rev: comment.rev,
});

function viewAuthor({ author }: Comment): AuthorView {
  if (author === null) return { id: '', name: '', kind: 'guest', badges: [] };
  const { id, name, kind, badges } = author;
  return { id, name, kind, badges: [...badges] };
}
