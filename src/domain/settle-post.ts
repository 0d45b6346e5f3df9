import { limits } from '../contract/limits.js';
import type { Comment } from './comment.js';
import type { Act, Draft } from './draft.js';
import { DomainError, invalidField } from './errors.js';
import type { OperationOf } from './operation.js';
import { isClosed } from './thread.js';
import { ulidAfter } from './ulid.js';

/** A new comment or reply, or the one that the same key made before. */
export function post(draft: Draft, operation: OperationOf<'post'>): Act {
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

function repeat(known: Comment, operation: OperationOf<'post'>): Act {
  if (known.bodyHash !== null && known.bodyHash !== operation.bodyHash) {
    throw new DomainError('IDEMPOTENCY_MISMATCH');
  }
  return { id: known.id, replayed: true };
}

function refuseIfNotOpen(draft: Draft, operation: OperationOf<'post'>): void {
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
      rule: 'slowMode',
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

function newComment(draft: Draft, operation: OperationOf<'post'>, parent: Comment | null): Comment {
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

function takeArticle(draft: Draft, article: OperationOf<'post'>['article']): void {
  const { title, url } = draft.thread();
  draft.setThread({ title: title ?? article.title, url: url ?? article.url });
}
