import type { CommentView, Tombstone } from '../../../contract/comment.js';
import { ApiError } from '../../shared/api.js';
import { backoffMs, pause } from '../../shared/backoff.js';
import type { Box, Engine } from '../model.js';
import type { Draft } from '../rows.js';

/** Own comments on their way: drawn at once, sent until the server says yes or no. */
export interface Outbox {
  /** Gives the draft's id. */
  post(source: string, name: string, parentId: string | null): string;
  retry(draft: Draft): void;
  /** Takes a failed draft back; its text is the caller's again. */
  discard(draft: Draft): void;
}

const attempts = 8;

/** Every draft has one Idempotency-Key for all its attempts: the server makes one comment of them. */
export function createOutbox(box: Box, engine: Engine): Outbox {
  const { api, ended, settings } = box;
  const { sessions, state, follower } = engine;
  const article = settings.title ? { article: { title: settings.title } } : {};

  const attempt = async (draft: Draft): Promise<CommentView | Tombstone> => {
    const user = await sessions.open(draft.author.name);
    const named = user.kind === 'guest' && user.name !== draft.author.name;
    return sessions.send({
      method: 'POST',
      path: `${box.path}/comments`,
      key: draft.id,
      signal: ended,
      body: {
        source: draft.source,
        ...(draft.parentId !== null && { parentId: draft.parentId }),
        ...(named && { author: { name: draft.author.name } }),
        ...article,
      },
    });
  };
  const settle = (draft: Draft, answer: CommentView | Tombstone) => {
    const comment = 'author' in answer ? answer : null;
    if (comment) {
      sessions.rename(comment.author);
      follower.own([comment]);
    }
    state.settleDraft(draft.id, comment?.id ?? null);
    if (!comment) return;
    engine.announce(box.say(comment.status === 'pending' ? 'pending' : 'posted'));
    box.emit(comment.parentId ? 'reply' : 'comment', { id: comment.id });
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
    for (let n = 0; !ended.aborted; n += 1) {
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
    if (!navigator.onLine) return online(ended);
    const wait = Math.min(retryAfter * 1000, 30_000) + backoffMs(n, 500, 8_000, box.random);
    await pause(wait, ended);
  };

  return {
    post(source, name, parentId) {
      const id = box.newId();
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
    retry(draft) {
      const next: Draft = { ...draft, state: 'sending' };
      state.updateDraft(next);
      void send(next);
    },
    discard: (draft) => state.settleDraft(draft.id, null),
  };
}

const online = (ended: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    addEventListener('online', () => resolve(), { once: true, signal: ended });
    ended.addEventListener('abort', () => resolve());
  });
