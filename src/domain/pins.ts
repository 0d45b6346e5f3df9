import type { Draft } from './draft.js';
import { DomainError } from './errors.js';

/** Comments that stand above a thread's list at a time. */
const maxPins = 3;

/** Throws INVALID_TRANSITION where no more comments can be pinned. */
export function refuseFullPins(draft: Draft): void {
  if (draft.thread().pinned.length < maxPins) return;
  throw new DomainError('INVALID_TRANSITION', {
    detail: `At most ${maxPins} comments are pinned. Unpin one first.`,
  });
}

/** Puts a comment among the pins of the thread's head, at the end unless `place` says otherwise. */
export function pin(draft: Draft, id: string, reason: string, place = maxPins): void {
  draft.setThread({ pinned: draft.thread().pinned.toSpliced(place, 0, { id, reason }) });
}

/** Takes a comment from the pins of the thread's head. */
export function unpin(draft: Draft, id: string): void {
  draft.setThread({ pinned: draft.thread().pinned.filter((one) => one.id !== id) });
}
