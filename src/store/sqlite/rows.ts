import type { Author, Comment } from '../../domain/comment.js';
import type { AuditEntry, EarlierText } from '../../domain/operation.js';
import type { Change, Thread } from '../../domain/thread.js';
import type { Row, Value } from './driver.js';

// Columns are read as the schema has them (strict tables), so casts here only name what is known.

/** Columns of `threads`, in the order of {@link threadValues}. */
export const threadColumns = [
  ...['tk', 'site', 'article', 'title', 'url', 'rev', 'head_rev', 'at', 'count', 'state'],
  ...['moderation', 'notice', 'pinned', 'closes_at', 'slow_mode_seconds', 'audit_head'],
  'last_ulid',
];

/** Columns of `comments`, in the order of {@link commentValues}. */
export const commentColumns = [
  ...['id', 'tk', 'site', 'article', 'rev', 'first_rev', 'parent', 'root', 'path', 'depth'],
  ...['author_id', 'author_name', 'author_kind', 'author_badges', 'source', 'html', 'text'],
  ...['policy', 'status', 'shown', 'pinned', 'featured', 'reasons', 'created_at', 'edited_at'],
  ...['up', 'down', 'score', 'replies', 'reports', 'idem', 'body_hash', 'ip_key', 'fingerprint'],
  'version',
];

/** A thread as its row holds it. */
export const threadValues = (thread: Thread): Value[] => [
  thread.tk,
  thread.site,
  thread.article,
  thread.title,
  thread.url,
  thread.rev,
  thread.headRev,
  thread.at,
  thread.count,
  thread.state,
  thread.moderation,
  thread.notice,
  toList(thread.pinned),
  thread.closesAt,
  thread.slowModeSeconds,
  thread.auditHead,
  thread.lastUlid,
];

/** The thread of a row. */
export const toThread = (row: Row): Thread => ({
  tk: row['tk'] as string,
  site: row['site'] as string,
  article: row['article'] as string,
  title: row['title'] as string | null,
  url: row['url'] as string | null,
  rev: row['rev'] as number,
  headRev: row['head_rev'] as number,
  at: row['at'] as number,
  count: row['count'] as number,
  state: row['state'] as Thread['state'],
  moderation: row['moderation'] as Thread['moderation'],
  notice: row['notice'] as string | null,
  pinned: fromList(row['pinned']),
  closesAt: row['closes_at'] as number | null,
  slowModeSeconds: row['slow_mode_seconds'] as number,
  auditHead: row['audit_head'] as string,
  lastUlid: row['last_ulid'] as string,
});

/** A comment as its row holds it. */
export const commentValues = (comment: Comment): Value[] => [
  comment.id,
  comment.tk,
  comment.site,
  comment.article,
  comment.rev,
  comment.firstRev,
  comment.parentId,
  comment.rootId,
  comment.path,
  comment.depth,
  comment.author?.id ?? null,
  comment.author?.name ?? null,
  comment.author?.kind ?? null,
  comment.author ? toList(comment.author.badges) : null,
  comment.source,
  comment.html,
  comment.text,
  comment.policy,
  comment.status,
  comment.shown === null ? null : Number(comment.shown),
  Number(comment.pinned),
  Number(comment.featured),
  toList(comment.reasons),
  comment.createdAt,
  comment.editedAt,
  comment.up,
  comment.down,
  comment.score,
  comment.replies,
  comment.reports,
  comment.idem,
  comment.bodyHash,
  comment.ipKey,
  comment.fingerprint,
  comment.version,
];

/** The comment of a row. */
export const toComment = (row: Row): Comment => ({
  id: row['id'] as string,
  tk: row['tk'] as string,
  site: row['site'] as string,
  article: row['article'] as string,
  rev: row['rev'] as number,
  firstRev: row['first_rev'] as number | null,
  parentId: row['parent'] as string | null,
  rootId: row['root'] as string,
  path: row['path'] as string,
  depth: row['depth'] as number,
  author: toAuthor(row),
  source: row['source'] as string,
  html: row['html'] as string,
  text: row['text'] as string,
  policy: row['policy'] as number,
  status: row['status'] as Comment['status'],
  shown: row['shown'] === null ? null : row['shown'] === 1,
  pinned: row['pinned'] === 1,
  featured: row['featured'] === 1,
  reasons: fromList(row['reasons']),
  createdAt: row['created_at'] as number,
  editedAt: row['edited_at'] as number | null,
  up: row['up'] as number,
  down: row['down'] as number,
  score: row['score'] as number,
  replies: row['replies'] as number,
  reports: row['reports'] as number,
  idem: row['idem'] as string | null,
  bodyHash: row['body_hash'] as string | null,
  ipKey: row['ip_key'] as string | null,
  fingerprint: row['fingerprint'] as string | null,
  version: row['version'] as number,
});

/** A change of a row that also has `site`. Ids are kept without the thread key they all share. */
export const toChange = (row: Row): Change => {
  const tk = row['tk'] as string;
  return {
    tk,
    site: row['site'] as string,
    rev: row['rev'] as number,
    at: row['at'] as number,
    head: row['head'] === 1,
    ids: fromIds(tk, row['ids'] as string),
    counted: fromIds(tk, row['counted'] as string),
    desk: fromIds(tk, row['desk'] as string),
  };
};

/** A change as its row holds it: tk, rev, at, head, ids, counted, desk. */
export const changeValues = (change: Change): Value[] => [
  change.tk,
  change.rev,
  change.at,
  Number(change.head),
  toIds(change.tk, change.ids),
  toIds(change.tk, change.counted),
  toIds(change.tk, change.desk),
];

/** Columns of `audit`, in the order of {@link auditValues}. */
export const auditColumns = [
  ...['id', 'site', 'tk', 'rev', 'at', 'by_id', 'by_name', 'by_kind', 'action', 'target'],
  ...['before', 'after', 'reason', 'note', 'prev', 'hash'],
];

/** An audit entry as its row holds it. */
export const auditValues = (entry: AuditEntry): Value[] => [
  entry.id,
  entry.site,
  entry.tk,
  entry.rev,
  entry.at,
  entry.by.id,
  entry.by.name,
  entry.by.kind,
  entry.action,
  entry.target,
  JSON.stringify(entry.before),
  JSON.stringify(entry.after),
  entry.reason,
  entry.note,
  entry.prev,
  entry.hash,
];

/** The audit entry of a row. */
export const toAuditEntry = (row: Row): AuditEntry => ({
  id: row['id'] as string,
  site: row['site'] as string,
  tk: row['tk'] as string,
  rev: row['rev'] as number,
  at: row['at'] as number,
  by: {
    id: row['by_id'] as string,
    name: row['by_name'] as string,
    kind: row['by_kind'] as string,
  },
  action: row['action'] as string,
  target: row['target'] as string | null,
  before: JSON.parse(row['before'] as string) as AuditEntry['before'],
  after: JSON.parse(row['after'] as string) as AuditEntry['after'],
  reason: row['reason'] as string | null,
  note: row['note'] as string | null,
  prev: row['prev'] as string,
  hash: row['hash'] as string,
});

/** The earlier text of a row; the thread key is the start of the comment's id. */
export const toEarlierText = (row: Row): EarlierText => ({
  commentId: row['comment_id'] as string,
  tk: (row['comment_id'] as string).slice(0, 16),
  version: row['version'] as number,
  at: row['at'] as number,
  source: row['source'] as string,
});

/** A JSON array; most are empty. */
export const toList = (list: readonly unknown[]): string =>
  list.length === 0 ? '[]' : JSON.stringify(list);

/** The array that {@link toList} wrote. */
export const fromList = <T>(json: Value | undefined): readonly T[] =>
  json === '[]' ? [] : (JSON.parse(json as string) as T[]); // written by toList

const toIds = (tk: string, ids: readonly string[]): string =>
  ids.map((id) => id.slice(tk.length)).join(' ');

const fromIds = (tk: string, joined: string): readonly string[] =>
  joined === '' ? [] : joined.split(' ').map((ulid) => tk + ulid);

function toAuthor(row: Row): Author | null {
  if (row['author_id'] === null) return null;
  return {
    id: row['author_id'] as string,
    name: row['author_name'] as string,
    kind: row['author_kind'] as Author['kind'],
    badges: fromList(row['author_badges']),
  };
}
