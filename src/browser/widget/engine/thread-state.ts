import type { CommentView } from '../../../contract/comment.js';
import type { ItemChange } from '../../shared/live/thread-log.js';
import type { Places } from '../places.js';
import { type Draft, isComment, isDraft } from '../rows.js';
import type { Store } from '../store.js';

/** What happened that may be worth saying aloud. */
export type Arrival =
  | { readonly kind: 'first'; readonly name: string }
  | { readonly kind: 'held'; readonly count: number }
  | { readonly kind: 'answer'; readonly name: string }
  | { readonly kind: 'published' };

/** What the state asks of its surroundings. */
export interface ThreadStateDeps {
  readonly store: Store;
  readonly places: Places;
  /** Author id of the reader; undefined while nobody is signed in. */
  readonly me: () => string | undefined;
  readonly arrived: (arrival: Arrival) => void;
}

/** Decides where a row of the log is shown: in its list, behind a pill, or in a draft's place. */
export interface ThreadState {
  /** Rows as the follower merged them. `listed`: they belong to a list that is being placed. */
  take(changes: readonly ItemChange[], listed: boolean): void;
  /** Shows the held roots, or the held replies of one comment; gives their ids in order. */
  reveal(parentId: string | null): readonly string[];
  addDraft(draft: Draft): void;
  updateDraft(draft: Draft): void;
  /** The server's answer, already taken, stands where the draft stood; null: nothing does. */
  settleDraft(id: string, answerId: string | null): void;
}

/** Milliseconds for which own items are held back while an own post runs. */
const echoMs = 10_000;
/** Milliseconds for which a revealed comment keeps its highlight. */
const freshMs = 8_000;

/** An empty state, written into `store`. */
export function createThreadState({ store, places, me, arrived }: ThreadStateDeps): ThreadState {
  const echoes = new Set<string>(); // own comments that came while an own post runs
  const running = new Map<string, ReturnType<typeof setTimeout>>();

  /** A row that is in no list yet: shown if own or first, else held. */
  const arrive = (id: string) => {
    const row = store.get(`row:${id}`);
    if (!row || places.has(id)) return;
    const comment = isComment(row) ? row : undefined;
    const own = comment && (comment.mine || comment.author.id === me());
    if (own && running.size) return void echoes.add(id);
    if (own) return places.show(id, true);
    const { parentId } = row;
    if (parentId !== null && !places.has(parentId)) return; // a list will bring it
    if (parentId === null && places.empty() && store.get('phase') === 'ready') {
      places.show(id);
      if (comment) arrived({ kind: 'first', name: comment.author.name });
      return;
    }
    const count = places.hold(id, parentId);
    if (parentId === null) arrived({ kind: 'held', count });
    else if (comment) answered(comment, parentId);
  };
  const answered = (comment: CommentView, parentId: string) => {
    const parent = store.get(`row:${parentId}`);
    if (isComment(parent) && parent.author.id === me())
      arrived({ kind: 'answer', name: comment.author.name });
  };
  const end = (id: string) => {
    clearTimeout(running.get(id));
    running.delete(id);
    if (running.size) return;
    for (const echo of echoes) arrive(echo);
    echoes.clear();
  };
  const run = (draft: Draft) => {
    if (draft.state === 'failed') end(draft.id);
    else if (!running.has(draft.id)) running.set(draft.id, setTimeout(end, echoMs, draft.id));
  };

  return {
    take(changes, listed) {
      for (const { id, item, before } of changes) {
        store.set(`row:${id}`, item);
        if (!item) places.drop(id, before?.parentId ?? null);
        else if (!listed) arrive(id);
        const decided = before && isComment(before) && before.status === 'pending';
        if (decided && isComment(item) && item.status === 'approved')
          arrived({ kind: 'published' });
      }
    },
    reveal(parentId) {
      const ids = places.release(parentId);
      for (const id of ids) {
        store.set(`fresh:${id}`, true);
        setTimeout(() => store.set(`fresh:${id}`, false), freshMs);
        places.show(id, true);
      }
      return ids;
    },
    addDraft(draft) {
      store.set(`row:${draft.id}`, draft);
      run(draft);
      places.show(draft.id, true);
    },
    updateDraft(draft) {
      store.set(`row:${draft.id}`, draft);
      run(draft);
    },
    settleDraft(id, answerId) {
      const draft = store.get(`row:${id}`);
      const swapped =
        isDraft(draft) &&
        answerId &&
        store.get(`row:${answerId}`) &&
        places.swap(id, answerId, draft.parentId);
      if (isDraft(draft) && !swapped) places.drop(id, draft.parentId);
      store.set(`row:${id}`, null);
      end(id);
    },
  };
}
