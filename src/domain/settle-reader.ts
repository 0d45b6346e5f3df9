import type { Comment } from './comment.js';
import type { Act, Draft } from './draft.js';
import { DomainError } from './errors.js';
import type { OperationOf } from './operation.js';
import { changeStatus } from './visibility.js';

/** A vote replaces the one before; the same again changes nothing. */
export function vote(draft: Draft, operation: OperationOf<'vote'>): Act {
  const comment = approved(draft, operation.id);
  if (comment.author?.id === operation.actorId) {
    throw new DomainError('FORBIDDEN', { detail: 'Nobody votes on an own comment.' });
  }
  const before = draft.vote(`${comment.id}:${operation.actorId}`);
  if (before === operation.value) return { id: comment.id };
  const up = comment.up + Number(operation.value === 1) - Number(before === 1);
  const down = comment.down + Number(operation.value === -1) - Number(before === -1);
  draft.put({ ...comment, up, down, score: up - down }, 'counted');
  draft.addVote({
    commentId: comment.id,
    tk: comment.tk,
    actorId: operation.actorId,
    value: operation.value,
  });
  return { id: comment.id };
}

/** A complaint; a second one from the same address counts for nothing. */
export function report(draft: Draft, operation: OperationOf<'report'>): Act {
  const comment = approved(draft, operation.id);
  if (draft.hasReport(`${comment.id}:${operation.ipKey}`)) return { id: comment.id };
  const reports = comment.reports + 1;
  draft.addReport({
    commentId: comment.id,
    tk: comment.tk,
    actorId: operation.actorId,
    ipKey: operation.ipKey,
    at: draft.now,
    reason: operation.reason,
    text: operation.text,
  });
  // Once a moderator has approved it again, it takes as many fresh ones.
  if (operation.hideAt === null || reports % operation.hideAt !== 0) {
    draft.put({ ...comment, reports }, 'desk');
    return { id: comment.id };
  }
  changeStatus(draft, comment, 'pending', {
    reports,
    reasons: [{ rule: 'reports', message: `Reports of readers: ${reports}.` }],
    version: comment.version + 1,
  });
  return { id: comment.id };
}

function approved(draft: Draft, id: string): Comment {
  const comment = draft.comment(id);
  if (comment === null || comment.status !== 'approved') throw new DomainError('NOT_FOUND');
  return comment;
}
