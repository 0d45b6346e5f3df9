import type { AuthorView, CommentView, Tombstone } from '../../contract/comment.js';

/** A comment of one's own that the server has not confirmed. */
export interface Draft {
  /** Also its Idempotency-Key. */
  readonly id: string;
  readonly local: true;
  readonly parentId: string | null;
  readonly author: Pick<AuthorView, 'id' | 'name'>;
  readonly source: string;
  /** Epoch ms. */
  readonly at: number;
  readonly state: 'sending' | 'queued' | 'failed';
  /** Why it failed. */
  readonly code?: string;
  /** Epoch ms from which a repeat makes sense. */
  readonly retryAt?: number;
}

/** What stands under an id: a comment, what is left of one, or one on its way out. */
export type Row = CommentView | Tombstone | Draft;

/** Whether it has an author and words from the server. */
export const isComment = (row: Row | null | undefined): row is CommentView =>
  !!row && 'html' in row;

/** Whether it is still on its way to the server. */
export const isDraft = (row: Row | null | undefined): row is Draft => !!row && 'local' in row;
