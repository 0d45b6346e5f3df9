import { saltedHash } from '../../src/domain/audit.js';
import {
  aDecision,
  aDeletion,
  anEdit,
  aPost,
  aReason,
  aReport,
  aSetting,
  aText,
  aVote,
} from '../helpers/factories.js';
import { createLog } from '../helpers/log.js';

const stranger = { id: 'stranger', name: 'S', kind: 'member' };

describe('an edit', () => {
  it('replaces the text, keeps the earlier one for the desk, and leaves an entry without either', () => {
    const log = createLog();
    const before = log.post(aPost({ text: aText('First words.') }));
    log.now += 1_000;
    const operation = anEdit(before.id, { text: aText('Second words.') });
    const { change } = log.settle(operation);
    expect(log.comment(before.id)).toMatchObject({
      ...{ source: 'Second words.', html: '<p>Second words.</p>', text: 'Second words.' },
      ...{ editedAt: log.now, version: 1, rev: 2, firstRev: 1, createdAt: before.createdAt },
    });
    expect(change).toMatchObject({ head: false, ids: [before.id], counted: [], desk: [] });
    expect(log.earlier()).toEqual([
      { commentId: before.id, tk: before.tk, version: 0, at: log.now, source: 'First words.' },
    ]);
    expect(JSON.stringify(log.audit())).not.toMatch(/words/);
    expect(log.audit()[0]).toMatchObject({
      before: { text: saltedHash(operation.entropy, 'First words.') },
      after: { text: saltedHash(operation.entropy, 'Second words.') },
    });
  });

  it('is the author’s alone', () => {
    const log = createLog();
    const { id } = log.post(aPost());
    expect(log.fail(anEdit(id, { by: stranger })).code).toBe('NOT_FOUND');
    expect(log.fail(anEdit('nothing')).code).toBe('NOT_FOUND');
  });

  it('ends with the window, to the millisecond', () => {
    const log = createLog();
    const { id } = log.post(aPost());
    log.now += 300_000;
    log.run(anEdit(id, { windowMs: 300_000 }));
    log.now += 1;
    expect(log.fail(anEdit(id, { windowMs: 300_000 })).code).toBe('EDIT_WINDOW_OVER');
  });

  it('is refused by a closed thread', () => {
    const log = createLog();
    const { id } = log.post(aPost());
    log.run(aSetting({ state: 'closed' }));
    expect(log.fail(anEdit(id)).code).toBe('THREAD_CLOSED');
  });

  it('tells the author the same of what is spam and what is rejected', () => {
    const log = createLog();
    const [a, b] = [log.post(aPost()), log.post(aPost())];
    log.run(aDecision(a.id, { action: 'reject' }));
    log.run(aDecision(b.id, { action: 'spam' }));
    const [rejected, spam] = [log.fail(anEdit(a.id)), log.fail(anEdit(b.id))];
    expect(spam).toMatchObject({ code: 'INVALID_TRANSITION', message: rejected.message });
    expect(spam.message).not.toMatch(/spam/i);
    expect(spam.details).toEqual(rejected.details);
  });

  it('held by screening leaves the page, its pins and the counts above it', () => {
    const log = createLog();
    const root = log.post(aPost());
    const reply = log.post(aPost({ parentId: root.id }));
    log.run(aDecision(reply.id, { action: 'pin', reason: 'other' }));
    const { change } = log.settle(anEdit(reply.id, { reasons: [aReason()] }));
    expect(log.comment(reply.id)).toMatchObject({
      ...{ status: 'pending', shown: false, pinned: false, reasons: [aReason()], firstRev: 2 },
    });
    expect(log.thread()).toMatchObject({ count: 1, pinned: [] });
    expect(change).toMatchObject({ head: true, ids: [reply.id], counted: [root.id] });
  });

  it('of a held one stays held, for the old reasons or the new', () => {
    const log = createLog();
    const { id } = log.post(aPost({ status: 'pending', reasons: [aReason()] }));
    const { change } = log.settle(anEdit(id));
    expect(log.comment(id)).toMatchObject({ status: 'pending', reasons: [aReason()], rev: 1 });
    expect(change).toMatchObject({ head: false, ids: [], desk: [id] });
    const words = aReason({ rule: 'words' });
    log.run(anEdit(id, { reasons: [words] }));
    expect(log.comment(id)).toMatchObject({ status: 'pending', reasons: [words], version: 2 });
  });
});

describe('a deletion', () => {
  it('erases the text, its author and every trace, in a closed thread too', () => {
    const log = createLog();
    const post = aPost({ ipKey: 'address', idem: 'key', bodyHash: 'body', text: aText('canary') });
    const { id } = log.post({ ...post, text: { ...post.text, fingerprint: 'print' } });
    log.run(anEdit(id, { text: aText('canary again') }));
    log.run(aReport(id, { text: 'canary words' }));
    log.run(aVote(id));
    log.run(aSetting({ state: 'closed' }));
    log.run(aDeletion(id));
    expect(log.comment(id)).toMatchObject({
      ...{ status: 'deleted', author: null, source: '', html: '', text: '', idem: 'key' },
      ...{ bodyHash: null, fingerprint: null, ipKey: null, reasons: [] },
    });
    expect(log.earlier()).toEqual([]);
    expect(log.votes().size).toBe(0);
    expect(JSON.stringify([log.comment(id), log.reports(), log.audit()])).not.toMatch(
      /canary|Ada"}/,
    );
    expect(log.audit().at(-1)).toMatchObject({ action: 'delete', target: id });
  });

  it('takes with it what the same batch wrote', () => {
    const log = createLog();
    const { id } = log.post(aPost());
    log.settle(
      aVote(id),
      aReport(id, { text: 'canary' }),
      anEdit(id, { text: aText('canary') }),
      aDeletion(id),
    );
    expect(log.earlier()).toEqual([]);
    expect(log.votes().size).toBe(0);
    expect(JSON.stringify([...log.comments(), log.reports()])).not.toMatch(/canary/);
  });

  it('is the author’s alone, and done once', () => {
    const log = createLog();
    const { id } = log.post(aPost());
    expect(log.fail(aDeletion(id, { by: stranger })).code).toBe('NOT_FOUND');
    log.run(aDeletion(id));
    expect(log.fail(aDeletion(id)).code).toBe('NOT_FOUND');
    expect(log.fail(aDecision(id, { action: 'delete' })).code).toBe('INVALID_TRANSITION');
  });
});

describe('a new rendering', () => {
  const rendered = (id: string, source: string, policy = 2) =>
    ({ type: 'rerender', id, source, html: '<p>new</p>', text: 'new', policy }) as const;

  it('replaces the HTML alone', () => {
    const log = createLog();
    const before = log.post(aPost());
    const { change } = log.settle(rendered(before.id, before.source));
    expect(log.comment(before.id)).toEqual({
      ...before,
      ...{ html: '<p>new</p>', text: 'new', policy: 2, rev: 2 },
    });
    expect(change).toMatchObject({ head: false, ids: [before.id], desk: [] });
  });

  it('leaves alone what has moved on, is as new, or is deleted', () => {
    const log = createLog();
    const { id, source } = log.post(aPost());
    const batch = log.settle(rendered(id, 'another'), rendered(id, source, 1));
    expect(batch).toMatchObject({ change: null, results: [{ ok: true }, { ok: true }] });
    log.run(aDeletion(id));
    expect(log.settle(rendered(id, '')).change).toBeNull();
    expect(log.fail(rendered('nothing', '')).code).toBe('NOT_FOUND');
  });

  it('of a hidden text is for the desk, a tombstone or not', () => {
    const log = createLog();
    const root = log.post(aPost());
    log.post(aPost({ parentId: root.id }));
    log.run(aDecision(root.id, { action: 'reject' }));
    const { change } = log.settle(rendered(root.id, root.source));
    expect(change).toMatchObject({ ids: [], desk: [root.id] });
  });
});
