import type { Comment } from './comment.js';
import type { Status } from '../contract/comment.js';
import type { Draft } from './draft.js';
import { unpin } from './pins.js';

/**
 * Gives a comment its next status, with all that follows: what is shown, first revision, pins,
 * the thread's count and the numbers of all above it. `fields` are altered in the same step.
 */
export function changeStatus(
  draft: Draft,
  comment: Comment,
  status: Status,
  fields: Partial<Comment> = {},
): Comment {
  const was = comment.status === 'approved';
  const is = status === 'approved';
  const shown = is || comment.replies > 0 ? true : comment.shown === null ? null : false;
  const merged = { ...comment, ...fields };
  const next: Comment = {
    ...merged,
    status,
    shown,
    firstRev: comment.firstRev ?? (shown === true ? draft.rev : null),
    pinned: is && merged.pinned,
    featured: is && merged.featured,
  };
  draft.put(next, was || is || shown !== comment.shown ? 'ids' : 'desk');
  if (was !== is) draft.countApproved(next, is ? 1 : -1);
  if (comment.pinned && !next.pinned) unpin(draft, comment.id);
  return next;
}
