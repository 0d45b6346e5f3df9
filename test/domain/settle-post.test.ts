import { limits } from '../../src/contract/limits.js';
import { ulidTime } from '../../src/domain/ulid.js';
import {
  anAuthor,
  aPost,
  aReason,
  aSetting,
  aText,
  aDecision,
  aDeletion,
} from '../helpers/factories.js';
import { createLog } from '../helpers/log.js';

describe('a post', () => {
  it('makes an approved root public in the first revision', () => {
    const log = createLog();
    const comment = log.post(aPost());
    expect(comment).toMatchObject({
      ...{ rev: 1, firstRev: 1, status: 'approved', shown: true, version: 0 },
      ...{ parentId: null, rootId: comment.id, depth: 0, createdAt: log.now, replies: 0 },
    });
    expect(comment.path).toBe(comment.id.slice(16));
    expect(log.thread()).toMatchObject({ rev: 1, headRev: 1, count: 1, at: log.now });
    expect(log.changes()).toEqual([
      expect.objectContaining({ rev: 1, head: true, ids: [comment.id], counted: [], desk: [] }),
    ]);
    expect(log.audit()).toEqual([]);
  });

  it('names a held one for the desk alone, and leaves the head as it was', () => {
    const log = createLog();
    const comment = log.post(aPost({ status: 'pending', reasons: [aReason()] }));
    expect(comment).toMatchObject({ rev: 1, firstRev: null, shown: null, reasons: [aReason()] });
    expect(log.thread()).toMatchObject({ rev: 1, headRev: 0, count: 0 });
    expect(log.changes()[0]).toMatchObject({
      head: false,
      ids: [],
      counted: [],
      desk: [comment.id],
    });
  });

  it('counts a reply in all that is above it', () => {
    const log = createLog();
    const root = log.post(aPost());
    const reply = log.post(aPost({ parentId: root.id }));
    const leaf = log.post(aPost({ parentId: reply.id }));
    expect(leaf).toMatchObject({ parentId: reply.id, rootId: root.id, depth: 2 });
    expect(leaf.path).toBe([root, reply, leaf].map(({ id }) => id.slice(16)).join('/'));
    expect(log.comment(root.id)).toMatchObject({ replies: 2, rev: 3, version: 0 });
    expect(log.comment(reply.id)).toMatchObject({ replies: 1, rev: 3 });
    expect(log.changes()[2]).toMatchObject({ ids: [leaf.id], head: true, desk: [] });
    expect(new Set(log.changes()[2]!.counted)).toEqual(new Set([root.id, reply.id]));
  });

  it('counts a held reply nowhere until it is approved', () => {
    const log = createLog();
    const root = log.post(aPost());
    const held = log.post(aPost({ parentId: root.id, status: 'pending' }));
    expect(log.comment(root.id)).toMatchObject({ replies: 0, rev: 1 });
    log.run(aDecision(held.id, { action: 'approve' }));
    expect(log.comment(root.id)).toMatchObject({ replies: 1, rev: 3 });
    expect(log.comment(held.id)).toMatchObject({ firstRev: 3, shown: true, reasons: [] });
  });

  it.each(['pending', 'rejected', 'spam', 'deleted'] as const)(
    'is no answer to a comment that is %s',
    (status) => {
      const log = createLog();
      const parent = log.post(aPost({ status: status === 'pending' ? 'pending' : 'approved' }));
      if (status === 'rejected') log.run(aDecision(parent.id, { action: 'reject' }));
      if (status === 'spam') log.run(aDecision(parent.id, { action: 'spam' }));
      if (status === 'deleted') log.run(aDeletion(parent.id));
      expect(log.comment(parent.id).status).toBe(status);
      expect(log.fail(aPost({ parentId: parent.id })).code).toBe('PARENT_GONE');
    },
  );

  it('is no answer to a comment of another thread, nor to one that is not there', () => {
    const other = createLog('article-2').post(aPost());
    const log = createLog();
    expect(log.fail(aPost({ parentId: other.id })).code).toBe('PARENT_GONE');
    expect(log.fail(aPost({ parentId: 'nonsense' })).code).toBe('PARENT_GONE');
  });

  it('goes as deep as the limit, and no deeper', () => {
    const log = createLog();
    let parentId = log.post(aPost()).id;
    for (let depth = 1; depth <= limits.depth; depth += 1) {
      const reply = log.post(aPost({ parentId }));
      expect(reply.depth).toBe(depth);
      parentId = reply.id;
    }
    expect(log.fail(aPost({ parentId })).details.errors).toEqual([
      expect.objectContaining({ path: 'parentId' }),
    ]);
    expect(log.thread().count).toBe(limits.depth + 1);
  });

  it('is refused by a closed thread, from the very time it closes', () => {
    const log = createLog();
    const root = log.post(aPost());
    log.run(aSetting({ closesAt: log.now + 1_000 }));
    log.now += 999;
    log.post(aPost());
    log.now += 1;
    expect(log.fail(aPost()).code).toBe('THREAD_CLOSED');
    expect(log.fail(aPost({ parentId: root.id })).code).toBe('THREAD_CLOSED');
    log.run(aSetting({ closesAt: null }));
    log.post(aPost());
    log.run(aSetting({ state: 'closed' }));
    expect(log.fail(aPost()).code).toBe('THREAD_CLOSED');
  });

  it('waits for an announcement where the site asks for one', () => {
    const log = createLog();
    const post = aPost({ announcedOnly: true, article: { title: 'Mine', url: null } });
    expect(log.fail(post).code).toBe('NOT_ANNOUNCED');
    log.run({ type: 'announce', title: 'Theirs', url: 'https://a.example/' });
    log.post(post);
    expect(log.thread().title).toBe('Theirs');
  });

  it('names an article only while it has no name', () => {
    const log = createLog();
    log.post(aPost({ article: { title: 'One', url: null } }));
    log.post(aPost({ article: { title: 'Two', url: 'https://a.example/2' } }));
    log.post(aPost({ article: { title: 'Three', url: 'https://a.example/3' } }));
    expect(log.thread()).toMatchObject({ title: 'One', url: 'https://a.example/2' });
  });

  it('waits in slow mode, an author apart from others, and a service never', () => {
    const log = createLog();
    log.run(aSetting({ slowModeSeconds: 60 }));
    log.post(aPost({ slowMode: true }));
    log.now += 59_001;
    const error = log.fail(aPost({ slowMode: true }));
    expect(error).toMatchObject({ code: 'RATE_LIMITED', details: { retryAfter: 1 } });
    log.post(aPost({ slowMode: true, author: anAuthor({ id: 'other' }) }));
    log.post(aPost({ slowMode: false }));
    log.now += 60_000;
    log.post(aPost({ slowMode: true }));
  });

  it('waits in slow mode for a post of the same batch too', () => {
    const log = createLog();
    log.run(aSetting({ slowModeSeconds: 60 }));
    const { results } = log.settle(aPost({ slowMode: true }), aPost({ slowMode: true }));
    expect(results.map(({ ok }) => ok)).toEqual([true, false]);
  });
});

describe('a key', () => {
  it('makes one comment, then and in the same batch', () => {
    const log = createLog();
    const post = aPost({ idem: 'key', bodyHash: 'body' });
    const { results } = log.settle(post, { ...post, entropy: '0'.repeat(16) }, post);
    const outcomes = results.map((result) => (result.ok ? result.outcome : null));
    expect(outcomes.map((one) => one?.replayed)).toEqual([false, true, true]);
    expect(new Set(outcomes.map((one) => one?.comment?.id)).size).toBe(1);
    expect(log.run(post)).toMatchObject({
      replayed: true,
      comment: { id: outcomes[0]?.comment?.id },
    });
    expect(log.comments().size).toBe(1);
    expect(log.thread()).toMatchObject({ rev: 1, count: 1 });
  });

  it('is refused for another body, in the same batch too', () => {
    const log = createLog();
    const post = aPost({ idem: 'key', bodyHash: 'body' });
    const { results } = log.settle(post, aPost({ idem: 'key', bodyHash: 'other' }));
    expect(results[1]).toMatchObject({ ok: false, error: { code: 'IDEMPOTENCY_MISMATCH' } });
    expect(log.fail(aPost({ idem: 'key', bodyHash: 'other' })).code).toBe('IDEMPOTENCY_MISMATCH');
  });

  it('is answered even where a new post would be refused', () => {
    const log = createLog();
    const root = log.post(aPost());
    const post = aPost({ idem: 'key', bodyHash: 'body', parentId: root.id, slowMode: true });
    const { id } = log.post(post);
    log.run(aDecision(root.id, { action: 'reject' }));
    log.run(aSetting({ state: 'closed', slowModeSeconds: 60 }));
    expect(log.run(post)).toMatchObject({ replayed: true, comment: { id } });
  });

  it('is answered with the comment as it is now, and lives on after a deletion', () => {
    const log = createLog();
    const post = aPost({ idem: 'key', bodyHash: 'body' });
    const { id } = log.post(post);
    log.run(aDeletion(id));
    const again = log.run(aPost({ idem: 'key', bodyHash: 'whatever', text: aText('new') }));
    expect(again).toMatchObject({ replayed: true, comment: { id, status: 'deleted', source: '' } });
  });

  it('sees what the operations after it did in its batch', () => {
    const log = createLog();
    const post = aPost({ idem: 'key' });
    const { id } = log.post(post);
    const { results } = log.settle(post, aDecision(id, { action: 'reject' }));
    expect(results[0]).toMatchObject({ outcome: { comment: { status: 'rejected' } } });
  });
});

describe('ids and time', () => {
  it('rise within a batch and a millisecond', () => {
    const log = createLog();
    const zeros = Array.from({ length: 5 }, () => aPost({ entropy: '0'.repeat(16) }));
    log.settle(aPost({ entropy: 'Z'.repeat(16) }), ...zeros);
    const ids = [...log.comments().keys()];
    expect(ids).toEqual(ids.toSorted());
    expect(new Set(ids).size).toBe(6);
  });

  it('never run backwards with the clock', () => {
    const log = createLog();
    const first = log.post(aPost());
    log.now -= 3_600_000;
    const second = log.post(aPost());
    expect(second.createdAt).toBe(first.createdAt);
    expect(second.id > first.id).toBe(true);
    expect(log.changes().map(({ at }) => at)).toEqual([first.createdAt, first.createdAt]);
    log.now += 7_200_000;
    const third = log.post(aPost());
    expect(ulidTime(third.id.slice(16))).toBe(log.now);
  });
});
