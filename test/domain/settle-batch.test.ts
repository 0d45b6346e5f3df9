import { limits } from '../../src/contract/limits.js';
import type { Operation } from '../../src/domain/operation.js';
import { viewChanged } from '../../src/domain/views.js';
import {
  aDecision,
  aDeletion,
  anAuthor,
  anEdit,
  aPost,
  aText,
  aVote,
} from '../helpers/factories.js';
import { createLog, type Log } from '../helpers/log.js';

/** Settles all operations, batch after batch, as a store does. */
function settleAll(log: Log, operations: readonly Operation[]): number {
  let batches = 0;
  for (let rest = operations; rest.length > 0; batches += 1) {
    const { results } = log.settle(...rest);
    expect(results.length).toBeGreaterThan(0);
    rest = rest.slice(results.length);
  }
  return batches;
}

/** Bytes of the items of each change as a reader is sent them right after it. */
function largestFrame(log: Log): number {
  const sizes = log.changes().map((change) => {
    const ids = [...change.ids, ...change.counted];
    const items = ids.map((id) => viewChanged(log.comment(id), change.counted.includes(id)));
    return Buffer.byteLength(JSON.stringify(items));
  });
  return Math.max(...sizes);
}

describe('a batch', () => {
  it('is one change, and each operation builds on those before it', () => {
    const log = createLog();
    const { id } = log.post(aPost());
    const { results, change } = log.settle(
      aVote(id),
      anEdit(id),
      aDecision(id, { action: 'pin', expectedVersion: 1 }),
      aDeletion(id),
      aVote(id, { actorId: 'late' }),
      aPost({ parentId: id }),
    );
    expect(results.map((result) => (result.ok ? 'ok' : result.error.code))).toEqual([
      ...['ok', 'ok', 'ok', 'ok', 'NOT_FOUND', 'PARENT_GONE'],
    ]);
    expect(change).toMatchObject({ rev: 2, ids: [id], counted: [], desk: [] });
    expect(log.thread()).toMatchObject({ rev: 2, count: 0, pinned: [] });
  });

  it('may answer a comment of its own', () => {
    const log = createLog();
    const root = aPost({ entropy: '0'.repeat(16) });
    const id = createLog().post(root).id;
    const { results, change } = log.settle(root, aPost({ parentId: id }));
    expect(results.map(({ ok }) => ok)).toEqual([true, true]);
    expect(log.comment(id)).toMatchObject({ replies: 1, rev: 1 });
    expect(change).toMatchObject({ counted: [] });
    expect(change?.ids).toHaveLength(2);
  });

  it('in which everything fails or changes nothing uses no number', () => {
    const log = createLog();
    const { id } = log.post(aPost({ idem: 'key' }));
    const before = log.thread();
    const settled = log.settle(aVote(id, { value: 0 }), aVote('nothing'), aPost({ idem: 'key' }));
    expect(settled).toMatchObject({ change: null, comments: [], votes: [], audit: [] });
    expect(settled.thread).toEqual(before);
    expect(log.post(aPost()).rev).toBe(2);
  });

  it('alters at most 100 rows, and settles the rest in the next ones', () => {
    const log = createLog();
    const leaves = [1, 2, 3, 4].map(() => {
      let parentId: string | null = null;
      for (let i = 0; i < limits.depth; i += 1) parentId = log.post(aPost({ parentId })).id;
      return parentId!;
    });
    const before = log.changes().length;
    const batches = settleAll(
      log,
      leaves.map((id) => aDecision(id, { action: 'reject' })),
    );
    expect(batches).toBe(2);
    for (const { ids, counted, desk } of log.changes().slice(before)) {
      expect(ids.length + counted.length + desk.length).toBeLessThanOrEqual(limits.pageItems);
    }
    expect(log.thread().count).toBe(4 * limits.depth - 4);
  });

  it.each([
    ['short ones', aText('x'.repeat(900)), 'a'],
    ['long ones', aText('x'.repeat(40_000)), 'a'],
    ['another script', aText('ш'.repeat(20_000)), 'a'],
    ['much to escape', aText('"\n\\'.repeat(9_000)), 'a'],
    ['long names of articles', aText(), 'ж'.repeat(200)],
  ])('stays small enough to be sent in one piece: %s', (_what, text, article) => {
    const log = createLog(article);
    const author = anAuthor({ name: 'ш'.repeat(40), badges: ['б'.repeat(40)] });
    settleAll(
      log,
      Array.from({ length: 64 }, () => aPost({ text, author })),
    );
    expect(log.comments().size).toBe(64);
    expect(largestFrame(log)).toBeLessThanOrEqual(limits.changesBytes);
  });

  it('stays small enough where it brings long texts back', () => {
    const log = createLog();
    const text = aText('x'.repeat(60_000));
    const ids = Array.from({ length: 6 }, () => log.post(aPost({ text, status: 'pending' })).id);
    settleAll(
      log,
      ids.map((id) => aDecision(id, { action: 'approve' })),
    );
    settleAll(
      log,
      ids.map((id) => anEdit(id, { text })),
    );
    expect(log.thread().count).toBe(6);
    expect(largestFrame(log)).toBeLessThanOrEqual(limits.changesBytes);
  });

  it('takes an operation that is large by itself', () => {
    const log = createLog();
    const huge = aPost({ text: aText('x'.repeat(limits.htmlBytes)) });
    expect(log.settle(huge, huge).results).toHaveLength(1);
  });
});
