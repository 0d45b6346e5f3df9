import { chain, type AuditDraft } from './audit.js';
import { ancestorIds, type Comment } from './comment.js';
import type { AuditEntry, EarlierText, Report, Vote } from './operation.js';
import type { Rows, Settled } from './rows.js';
import { numbersBytes, viewBytes } from './size.js';
import type { Change, Thread } from './thread.js';

/** How a touched row counts in the change: its public view, its numbers only, or for the desk. */
export type Touch = 'ids' | 'counted' | 'desk';

/** What an operation did, told before the thread's final state is known. */
export interface Act {
  /** Id of the comment that was meant. */
  readonly id: string | null;
  readonly replayed?: boolean;
  readonly decisionId?: string;
}

/**
 * A thread while a batch is being settled: the rows as they will be, and what has been touched.
 * Operations build on what the ones before them did; one that fails checks before it touches anything.
 */
export interface Draft {
  readonly rev: number;
  readonly now: number;
  thread(): Thread;
  setThread(fields: Partial<Thread>): void;
  comment(id: string): Comment | null;
  repeat(idem: string): Comment | null;
  vote(key: string): -1 | 0 | 1;
  hasReport(key: string): boolean;
  lastPostAt(authorId: string): number | null;
  decision(id: string): AuditEntry | null;
  put(comment: Comment, touch: Touch): void;
  /** An approved comment came or went: counts of the thread and of all above it follow. */
  countApproved(comment: Comment, by: 1 | -1): void;
  addVote(vote: Vote): void;
  addReport(report: Report): void;
  addEarlier(text: EarlierText): void;
  erase(id: string): void;
  addAudit(entry: Omit<AuditDraft, 'site' | 'tk' | 'rev' | 'at'>): void;
  /** Whether there is anything to write. */
  altered(): boolean;
  /** Rows touched so far. */
  touched(): number;
  /** Bytes that readers have to be sent of them, rather too many than too few. */
  bytes(): number;
  finish(): Omit<Settled, 'results'>;
}

/** Opens a draft over the rows as they are under the lock. `now` in epoch ms, never below the thread's last. */
export function createDraft(before: Thread, rows: Rows, now: number): Draft {
  const rev = before.rev + 1;
  let thread = before;
  const touches = new Map<string, Touch>();
  const sizes = new Map<string, number>();
  let bytes = 0;
  // a repeat is answered with its comment, so that is known even where nothing else names it
  const comments = new Map([...rows.repeats.values()].map((known) => [known.id, known]));
  for (const [id, comment] of rows.comments) comments.set(id, comment);
  const repeats = new Map(rows.repeats);
  const votes = new Map(rows.votes);
  const reported = new Set(rows.reports);
  const lastPostAt = new Map(rows.lastPostAt);
  const written = {
    votes: new Map<string, Vote>(),
    reports: [] as Report[],
    earlier: [] as EarlierText[],
    erased: [] as string[],
    audit: [] as AuditEntry[],
  };

  const touch = (id: string, kind: Touch): void => {
    const known = touches.get(id);
    if (known === 'ids' || (known === 'counted' && kind === 'desk')) return;
    touches.set(id, kind);
  };

  const altered = (): boolean => thread !== before || touches.size > 0;

  const weigh = (comment: Comment): void => {
    const kind = touches.get(comment.id);
    const size = kind === 'ids' ? viewBytes(comment) : kind === 'counted' ? numbersBytes : 0;
    bytes += size - (sizes.get(comment.id) ?? 0);
    sizes.set(comment.id, size);
  };

  const put = (comment: Comment, kind: Touch): void => {
    const isNew = !comments.has(comment.id);
    touch(comment.id, kind);
    comments.set(comment.id, kind !== 'desk' || isNew ? { ...comment, rev } : comment);
    if (comment.idem !== null) repeats.set(comment.idem, comment);
    if (isNew && comment.author !== null) lastPostAt.set(comment.author.id, comment.createdAt);
    weigh(comment);
  };

  const setThread = (fields: Partial<Thread>): void => {
    thread = { ...thread, ...fields };
  };

  const countApproved = (comment: Comment, by: 1 | -1): void => {
    setThread({ count: thread.count + by });
    for (const id of ancestorIds(comment)) {
      const above = comments.get(id);
      if (above !== undefined) put(...recounted(above, by));
    }
  };

  return {
    rev,
    now,
    thread: () => thread,
    setThread,
    comment: (id) => comments.get(id) ?? null,
    repeat: (idem) => {
      const known = repeats.get(idem);
      return known === undefined ? null : (comments.get(known.id) ?? known);
    },
    vote: (key) => votes.get(key) ?? 0,
    hasReport: (key) => reported.has(key),
    lastPostAt: (authorId) => lastPostAt.get(authorId) ?? null,
    decision: (id) => rows.decisions.get(id) ?? null,
    put,
    countApproved,
    addVote: (vote) => {
      const key = `${vote.commentId}:${vote.actorId}`;
      votes.set(key, vote.value);
      written.votes.set(key, vote);
    },
    addReport: (report) => {
      reported.add(`${report.commentId}:${report.ipKey}`);
      written.reports.push(report);
    },
    addEarlier: (text) => written.earlier.push(text),
    erase: (id) => written.erased.push(id),
    addAudit: (entry) => {
      const { site, tk } = thread;
      const chained = chain({ ...entry, site, tk, rev, at: now }, thread.auditHead);
      written.audit.push(chained);
      thread = { ...thread, auditHead: chained.hash };
    },
    altered,
    touched: () => touches.size,
    bytes: () => bytes,
    finish: () => {
      const head = publicHead(thread) !== publicHead(before);
      const headRev = head ? rev : thread.headRev;
      return {
        change: altered() ? toChange(thread, rev, now, head, touches) : null,
        thread: altered() ? { ...thread, rev, at: now, headRev } : before,
        comments: [...touches.keys()].flatMap((id) => comments.get(id) ?? []),
        votes: [...written.votes.values()],
        reports: written.reports,
        earlier: written.earlier,
        erased: written.erased,
        audit: written.audit,
      };
    },
  };
}

/** A row above one that came or went: a tombstone lives as long as approved replies hang on it. */
function recounted(above: Comment, by: 1 | -1): [Comment, Touch] {
  const replies = above.replies + by;
  if (above.status === 'approved') return [{ ...above, replies }, 'counted'];
  const shown = replies > 0 ? true : above.shown === null ? null : false;
  return [{ ...above, replies, shown }, shown === above.shown ? 'counted' : 'ids'];
}

/** All of a thread that stands in its public head, but the revision. */
const publicHead = ({ count, state, moderation, notice, pinned, closesAt }: Thread): string =>
  JSON.stringify([count, state, moderation, notice, pinned, closesAt]);

function toChange(
  thread: Thread,
  rev: number,
  at: number,
  head: boolean,
  touches: ReadonlyMap<string, Touch>,
): Change {
  const of = (kind: Touch): string[] =>
    [...touches].filter(([, touch]) => touch === kind).map(([id]) => id);
  return {
    tk: thread.tk,
    site: thread.site,
    rev,
    at,
    head,
    ids: of('ids'),
    counted: of('counted'),
    desk: of('desk'),
  };
}
