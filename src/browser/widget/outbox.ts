import type { CommentView, Tombstone } from '../../contract/comment.js';
import { type Api, ApiError } from '../shared/api.js';
import { backoffMs, pause } from '../shared/backoff.js';
import type { Sessions } from '../shared/sessions.js';
import { type Draft, isDraft } from './rows.js';
import type { Store } from './store.js';
import type { ThreadState } from './thread-state.js';

/** What posting needs. */
export interface OutboxDeps {
  readonly api: Api;
  readonly sessions: Sessions;
  readonly store: Store;
  readonly state: ThreadState;
  /** `/sites/{site}/articles/{article}` */
  readonly path: string;
  readonly article: { readonly title?: string; readonly url?: string };
  readonly random: () => number;
  readonly newId: () => string;
  readonly ended: AbortSignal;
  /** Takes the author's view of it into the log. */
  readonly own: (comments: readonly CommentView[]) => void;
  readonly posted: (comment: CommentView) => void;
}

/** Own comments on their way: drawn at once, sent until the server says yes or no. */
export interface Outbox {
  /** Gives the draft's id. */
  post(source: string, name: string, parentId: string | null): string;
  retry(id: string): void;
  /** Takes a failed draft back; its text is the caller's again. */
  discard(id: string): void;
}

const attempts = 8;

/** Every draft has one Idempotency-Key for all its attempts: the server makes one comment of them. */
export function createOutbox(deps: OutboxDeps): Outbox {
  const { api, sessions, store, state } = deps;

  const attempt = async (draft: Draft): Promise<CommentView | Tombstone> => {
    const user = await sessions.open(draft.author.name);
    const named = user.kind === 'guest' && user.name !== draft.author.name;
    return sessions.send({
      method: 'POST',
      path: `${deps.path}/comments`,
      key: draft.id,
      signal: deps.ended,
      body: {
        source: draft.source,
        ...(draft.parentId !== null && { parentId: draft.parentId }),
        ...(named && { author: { name: draft.author.name } }),
        ...(Object.keys(deps.article).length > 0 && { article: deps.article }),
      },
    });
  };
  const settle = (draft: Draft, answer: CommentView | Tombstone) => {
    const comment = 'author' in answer ? answer : null;
    if (comment) {
      sessions.rename(comment.author);
      deps.own([comment]);
    }
    state.settleDraft(draft.id, comment?.id ?? null);
    if (comment) deps.posted(comment);
  };
  const fail = (draft: Draft, error: ApiError) => {
    state.updateDraft({
      ...draft,
      state: 'failed',
      code: error.code,
      ...(error.status === 429 && { retryAt: api.now() + Math.max(1, error.retryAfter) * 1000 }),
    });
  };
  const send = async (draft: Draft): Promise<void> => {
    for (let n = 0; !deps.ended.aborted; n += 1) {
      try {
        return settle(draft, await attempt(draft));
      } catch (error) {
        if (!(error instanceof ApiError)) throw error;
        if (!error.passing || n >= attempts) return fail(draft, error);
        state.updateDraft({ ...draft, state: navigator.onLine ? 'sending' : 'queued' });
        await untilWorthwhile(n, error.retryAfter);
      }
    }
  };
  /** A growing wait; without a connection until there is one. */
  const untilWorthwhile = async (n: number, retryAfter: number) => {
    if (!navigator.onLine) return online(deps.ended);
    const wait = Math.min(retryAfter * 1000, 30_000) + backoffMs(n, 500, 8_000, deps.random);
    await pause(wait, deps.ended);
  };

  return {
    post(source, name, parentId) {
      const id = deps.newId();
      const author = { id: sessions.user()?.id ?? '', name };
      const draft: Draft = {
        id,
        local: true,
        parentId,
        author,
        source,
        at: api.now(),
        state: 'sending',
      };
      state.addDraft(draft);
      void send(draft);
      return id;
    },
    retry(id) {
      const draft = store.get(`row:${id}`);
      if (!isDraft(draft)) return;
      const next: Draft = { ...draft, state: 'sending' };
      state.updateDraft(next);
      void send(next);
    },
    discard: (id) => state.settleDraft(id, null),
  };
}

const online = (ended: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    addEventListener('online', () => resolve(), { once: true, signal: ended });
    ended.addEventListener('abort', () => resolve());
  });
