import { auditActor, type Actor } from './actor.js';
import type { Comment } from './comment.js';
import { DomainError, invalidField } from './errors.js';
import type { DecisionAction, OperationOf, Outcome } from './operation.js';
import { demand } from './permissions.js';
import type { Ids, ThreadStore } from './ports.js';
import type { Sites } from './sites.js';
import type { ThreadName } from './thread.js';

/** A moderator's act on one comment. */
export interface Decision {
  readonly action: DecisionAction;
  /** Needed to reject, pin and feature. */
  readonly reason?: string;
  readonly note?: string;
  /** The version that the moderator looked at; a later one is CONFLICT with the row. */
  readonly expectedVersion?: number;
}

/** What moderators do. Every act leaves an audit entry in the same write. */
export interface Moderation {
  decide(
    actor: Actor,
    name: ThreadName,
    id: string,
    decision: Decision,
  ): Promise<{ readonly comment: Comment; readonly decisionId: string }>;
  /** Restores what one decision altered; CONFLICT once something was decided since. */
  undo(actor: Actor, name: ThreadName, decisionId: string): Promise<Comment>;
  /** Closes, opens, slows down or labels one thread. */
  setThread(actor: Actor, name: ThreadName, set: OperationOf<'setting'>['set']): Promise<Outcome>;
}

const needsReason: readonly DecisionAction[] = ['reject', 'pin', 'feature'];

/** The use cases of moderation. */
export function createModeration({
  threads,
  sites,
  ids,
}: {
  readonly threads: ThreadStore;
  readonly sites: Sites;
  readonly ids: Ids;
}): Moderation {
  return {
    decide: async (actor, name, id, decision) => {
      const site = await sites.get(name.site);
      demand(actor, 'moderate', site.id);
      const { action, reason = null, note = null, expectedVersion = null } = decision;
      if (reason === null && needsReason.includes(action)) {
        throw invalidField('reason', `To ${action} needs a reason.`);
      }
      const by = auditActor(actor);
      const entropy = ids.entropy();
      const outcome = await threads.write(name, {
        type: 'decide',
        id,
        action,
        by,
        reason,
        note,
        expectedVersion,
        entropy,
      });
      if (outcome.comment === null || outcome.decisionId === null) {
        throw new DomainError('NOT_FOUND');
      }
      return { comment: outcome.comment, decisionId: outcome.decisionId };
    },

    undo: async (actor, name, decisionId) => {
      const site = await sites.get(name.site);
      demand(actor, 'moderate', site.id);
      const by = auditActor(actor);
      const entropy = ids.entropy();
      const { comment } = await threads.write(name, { type: 'undo', decisionId, by, entropy });
      if (comment === null) throw new DomainError('NOT_FOUND');
      return comment;
    },

    setThread: async (actor, name, set) => {
      const site = await sites.get(name.site);
      demand(actor, 'moderate', site.id);
      const by = auditActor(actor);
      return threads.write(name, { type: 'setting', by, entropy: ids.entropy(), set });
    },
  };
}
