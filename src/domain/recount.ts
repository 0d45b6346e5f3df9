import { ancestorIds, type Comment } from './comment.js';

/** What stands beside a thread's comments and should agree with their numbers, by comment id. */
export interface Tallies {
  readonly votes: ReadonlyMap<string, { readonly up: number; readonly down: number }>;
  readonly reports: ReadonlyMap<string, number>;
}

/** What a recount comes to. */
export interface Recount {
  /** Approved comments and replies of the thread. */
  readonly count: number;
  /** Rows whose numbers were wrong, as they should be; `rev` is left as it was. */
  readonly corrected: readonly Comment[];
}

/** Counts a whole thread afresh. O(comments × depth). Votes of a deleted comment are gone, so its numbers stand. */
export function recount(comments: readonly Comment[], tallies: Tallies): Recount {
  const replies = new Map<string, number>();
  let count = 0;
  for (const comment of comments) {
    if (comment.status !== 'approved') continue;
    count += 1;
    for (const id of ancestorIds(comment)) replies.set(id, (replies.get(id) ?? 0) + 1);
  }
  const corrected = comments.flatMap((comment) => {
    const right = correct(comment, replies.get(comment.id) ?? 0, tallies);
    return agrees(comment, right) ? [] : [right];
  });
  return { count, corrected };
}

const checked = ['replies', 'shown', 'up', 'down', 'score', 'reports'] as const;

const agrees = (a: Comment, b: Comment): boolean => checked.every((key) => a[key] === b[key]);

function correct(comment: Comment, replies: number, tallies: Tallies): Comment {
  const erased = comment.status === 'deleted';
  const counted = tallies.votes.get(comment.id) ?? { up: 0, down: 0 };
  const { up, down } = erased ? comment : counted;
  const visible = comment.status === 'approved' || replies > 0;
  return {
    ...comment,
    replies,
    shown: visible ? true : comment.shown === null ? null : false,
    up,
    down,
    score: up - down,
    reports: tallies.reports.get(comment.id) ?? 0,
  };
}
