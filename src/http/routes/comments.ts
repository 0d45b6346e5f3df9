import type { HttpDeps } from '../deps.js';
import type { Handlers } from '../mount.js';
import { toDomainError } from '../problem.js';

type Mine = 'postComment' | 'editComment' | 'deleteComment' | 'castVote' | 'reportComment';

/** Calls that write comments, and the preview of a text. */
export const commentRoutes = ({
  comments,
  metrics,
}: Pick<HttpDeps, 'comments' | 'metrics'>): Pick<Handlers, Mine | 'previewText'> => ({
  postComment: async ({ actor, params, body, idempotencyKey }) => {
    const posted = await comments
      .post(actor, params, body, idempotencyKey)
      .catch((error: unknown) => {
        metrics.post(toDomainError(error)?.code ?? 'INTERNAL');
        throw error;
      });
    const { comment, replayed, session } = posted;
    if (!replayed) metrics.post(comment.status);
    const headers = {
      Location: locationOf(params, comment.id),
      ...(replayed ? { 'Idempotent-Replayed': 'true' } : {}),
    };
    // A tombstone comes back only to a repeat, which never opens a session.
    if (session === null || !('html' in comment)) return { body: comment, headers };
    return { body: { ...comment, session }, headers };
  },
  editComment: async ({ actor, params, body }) => ({
    body: await comments.edit(actor, params, params.id, body),
  }),
  deleteComment: async ({ actor, params }) => {
    await comments.remove(actor, params, params.id);
    return { body: undefined };
  },
  castVote: async ({ actor, params, body }) => ({
    body: await comments.vote(actor, params, params.id, body.value),
  }),
  reportComment: async ({ actor, params, body }) => {
    await comments.report(actor, params, params.id, body);
    return { body: undefined };
  },
  previewText: async ({ actor, params, body }) => ({
    body: await comments.preview(actor, params.site, body),
  }),
});

const locationOf = ({ site, article }: { site: string; article: string }, id: string): string =>
  `/api/v1/sites/${site}/articles/${encodeURIComponent(article)}/comments/${id}`;
