import type { Act, Draft } from './draft.js';
import type { OperationOf } from './operation.js';
import { ulidAt } from './ulid.js';

/** The publisher names an article; the same again changes nothing. */
export function announce(draft: Draft, operation: OperationOf<'announce'>): Act {
  const { title, url } = operation;
  const thread = draft.thread();
  if (thread.title !== title || thread.url !== url || thread.rev === 0) {
    draft.setThread({ title, url });
  }
  return { id: null };
}

/** A moderator changes how a thread works; the same again changes nothing. */
export function setThread(draft: Draft, operation: OperationOf<'setting'>): Act {
  const thread = draft.thread();
  const altered = Object.entries(operation.set).filter(
    ([key, value]) => thread[key as keyof typeof operation.set] !== value, // keys of `set` are fields of a thread
  );
  if (altered.length === 0) return { id: null };
  const before = Object.fromEntries(
    altered.map(([key]) => [key, thread[key as keyof typeof operation.set]]), // as above
  );
  draft.setThread(Object.fromEntries(altered));
  draft.addAudit({
    id: ulidAt(draft.now, operation.entropy),
    by: operation.by,
    action: 'set',
    target: null,
    before,
    after: Object.fromEntries(altered),
    reason: null,
    note: null,
  });
  return { id: null };
}
