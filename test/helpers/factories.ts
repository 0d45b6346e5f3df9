import type { CommentView, Reason } from '../../src/contract/comment.js';
import type { Author, Comment } from '../../src/domain/comment.js';
import type { AuditActor, OperationOf, StoredText } from '../../src/domain/operation.js';
import type { Ids, PersonRow } from '../../src/domain/ports.js';
import type { Site } from '../../src/domain/site.js';
import { threadKey } from '../../src/domain/thread.js';
import { toEntropy, ulidAt } from '../../src/domain/ulid.js';
import { seeded } from './seeded.js';

/** Ids that repeat with the seed. */
export function createTestIds(seed: number): Ids {
  const random = seeded(seed);
  const bytes = (count: number): Uint8Array =>
    Uint8Array.from({ length: count }, () => random() * 256);
  return {
    entropy: () => toEntropy(bytes(16)),
    token: () => Buffer.from(bytes(32)).toString('base64url'),
  };
}

/** Ids of all factories of one test file. */
const ids = createTestIds(1);

const far = [{ points: 1_000_000_000, seconds: 60 }];

/** Limits that nobody meets by accident. */
export const farLimits: Site['limits'] = {
  guestComment: far,
  memberComment: far,
  addressComment: far,
  serviceComment: far,
  vote: far,
  report: far,
  preview: far,
};

/** A member. */
export const anAuthor = (fields: Partial<Author> = {}): Author => ({
  id: 'author-1',
  name: 'Ada',
  kind: 'member',
  badges: [],
  ...fields,
});

/** A moderator, as an audit entry names one. */
export const aModerator = (fields: Partial<AuditActor> = {}): AuditActor => ({
  id: 'moderator-1',
  name: 'Mo',
  kind: 'moderator',
  ...fields,
});

/** The stored forms of a plain text. */
export const aText = (source = 'Well said.'): StoredText => ({
  source,
  html: `<p>${source}</p>`,
  text: source,
  policy: 1,
  fingerprint: null,
});

/** Why screening holds a comment. */
export const aReason = (fields: Partial<Reason> = {}): Reason => ({
  rule: 'links',
  message: 'Links of a new author.',
  ...fields,
});

/** An operation that posts an approved root. */
export const aPost = (fields: Partial<OperationOf<'post'>> = {}): OperationOf<'post'> => ({
  type: 'post',
  entropy: ids.entropy(),
  author: anAuthor(),
  parentId: null,
  text: aText(),
  status: 'approved',
  reasons: [],
  idem: null,
  bodyHash: null,
  ipKey: null,
  article: { title: null, url: null },
  announcedOnly: false,
  slowMode: false,
  ...fields,
});

/** An operation that votes for a comment. */
export const aVote = (
  id: string,
  fields: Partial<OperationOf<'vote'>> = {},
): OperationOf<'vote'> => ({
  type: 'vote',
  id,
  actorId: 'voter-1',
  value: 1,
  ...fields,
});

/** An operation that reports a comment as spam. */
export const aReport = (
  id: string,
  fields: Partial<OperationOf<'report'>> = {},
): OperationOf<'report'> => ({
  type: 'report',
  id,
  actorId: 'reporter-1',
  ipKey: 'address-1',
  reason: 'spam',
  text: '',
  hideAt: null,
  ...fields,
});

/** An operation by which an author edits a text. */
export const anEdit = (
  id: string,
  fields: Partial<OperationOf<'edit'>> = {},
): OperationOf<'edit'> => ({
  type: 'edit',
  id,
  by: { id: 'author-1', name: 'Ada', kind: 'member' },
  text: aText('Better said.'),
  reasons: [],
  windowMs: 300_000,
  entropy: ids.entropy(),
  ...fields,
});

/** An operation by which an author deletes an own comment. */
export const aDeletion = (
  id: string,
  fields: Partial<OperationOf<'delete'>> = {},
): OperationOf<'delete'> => ({
  type: 'delete',
  id,
  by: { id: 'author-1', name: 'Ada', kind: 'member' },
  entropy: ids.entropy(),
  ...fields,
});

/** A moderator's rejection. */
export const aDecision = (
  id: string,
  fields: Partial<OperationOf<'decide'>> = {},
): OperationOf<'decide'> => ({
  type: 'decide',
  id,
  action: 'reject',
  by: aModerator(),
  reason: null,
  note: null,
  expectedVersion: null,
  entropy: ids.entropy(),
  ...fields,
});

/** An operation that closes the thread unless `set` says otherwise. */
export const aSetting = (
  set: OperationOf<'setting'>['set'] = { state: 'closed' },
  fields: Partial<OperationOf<'setting'>> = {},
): OperationOf<'setting'> => ({
  type: 'setting',
  by: aModerator(),
  entropy: ids.entropy(),
  set,
  ...fields,
});

/** A person whom the publisher calls `reader-1`. */
export const aPerson = (fields: Partial<PersonRow> = {}): PersonRow => ({
  id: 'person-1',
  site: 'demo',
  kind: 'member',
  subject: 'reader-1',
  name: 'Ada',
  badges: [],
  moderator: false,
  createdAt: Date.UTC(2026, 10, 23, 12),
  ...fields,
});

/** An approved root, as it is stored. */
export function aComment(fields: Partial<Comment> = {}): Comment {
  const { site = 'demo', article = 'article-1' } = fields;
  const tk = threadKey({ site, article });
  const createdAt = fields.createdAt ?? Date.UTC(2026, 10, 23, 12);
  const ulid = fields.id?.slice(tk.length) ?? ulidAt(createdAt, ids.entropy());
  return {
    id: tk + ulid,
    tk,
    site,
    article,
    rev: 1,
    firstRev: 1,
    parentId: null,
    rootId: tk + ulid,
    path: ulid,
    depth: 0,
    author: anAuthor(),
    ...aText(),
    status: 'approved',
    shown: true,
    pinned: false,
    featured: false,
    reasons: [],
    createdAt,
    editedAt: null,
    up: 0,
    down: 0,
    score: 0,
    replies: 0,
    reports: 0,
    idem: null,
    bodyHash: null,
    ipKey: null,
    version: 0,
    ...fields,
  };
}

/** An approved root as everybody reads it. */
export const aCommentView = (id: string, fields: Partial<CommentView> = {}): CommentView => ({
  id,
  site: 'demo',
  article: 'a',
  parentId: null,
  rootId: id,
  depth: 0,
  author: { id: 'author-1', name: 'Ada', kind: 'guest', badges: [] },
  html: '<p>Well said.</p>',
  status: 'approved',
  createdAt: '2026-11-23T12:00:00.000Z',
  editedAt: null,
  pinned: false,
  featured: false,
  score: 0,
  up: 0,
  down: 0,
  replyCount: 0,
  rev: 1,
  firstRev: 1,
  ...fields,
});
