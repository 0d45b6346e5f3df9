import { ChangedItem, CommentView, ListedComment, Tombstone } from '../../src/contract/comment.js';
import { ThreadView } from '../../src/contract/thread.js';
import type { Comment } from '../../src/domain/comment.js';
import { newSite } from '../../src/domain/site.js';
import { emptyThread } from '../../src/domain/thread.js';
import { viewChanged, viewHead, viewListed, viewOwn, viewThread } from '../../src/domain/views.js';
import { aComment, anAuthor, aReason, aText } from '../helpers/factories.js';

const site = newSite('demo');

/** A row in which everything that is kept has a mark. */
const full = (fields: Partial<Comment>): Comment =>
  aComment({
    ...aText('canary-text'),
    author: anAuthor({ id: 'canary-author', name: 'canary-name', badges: ['canary-badge'] }),
    ...{ fingerprint: 'canary-print', idem: 'canary-idem', bodyHash: 'canary-body' },
    ...{ ipKey: 'canary-address', reasons: [aReason({ message: 'canary-reason' })] },
    ...{ reports: 7_777, policy: 8_888, version: 9_999, up: 5, down: 3, score: 2, replies: 1 },
    ...fields,
  });

const rows = {
  approved: full({ status: 'approved', shown: true }),
  'held, never public': full({ status: 'pending', shown: null, firstRev: null, replies: 0 }),
  'held, once public': full({ status: 'pending', shown: false, replies: 0 }),
  'held, answered': full({ status: 'pending', shown: true }),
  'rejected, never public': full({ status: 'rejected', shown: null, firstRev: null, replies: 0 }),
  'rejected, once public': full({ status: 'rejected', shown: false, replies: 0 }),
  'rejected, answered': full({ status: 'rejected', shown: true }),
  'spam, once public': full({ status: 'spam', shown: false, replies: 0 }),
  'spam, answered': full({ status: 'spam', shown: true }),
  'deleted, answered': full({ status: 'deleted', shown: true, author: null, ...aText('') }),
  'deleted, not answered': full({ status: 'deleted', shown: false, author: null, ...aText('') }),
} satisfies Record<string, Comment>;

const publicFields = [
  ...['id', 'site', 'article', 'parentId', 'rootId', 'depth', 'author', 'html', 'status'],
  ...['createdAt', 'editedAt', 'pinned', 'featured', 'score', 'up', 'down', 'replyCount'],
  ...['rev', 'firstRev'],
].toSorted();
const tombstoneFields = [
  ...['id', 'parentId', 'rootId', 'depth', 'createdAt', 'replyCount', 'status', 'rev'],
].toSorted();
const goneFields = ['gone', 'id', 'rev'];
const numberFields = ['down', 'id', 'replyCount', 'rev', 'score', 'up'];
const ownFields = [...publicFields, 'mine', 'source', 'editableUntil'].toSorted();
const heldFields = [...ownFields, 'reasons'].toSorted();
const hiddenFields = [...publicFields, 'mine', 'source', 'reasons'].toSorted();

/** Who sees which fields: everybody of a change, of one that only counts, and the author. */
const table: readonly (readonly [
  keyof typeof rows,
  { changed: readonly string[] | null; counted: readonly string[] | null; own: readonly string[] },
])[] = [
  ['approved', { changed: publicFields, counted: numberFields, own: ownFields }],
  ['held, never public', { changed: null, counted: null, own: heldFields }],
  ['held, once public', { changed: goneFields, counted: goneFields, own: heldFields }],
  ['held, answered', { changed: tombstoneFields, counted: tombstoneFields, own: heldFields }],
  ['rejected, never public', { changed: null, counted: null, own: hiddenFields }],
  ['rejected, once public', { changed: goneFields, counted: goneFields, own: hiddenFields }],
  ['rejected, answered', { changed: tombstoneFields, counted: tombstoneFields, own: hiddenFields }],
  ['spam, once public', { changed: goneFields, counted: goneFields, own: hiddenFields }],
  ['spam, answered', { changed: tombstoneFields, counted: tombstoneFields, own: hiddenFields }],
  [
    'deleted, answered',
    { changed: tombstoneFields, counted: tombstoneFields, own: tombstoneFields },
  ],
  ['deleted, not answered', { changed: goneFields, counted: goneFields, own: tombstoneFields }],
];

const fieldsOf = (view: object | null): readonly string[] | null =>
  view === null ? null : Object.keys(view).toSorted();

describe('who sees what of a comment', () => {
  it('is said of every kind of row', () => {
    expect(table.map(([kind]) => kind)).toEqual(Object.keys(rows));
  });

  it.each(table)('that is %s', (kind, { changed, counted, own }) => {
    const row = rows[kind];
    expect(fieldsOf(viewChanged(row, false))).toEqual(changed);
    expect(fieldsOf(viewChanged(row, true))).toEqual(counted);
    expect(fieldsOf(viewOwn(row, site))).toEqual(own);
    for (const view of [viewChanged(row, false), viewChanged(row, true)]) {
      if (view !== null) expect(ChangedItem.parse(view)).toEqual(view);
    }
    expect(ListedComment.parse(viewOwn(row, site))).toEqual(viewOwn(row, site));
    if (row.shown !== true) return;
    const schema = row.status === 'approved' ? CommentView : Tombstone;
    expect(schema.parse(viewListed(row))).toEqual(viewListed(row));
    expect(viewListed(row)).toEqual(viewChanged(row, false));
  });

  const never = /canary-(print|idem|body|address)|7777|8888|9999/;
  it.each(table)('shows nothing that is kept for us alone: %s', (kind) => {
    const row = rows[kind];
    for (const view of [viewListed(row), viewChanged(row, false), viewOwn(row, site)]) {
      expect(JSON.stringify(view)).not.toMatch(never);
    }
  });

  it.each(table)('SEC-13 shows everybody text and author of what is approved alone: %s', (kind) => {
    const row = rows[kind];
    const output = JSON.stringify([
      viewListed(row),
      viewChanged(row, false),
      viewChanged(row, true),
    ]);
    if (row.status !== 'approved') expect(output).not.toMatch(/canary/);
    else expect(output).not.toMatch(/canary-reason|"source"/);
  });
});

describe('an author', () => {
  it('sees an own held comment with its text, its reasons and the end of the edit window', () => {
    expect(viewOwn(rows['held, never public'], site)).toMatchObject({
      ...{ status: 'pending', source: 'canary-text', mine: true },
      reasons: [aReason({ message: 'canary-reason' })],
      editableUntil: '2026-11-23T12:05:00.000Z',
    });
  });

  it('sees spam as what is rejected looks, in every field', () => {
    const rejected = viewOwn(rows['rejected, once public'], site);
    const { id, rootId } = rejected;
    expect({ ...viewOwn(rows['spam, once public'], site), id, rootId }).toEqual(rejected);
  });

  it('is not told reasons of what is approved, nor empty ones', () => {
    expect(viewOwn(rows.approved, site)).not.toHaveProperty('reasons');
    expect(viewOwn(full({ status: 'pending', shown: null, reasons: [] }), site)).not.toHaveProperty(
      'reasons',
    );
  });
});

describe('a thread', () => {
  it('is shown without what is kept for us alone', () => {
    const thread = {
      ...emptyThread({ site: 'demo', article: 'a' }),
      ...{ auditHead: 'canary', lastUlid: 'canary', closesAt: 0 },
    };
    const view = viewThread(thread, { ...site, moderation: 'links' });
    expect(ThreadView.parse(view)).toEqual(view);
    expect(JSON.stringify(view)).not.toMatch(/canary/);
    expect(view).toMatchObject({ moderation: 'links', closesAt: '1970-01-01T00:00:00.000Z' });
    expect(viewHead({ ...thread, moderation: 'all' }, site).moderation).toBe('all');
  });
});
