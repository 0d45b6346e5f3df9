import type { AuthorKind, Reason, Status } from '../contract/comment.js';

/** Who wrote a comment, as it stands on the comment; a later name does not change it. */
export interface Author {
  readonly id: string;
  readonly name: string;
  readonly kind: AuthorKind;
  readonly badges: readonly string[];
}

/** A comment as it is stored. Times are epoch ms. */
export interface Comment {
  /** Thread key + ULID: within a thread ids sort by time. */
  readonly id: string;
  readonly tk: string;
  readonly site: string;
  readonly article: string;
  /** Revision that last touched its public view or its numbers. */
  readonly rev: number;
  /** Revision in which it first became public; null: never. */
  readonly firstRev: number | null;
  readonly parentId: string | null;
  /** The root of its branch; a root names itself. */
  readonly rootId: string;
  /** ULIDs from the root down to itself, joined by `/`. */
  readonly path: string;
  readonly depth: number;
  /** Null once erased. */
  readonly author: Author | null;
  /** As typed; empty once deleted. */
  readonly source: string;
  /** Rendered and sanitised, by the policy numbered `policy`. */
  readonly html: string;
  /** What a reader sees, without markup. */
  readonly text: string;
  readonly policy: number;
  readonly status: Status;
  /** Null: never public. True: public, if only as a tombstone. False: was, and is no more. */
  readonly shown: boolean | null;
  readonly pinned: boolean;
  readonly featured: boolean;
  /** Why it waits or was hidden. Never quotes the text: audit entries keep them longer. */
  readonly reasons: readonly Reason[];
  readonly createdAt: number;
  readonly editedAt: number | null;
  readonly up: number;
  readonly down: number;
  readonly score: number;
  /** Approved comments below it, at any depth. */
  readonly replies: number;
  readonly reports: number;
  /** Hash of the idempotency scope and key. */
  readonly idem: string | null;
  readonly bodyHash: string | null;
  /** Keyed hash of the author's address, never the address. */
  readonly ipKey: string | null;
  /** Hash of the normalised text, by which duplicates are found. */
  readonly fingerprint: string | null;
  /** Counts edits and decisions, not votes, replies or reports. */
  readonly version: number;
}

/** What moves a comment from one status to another. `hold` is screening's and that of reports. */
export type Transition = 'approve' | 'reject' | 'spam' | 'hold' | 'delete';

const table: Record<Status, Partial<Record<Transition, Status>>> = {
  pending: { approve: 'approved', reject: 'rejected', spam: 'spam', delete: 'deleted' },
  approved: { reject: 'rejected', spam: 'spam', hold: 'pending', delete: 'deleted' },
  rejected: { approve: 'approved', spam: 'spam', hold: 'pending', delete: 'deleted' },
  spam: { approve: 'approved', reject: 'rejected', hold: 'pending', delete: 'deleted' },
  deleted: {},
};

/** The status after `action`, or null where the state machine has no such step. */
export const transition = (status: Status, action: Transition): Status | null =>
  table[status][action] ?? null;

/** The ids of all comments above one, from the root down. */
export const ancestorIds = (comment: Pick<Comment, 'tk' | 'path'>): readonly string[] =>
  comment.path
    .split('/')
    .slice(0, -1)
    .map((ulid) => comment.tk + ulid);
