import type { Reason, ReportReason } from '../contract/comment.js';
import type { ModerationMode } from '../contract/site.js';
import type { Author, Comment } from './comment.js';
import type { Thread } from './thread.js';

/** The stored forms of one text. */
export interface StoredText {
  readonly source: string;
  readonly html: string;
  readonly text: string;
  readonly policy: number;
  readonly fingerprint: string | null;
}

/** Who an audit entry names. */
export interface AuditActor {
  readonly id: string;
  readonly name: string;
  readonly kind: string;
}

/** A moderator's act on one comment. */
export type DecisionAction =
  'approve' | 'reject' | 'spam' | 'delete' | 'pin' | 'unpin' | 'feature' | 'unfeature';

/** What is asked of a thread, after everything that needs no lock. Texts are rendered and screened. */
export type Operation =
  | {
      readonly type: 'post';
      /** 16 random characters of the new id. */
      readonly entropy: string;
      readonly author: Author;
      readonly parentId: string | null;
      readonly text: StoredText;
      /** `pending`: screening holds it, for `reasons`. */
      readonly status: 'approved' | 'pending';
      readonly reasons: readonly Reason[];
      readonly idem: string | null;
      readonly bodyHash: string | null;
      readonly ipKey: string | null;
      /** Taken only while the thread has none. */
      readonly article: { readonly title: string | null; readonly url: string | null };
      /** The site takes comments for announced articles only. */
      readonly announcedOnly: boolean;
      /** Slow mode does not bind services. */
      readonly slowMode: boolean;
    }
  | {
      readonly type: 'edit';
      readonly id: string;
      readonly by: AuditActor;
      readonly text: StoredText;
      /** Reasons of screening to hold it; empty: it stays as it is. */
      readonly reasons: readonly Reason[];
      readonly windowMs: number;
      /** 16 random characters: id of the audit entry and salt of its text hashes. */
      readonly entropy: string;
    }
  | {
      readonly type: 'delete';
      readonly id: string;
      readonly by: AuditActor;
      readonly entropy: string;
    }
  | {
      readonly type: 'vote';
      readonly id: string;
      readonly actorId: string;
      readonly value: -1 | 0 | 1;
    }
  | {
      readonly type: 'report';
      readonly id: string;
      readonly actorId: string;
      /** Reports of one address key count once. */
      readonly ipKey: string;
      readonly reason: ReportReason;
      readonly text: string;
      /** Reports that hide a comment; null: never. */
      readonly hideAt: number | null;
    }
  | {
      readonly type: 'decide';
      readonly id: string;
      readonly action: DecisionAction;
      readonly by: AuditActor;
      readonly reason: string | null;
      readonly note: string | null;
      /** Null: whatever it is now. */
      readonly expectedVersion: number | null;
      readonly entropy: string;
    }
  | {
      readonly type: 'undo';
      readonly decisionId: string;
      readonly by: AuditActor;
      readonly entropy: string;
    }
  | { readonly type: 'announce'; readonly title: string; readonly url: string }
  | {
      readonly type: 'setting';
      readonly by: AuditActor;
      readonly entropy: string;
      readonly set: Partial<
        Pick<Thread, 'state' | 'notice' | 'closesAt' | 'slowModeSeconds'> & {
          readonly moderation: ModerationMode | null;
        }
      >;
    }
  | {
      readonly type: 'rerender';
      readonly id: string;
      /** The text is replaced only if `source` is still this one. */
      readonly source: string;
      readonly html: string;
      readonly text: string;
      readonly policy: number;
    };

/** Operations of one type. */
export type OperationOf<T extends Operation['type']> = Extract<Operation, { type: T }>;

/** One act on record. `hash` covers all other fields and the entry before: a chain a thread. */
export interface AuditEntry {
  readonly id: string;
  readonly site: string;
  readonly tk: string;
  readonly rev: number;
  readonly at: number;
  readonly by: AuditActor;
  readonly action: string;
  /** Comment id, or null where the thread itself was the target. */
  readonly target: string | null;
  /** What was before and after; never text. */
  readonly before: Readonly<Record<string, unknown>>;
  readonly after: Readonly<Record<string, unknown>>;
  readonly reason: string | null;
  readonly note: string | null;
  readonly prev: string;
  readonly hash: string;
}

/** An earlier text of an edited comment, as typed; moderators only. It is rendered when it is shown, by the rules of that day. */
export interface EarlierText {
  readonly commentId: string;
  readonly tk: string;
  readonly version: number;
  readonly at: number;
  readonly source: string;
}

/** A reader's complaint. */
export interface Report {
  readonly commentId: string;
  readonly tk: string;
  readonly actorId: string;
  readonly ipKey: string;
  readonly at: number;
  readonly reason: ReportReason;
  readonly text: string;
}

/** A reader's vote; 0 takes it back. */
export interface Vote {
  readonly commentId: string;
  readonly tk: string;
  readonly actorId: string;
  readonly value: -1 | 0 | 1;
}

/** What an operation led to. */
export interface Outcome {
  /** The thread after it. */
  readonly thread: Thread;
  /** The comment that was meant, after it; null for acts on the thread. */
  readonly comment: Comment | null;
  /** The same key was settled before: `comment` is the one made then. */
  readonly replayed: boolean;
  /** Of a decision: its id, by which it can be undone. */
  readonly decisionId: string | null;
  /** Whether the thread was made by this operation. */
  readonly created: boolean;
}
