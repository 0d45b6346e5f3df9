import { Reason, Status } from '../contract/comment.js';
import type { Act, Draft } from './draft.js';
import { DomainError } from './errors.js';
import type { AuditEntry, OperationOf } from './operation.js';
import { pin, refuseFullPins } from './pins.js';
import { ulidAt } from './ulid.js';
import { changeStatus } from './visibility.js';

/** How long a decision can be undone. */
const undoWithinMs = 24 * 3_600_000;

/** Restores exactly what a decision altered, within 24 h, as long as nothing has been decided since. */
export function undo(draft: Draft, operation: OperationOf<'undo'>): Act {
  const decision = draft.decision(operation.decisionId);
  const comment = draft.comment(decision?.target ?? '');
  if (decision === null || comment === null) throw new DomainError('NOT_FOUND');
  const earlier = readState(decision);
  if (earlier === null) throw notUndone(`What was done by ${decision.action} cannot be undone.`);
  if (draft.now > decision.at + undoWithinMs) {
    throw notUndone('A decision can be undone for 24 hours.');
  }
  if (decision.after['version'] !== comment.version) {
    throw new DomainError('CONFLICT', { current: comment });
  }
  const pinsAgain = earlier.pinned && !comment.pinned;
  if (pinsAgain) refuseFullPins(draft);
  const before = stateOf(draft, comment.id);
  const { status, reasons, pinned, featured } = earlier;
  const version = comment.version + 1;
  changeStatus(draft, comment, status, { reasons, pinned, featured, version });
  if (pinsAgain) pin(draft, comment.id, earlier.pinReason, earlier.pinPlace);
  const id = ulidAt(draft.now, operation.entropy);
  draft.addAudit({
    id,
    by: operation.by,
    action: 'undo',
    target: comment.id,
    before,
    after: stateOf(draft, comment.id),
    reason: decision.id,
    note: null,
  });
  return { id: comment.id, decisionId: id };
}

/** All of a comment that a decision may alter, as its audit entry keeps it. */
export function stateOf(draft: Draft, id: string): AuditEntry['before'] {
  const comment = draft.comment(id);
  if (comment === null) return {};
  const { status, reasons, pinned, featured, version } = comment;
  const pins = draft.thread().pinned;
  const place = pins.findIndex((one) => one.id === id);
  const pinReason = pins[place]?.reason ?? null;
  return { status, reasons, pinned, featured, version, pinReason, pinPlace: place };
}

/** What {@link stateOf} said before a decision; null for acts that cannot be undone. */
function readState({ action, before }: AuditEntry) {
  const status = Status.safeParse(before['status']);
  const reasons = Reason.array().safeParse(before['reasons']);
  if (action === 'delete' || !status.success || !reasons.success) return null;
  const { pinReason, pinPlace } = before;
  return {
    status: status.data,
    reasons: reasons.data,
    pinned: before['pinned'] === true,
    featured: before['featured'] === true,
    pinReason: typeof pinReason === 'string' ? pinReason : '',
    pinPlace: typeof pinPlace === 'number' ? pinPlace : undefined,
  };
}

const notUndone = (detail: string): DomainError =>
  new DomainError('INVALID_TRANSITION', { detail });
