import type {
  CommentView,
  EditComment,
  NewComment,
  NewReport,
  TextFormat,
  Tombstone,
  VoteResult,
} from '../contract/comment.js';
import type { Session } from '../contract/session.js';
import type { Actor } from './actor.js';
import type { ThreadName } from './thread.js';

/** What a post came to. */
export interface Posted {
  /** As its author sees it now; a tombstone where a repeat finds it deleted. */
  readonly comment: CommentView | Tombstone;
  /** The same Idempotency-Key was answered before. */
  readonly replayed: boolean;
  /** Opened by the post of a guest without a token; only in the first answer. */
  readonly session: Session | null;
}

/** Writing: every method checks permission, limits, text and screening, then asks the store. */
export interface Comments {
  post(
    actor: Actor,
    name: ThreadName,
    body: NewComment,
    idempotencyKey: string | null,
  ): Promise<Posted>;
  edit(actor: Actor, name: ThreadName, id: string, body: EditComment): Promise<CommentView>;
  remove(actor: Actor, name: ThreadName, id: string): Promise<void>;
  vote(actor: Actor, name: ThreadName, id: string, value: -1 | 0 | 1): Promise<VoteResult>;
  report(actor: Actor, name: ThreadName, id: string, body: NewReport): Promise<void>;
  preview(
    actor: Actor,
    site: string,
    body: { readonly source: string; readonly format: TextFormat },
  ): Promise<{ readonly html: string }>;
}
