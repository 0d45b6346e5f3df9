import type { Reason } from '../../contract/comment.js';
import type { ModerationMode } from '../../contract/site.js';
import type { Author } from '../comment.js';
import { DomainError } from '../errors.js';
import type { History } from '../ports.js';
import type { Site } from '../site.js';

/** What is examined: a rendered text, who answers for it, where, and what is known of them. */
export interface Subject {
  readonly source: string;
  readonly html: string;
  readonly text: string;
  readonly author: Author;
  readonly site: Site;
  /** The thread's mode, or the site's. */
  readonly mode: ModerationMode;
  readonly history: History;
}

/** What one check says; holds and refusals name their rule. */
export type Verdict =
  | { readonly kind: 'pass' }
  | { readonly kind: 'hold'; readonly reason: Reason }
  | { readonly kind: 'refuse'; readonly reason: Reason };

/** One rule of screening. Pure. */
export type Check = (subject: Subject) => Verdict;

/** The verdict of a check that has nothing to say. */
export const pass: Verdict = { kind: 'pass' };

/** The verdict that the text waits for a moderator; its author reads `message`. */
export const hold = (rule: string, message: string): Verdict => ({
  kind: 'hold',
  reason: { rule, message },
});

/** The verdict that the text is not taken; its author reads `message`. */
export const refuse = (rule: string, message: string): Verdict => ({
  kind: 'refuse',
  reason: { rule, message },
});

/** Whether the author has as many approved comments as the site asks for. */
export const isKnown = ({ history, site }: Subject): boolean => history.approved >= site.knownAfter;

/** A check that staff and services are spared. */
export const forReaders =
  (check: Check): Check =>
  (subject) =>
    subject.author.kind === 'moderator' || subject.author.kind === 'service'
      ? pass
      : check(subject);

/**
 * Runs checks in order; the first refusal ends it (REFUSED, with its rule), holds add up. Empty:
 * nothing speaks against publishing at once.
 */
export function screen(checks: readonly Check[], subject: Subject): readonly Reason[] {
  const holds: Reason[] = [];
  for (const check of checks) {
    const verdict = check(subject);
    if (verdict.kind === 'refuse') {
      throw new DomainError('REFUSED', {
        detail: verdict.reason.message,
        rule: verdict.reason.rule,
      });
    }
    if (verdict.kind === 'hold') holds.push(verdict.reason);
  }
  return holds;
}
