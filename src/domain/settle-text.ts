import { limits } from '../contract/limits.js';
import { saltedHash } from './audit.js';
import { transition, type Comment } from './comment.js';
import type { Act, Draft } from './draft.js';
import { DomainError, invalidField } from './errors.js';
import type { Operation } from './operation.js';
import { isClosed } from './thread.js';
import { ulidAfter, ulidAt } from './ulid.js';
import { changeStatus } from './visibility.js';

type Of<T extends Operation['type']> = Extract<Operation, { type: T }>;

/** A new comment or reply, or the one that the same key made before. */
export function post(draft: Draft, operation: Of<'post'>): Act {
  const known = operation.idem === null ? null : draft.repeat(operation.idem);
  if (known !== null) return repeat(known, operation);
  refuseIfNotOpen(draft, operation);
  const parent = operation.parentId === null ? null : answerable(draft, operation.parentId);
  const comment = newComment(draft, operation, parent);
  const approved = operation.status === 'approved';
  draft.setThread({ lastUlid: comment.id.slice(comment.tk.length) });
  takeArticle(draft, operation.article);
  draft.put(comment, approved ? 'ids' : 'desk');
  if (approved) draft.countApproved(comment, 1);
  return { id: comment.id };
}

/** The author's edit within the window; screening may hold what was approved. */
export function edit(draft: Draft, operation: Of<'edit'>): Act {
  const comment = draft.comment(operation.id);
  if (comment === null || comment.author?.id !== operation.by.id)
    throw new DomainError('NOT_FOUND');
  if (comment.status !== 'approved' && comment.status !== 'pending') {
    throw new DomainError('INVALID_TRANSITION', {
      detail: `A comment that is ${comment.status} cannot be edited.`,
    });
  }
  if (isClosed(draft.thread(), draft.now)) throw new DomainError('THREAD_CLOSED');
  if (draft.now > comment.createdAt + operation.windowMs) throw new DomainError('EDIT_WINDOW_OVER');
  const held = operation.reasons.length > 0;
  const status = held ? (transition(comment.status, 'hold') ?? comment.status) : comment.status;
  draft.addEarlier({
    commentId: comment.id,
    tk: comment.tk,
    version: comment.version,
    at: draft.now,
    source: comment.source,
    html: comment.html,
  });
  draft.addAudit({
    id: ulidAt(draft.now, operation.entropy),
    by: operation.by,
    action: 'edit',
    target: comment.id,
    before: { status: comment.status, text: saltedHash(operation.entropy, comment.source) },
    after: { status, text: saltedHash(operation.entropy, operation.text.source) },
    reason: null,
    note: null,
  });
  changeStatus(draft, comment, status, {
    ...operation.text,
    editedAt: draft.now,
    version: comment.version + 1,
    reasons: held ? operation.reasons : comment.reasons,
  });
  return { id: comment.id };
}

/** The author's own deletion: text and author are erased, a tombstone stays while replies hang on it. */
export function remove(draft: Draft, operation: Of<'delete'>): Act {
  const comment = draft.comment(operation.id);
  if (comment === null || comment.author?.id !== operation.by.id)
    throw new DomainError('NOT_FOUND');
  draft.addAudit({
    id: ulidAt(draft.now, operation.entropy),
    by: operation.by,
    action: 'delete',
    target: comment.id,
    before: { status: comment.status },
    after: { status: 'deleted' },
    reason: null,
    note: null,
  });
  eraseText(draft, comment);
  return { id: comment.id };
}

/** Empties a comment for good. */
export function eraseText(draft: Draft, comment: Comment): void {
  changeStatus(draft, comment, 'deleted', {
    author: null,
    source: '',
    html: '',
    text: '',
    reasons: [],
    bodyHash: null,
    fingerprint: null,
    ipKey: null,
    version: comment.version + 1,
  });
  draft.erase(comment.id);
}

/** A text rendered by a newer policy; nothing happens where the text has moved on. */
export function rerender(draft: Draft, operation: Of<'rerender'>): Act {
  const comment = draft.comment(operation.id);
  if (comment === null) throw new DomainError('NOT_FOUND');
  const { source, html, text, policy } = operation;
  if (comment.source === source && comment.status !== 'deleted' && comment.policy < policy) {
    draft.put({ ...comment, html, text, policy }, comment.shown === true ? 'ids' : 'desk');
  }
  return { id: comment.id };
}

function repeat(known: Comment, operation: Of<'post'>): Act {
  if (known.bodyHash !== null && known.bodyHash !== operation.bodyHash) {
    throw new DomainError('IDEMPOTENCY_MISMATCH');
  }
  return { id: known.id, replayed: true };
}

function refuseIfNotOpen(draft: Draft, operation: Of<'post'>): void {
  const thread = draft.thread();
  if (isClosed(thread, draft.now)) throw new DomainError('THREAD_CLOSED');
  if (operation.announcedOnly && thread.title === null) throw new DomainError('NOT_ANNOUNCED');
  const last = draft.lastPostAt(operation.author.id);
  if (!operation.slowMode || last === null) return;
  const waitMs = last + thread.slowModeSeconds * 1_000 - draft.now;
  if (waitMs > 0) {
    throw new DomainError('RATE_LIMITED', {
      detail: `Slow mode: one comment in ${thread.slowModeSeconds} s.`,
      retryAfter: Math.ceil(waitMs / 1_000),
    });
  }
}

function answerable(draft: Draft, parentId: string): Comment {
  const parent = draft.comment(parentId);
  if (parent === null || parent.status !== 'approved') throw new DomainError('PARENT_GONE');
  if (parent.depth >= limits.depth) {
    throw invalidField('parentId', `Replies are at most ${limits.depth} deep.`);
  }
  return parent;
}

function newComment(draft: Draft, operation: Of<'post'>, parent: Comment | null): Comment {
  const { tk, site, article, lastUlid } = draft.thread();
  const ulid = ulidAfter(lastUlid, draft.now, operation.entropy);
  const approved = operation.status === 'approved';
  const id = tk + ulid;
  return {
    id,
    tk,
    site,
    article,
    rev: draft.rev,
    firstRev: approved ? draft.rev : null,
    parentId: parent?.id ?? null,
    rootId: parent?.rootId ?? id,
    path: parent === null ? ulid : `${parent.path}/${ulid}`,
    depth: parent === null ? 0 : parent.depth + 1,
    author: operation.author,
    ...operation.text,
    status: operation.status,
    shown: approved ? true : null,
    pinned: false,
    featured: false,
    reasons: operation.reasons,
    createdAt: draft.now,
    editedAt: null,
    up: 0,
    down: 0,
    score: 0,
    replies: 0,
    reports: 0,
    idem: operation.idem,
    bodyHash: operation.bodyHash,
    ipKey: operation.ipKey,
    version: 0,
  };
}

function takeArticle(draft: Draft, article: Of<'post'>['article']): void {
  const { title, url } = draft.thread();
  draft.setThread({ title: title ?? article.title, url: url ?? article.url });
}
