import type { Reason, Status } from '../contract/comment.js';
import { transition, type Comment, type Transition } from './comment.js';
import type { Act, Draft } from './draft.js';
import { DomainError } from './errors.js';
import type { DecisionAction, OperationOf } from './operation.js';
import { pin, refuseFullPins } from './pins.js';
import { eraseText } from './settle-text.js';
import { stateOf } from './settle-undo.js';
import { ulidAt } from './ulid.js';
import { changeStatus } from './visibility.js';

/** A moderator's act. A stale version is CONFLICT with the row, an impossible one INVALID_TRANSITION. */
export function decide(draft: Draft, operation: OperationOf<'decide'>): Act {
  const comment = draft.comment(operation.id);
  if (comment === null) throw new DomainError('NOT_FOUND');
  const { expectedVersion } = operation;
  if (expectedVersion !== null && expectedVersion !== comment.version) {
    throw new DomainError('CONFLICT', { current: comment });
  }
  const before = stateOf(draft, comment.id);
  apply(draft, comment, operation);
  const { by, action, reason, note } = operation;
  const id = ulidAt(draft.now, operation.entropy);
  const after = stateOf(draft, comment.id);
  draft.addAudit({ id, by, action, target: comment.id, before, after, reason, note });
  return { id: comment.id, decisionId: id };
}

const transitions: Partial<Record<DecisionAction, Transition>> = {
  approve: 'approve',
  reject: 'reject',
  spam: 'spam',
  delete: 'delete',
};

function apply(draft: Draft, comment: Comment, operation: OperationOf<'decide'>): void {
  const { action, reason, note } = operation;
  const step = transitions[action];
  if (step === undefined) return mark(draft, comment, action, note ?? reason ?? '');
  const status = transition(comment.status, step);
  if (status === null) throw impossible(comment, action);
  if (status === 'deleted') {
    eraseText(draft, comment);
  } else {
    changeStatus(draft, comment, status, {
      version: comment.version + 1,
      reasons: reasonsOf(status, comment, operation),
    });
  }
}

/** A moderator's own reason stands above those of screening; what is approved needs none. */
function reasonsOf(
  status: Status,
  comment: Comment,
  { reason, note }: OperationOf<'decide'>,
): readonly Reason[] {
  if (status === 'approved') return [];
  return reason === null ? comment.reasons : [{ rule: reason, message: note ?? reason }];
}

/** Pins and features stand on approved comments only. */
function mark(draft: Draft, comment: Comment, action: DecisionAction, reason: string): void {
  if (comment.status !== 'approved') throw impossible(comment, action);
  const pinned = action === 'pin' ? true : action === 'unpin' ? false : comment.pinned;
  const featured = action === 'feature' ? true : action === 'unfeature' ? false : comment.featured;
  if (pinned === comment.pinned && featured === comment.featured) throw impossible(comment, action);
  if (action === 'pin') refuseFullPins(draft);
  const version = comment.version + 1;
  changeStatus(draft, comment, comment.status, { pinned, featured, version });
  if (action === 'pin') pin(draft, comment.id, reason);
}

const impossible = (comment: Comment, action: string): DomainError =>
  new DomainError('INVALID_TRANSITION', {
    detail: `A comment that is ${comment.status} cannot be changed by ${action}.`,
    current: comment,
  });
