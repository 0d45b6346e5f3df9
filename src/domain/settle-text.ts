import { saltedHash } from './audit.js';
import { transition, type Comment } from './comment.js';
import type { Act, Draft } from './draft.js';
import { DomainError } from './errors.js';
import type { OperationOf } from './operation.js';
import { isClosed } from './thread.js';
import { ulidAt } from './ulid.js';
import { changeStatus } from './visibility.js';

/** The author's edit within the window; screening may hold what was approved. */
export function edit(draft: Draft, operation: OperationOf<'edit'>): Act {
  const comment = draft.comment(operation.id);
  if (comment === null || comment.author?.id !== operation.by.id)
    throw new DomainError('NOT_FOUND');
  if (comment.status !== 'approved' && comment.status !== 'pending') {
    throw new DomainError('INVALID_TRANSITION', {
      // the same for `rejected` and `spam`: its author is not told which
      detail: 'A comment that was rejected cannot be edited.',
    });
  }
  if (isClosed(draft.thread(), draft.now)) throw new DomainError('THREAD_CLOSED');
  if (draft.now > comment.createdAt + operation.windowMs) throw new DomainError('EDIT_WINDOW_OVER');
  const held = operation.reasons.length > 0;
  const status = held ? (transition(comment.status, 'hold') ?? comment.status) : comment.status;
  draft.addEarlier({
    commentId: comment.id,
    tk: comment.tk,
    version: comment.version,
    at: draft.now,
    source: comment.source,
  });
  draft.addAudit({
    id: ulidAt(draft.now, operation.entropy),
    by: operation.by,
    action: 'edit',
    target: comment.id,
    before: { status: comment.status, text: saltedHash(operation.entropy, comment.source) },
    after: { status, text: saltedHash(operation.entropy, operation.text.source) },
    reason: null,
    note: null,
  });
  changeStatus(draft, comment, status, {
    ...operation.text,
    editedAt: draft.now,
    version: comment.version + 1,
    reasons: held ? operation.reasons : comment.reasons,
  });
  return { id: comment.id };
}

/** The author's own deletion: text and author are erased, a tombstone stays while replies hang on it. */
export function remove(draft: Draft, operation: OperationOf<'delete'>): Act {
  const comment = draft.comment(operation.id);
  if (comment === null || comment.author?.id !== operation.by.id)
    throw new DomainError('NOT_FOUND');
  draft.addAudit({
    id: ulidAt(draft.now, operation.entropy),
    by: operation.by,
    action: 'delete',
    target: comment.id,
    before: { status: comment.status },
    after: { status: 'deleted' },
    reason: null,
    note: null,
  });
  eraseText(draft, comment);
  return { id: comment.id };
}

/** Empties a comment for good. */
export function eraseText(draft: Draft, comment: Comment): void {
  changeStatus(draft, comment, 'deleted', {
    author: null,
    source: '',
    html: '',
    text: '',
    reasons: [],
    bodyHash: null,
    fingerprint: null,
    ipKey: null,
    version: comment.version + 1,
  });
  draft.erase(comment.id);
}

/** A text rendered by a newer policy; nothing happens where the text has moved on. */
export function rerender(draft: Draft, operation: OperationOf<'rerender'>): Act {
  const comment = draft.comment(operation.id);
  if (comment === null) throw new DomainError('NOT_FOUND');
  const { source, html, text, policy } = operation;
  if (comment.source === source && comment.status !== 'deleted' && comment.policy < policy) {
    const seen = comment.status === 'approved' && comment.html !== html;
    draft.put({ ...comment, html, text, policy }, seen ? 'ids' : 'desk');
  }
  return { id: comment.id };
}
