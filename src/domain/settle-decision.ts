import { Status } from '../contract/comment.js';
import { transition, type Comment } from './comment.js';
import type { Act, Draft } from './draft.js';
import { DomainError } from './errors.js';
import type { AuditActor, DecisionAction, Operation } from './operation.js';
import { eraseText } from './settle-text.js';
import { ulidAt } from './ulid.js';
import { changeStatus, unpin } from './visibility.js';

type Of<T extends Operation['type']> = Extract<Operation, { type: T }>;

/** A moderator's act. A stale version is CONFLICT with the row, an impossible one INVALID_TRANSITION. */
export function decide(draft: Draft, operation: Of<'decide'>): Act {
  const comment = draft.comment(operation.id);
  if (comment === null) throw new DomainError('NOT_FOUND');
  const { expectedVersion } = operation;
  if (expectedVersion !== null && expectedVersion !== comment.version) {
    throw new DomainError('CONFLICT', { current: comment });
  }
  const before = current(draft, comment.id);
  const after = apply(draft, comment, operation);
  const decisionId = ulidAt(draft.now, operation.entropy);
  record(draft, decisionId, operation.by, operation.action, comment.id, before, after, {
    reason: operation.reason,
    note: operation.note,
  });
  return { id: comment.id, decisionId };
}

/** Restores exactly what a decision altered, as long as nothing has been decided since. */
export function undo(draft: Draft, operation: Of<'undo'>): Act {
  const decision = draft.decision(operation.decisionId);
  const comment = draft.comment(decision?.target ?? '');
  if (decision === null || comment === null) throw new DomainError('NOT_FOUND');
  const status = Status.safeParse(decision.before['status']);
  if (decision.action === 'delete' || !status.success) throw new DomainError('INVALID_TRANSITION');
  if (decision.after['version'] !== comment.version) {
    throw new DomainError('CONFLICT', { current: comment });
  }
  const before = current(draft, comment.id);
  const restored = changeStatus(draft, comment, status.data, { version: comment.version + 1 });
  const pinned = decision.before['pinned'] === true;
  const featured = decision.before['featured'] === true;
  if (restored.pinned !== pinned || restored.featured !== featured) {
    draft.put({ ...restored, pinned, featured }, 'ids');
    if (!pinned) unpin(draft, comment.id);
    else pin(draft, comment.id, textOf(decision.before['pinReason']));
  }
  const decisionId = ulidAt(draft.now, operation.entropy);
  record(draft, decisionId, operation.by, 'undo', comment.id, before, current(draft, comment.id), {
    reason: decision.id,
    note: null,
  });
  return { id: comment.id, decisionId };
}

const transitions: Partial<Record<DecisionAction, 'approve' | 'reject' | 'spam' | 'delete'>> = {
  approve: 'approve',
  reject: 'reject',
  spam: 'spam',
  delete: 'delete',
};

function apply(draft: Draft, comment: Comment, operation: Of<'decide'>): State {
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
      reasons: reason === null ? comment.reasons : [{ rule: reason, message: note ?? reason }],
    });
  }
  return current(draft, comment.id);
}

/** Pins and features stand on approved comments only; at most three are pinned. */
function mark(draft: Draft, comment: Comment, action: DecisionAction, reason: string): State {
  if (comment.status !== 'approved') throw impossible(comment, action);
  const pinned = action === 'pin' ? true : action === 'unpin' ? false : comment.pinned;
  const featured = action === 'feature' ? true : action === 'unfeature' ? false : comment.featured;
  if (pinned === comment.pinned && featured === comment.featured) throw impossible(comment, action);
  if (action === 'pin' && draft.thread().pinned.length >= 3) throw impossible(comment, action);
  draft.put({ ...comment, pinned, featured, version: comment.version + 1 }, 'ids');
  if (action === 'pin') pin(draft, comment.id, reason);
  if (action === 'unpin') unpin(draft, comment.id);
  return current(draft, comment.id);
}

function pin(draft: Draft, id: string, reason: string): void {
  draft.setHead({ pinned: [...draft.thread().pinned, { id, reason }] });
}

type State = Readonly<Record<string, unknown>>;

function current(draft: Draft, id: string): State {
  const comment = draft.comment(id);
  if (comment === null) return {};
  const { status, pinned, featured, version } = comment;
  const pinReason = draft.thread().pinned.find((one) => one.id === id)?.reason ?? null;
  return { status, pinned, featured, version, pinReason };
}

const textOf = (value: unknown): string => (typeof value === 'string' ? value : '');

function record(
  draft: Draft,
  id: string,
  by: AuditActor,
  action: string,
  target: string,
  before: State,
  after: State,
  why: { readonly reason: string | null; readonly note: string | null },
): void {
  draft.addAudit({ id, by, action, target, before, after, ...why });
}

const impossible = (comment: Comment, action: string): DomainError =>
  new DomainError('INVALID_TRANSITION', {
    detail: `A comment that is ${comment.status} cannot be changed by ${action}.`,
    current: comment,
  });
