import type { Comment } from './comment.js';
import type { Status } from '../contract/comment.js';
import type { Draft } from './draft.js';

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
  const next: Comment = {
    ...comment,
    ...fields,
    status,
    shown,
    firstRev: comment.firstRev ?? (shown === true ? draft.rev : null),
    pinned: is && comment.pinned,
    featured: is && comment.featured,
  };
  draft.put(next, shown !== null || comment.shown !== null ? 'ids' : 'desk');
  if (was !== is) draft.countApproved(next, is ? 1 : -1);
  if (comment.pinned && !is) unpin(draft, comment.id);
  return next;
}

/** Takes a comment from the pins of the thread's head. */
export function unpin(draft: Draft, id: string): void {
  draft.setHead({ pinned: draft.thread().pinned.filter((pin) => pin.id !== id) });
}
