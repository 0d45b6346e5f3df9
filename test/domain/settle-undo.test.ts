import type { Comment } from '../../src/domain/comment.js';
import type { DecisionAction } from '../../src/domain/operation.js';
import {
  aDecision,
  aDeletion,
  aModerator,
  anEdit,
  aPost,
  aReason,
  aVote,
} from '../helpers/factories.js';
import { createLog, type Log } from '../helpers/log.js';

let salt = 0;
const anUndo = (decisionId: string | null) => ({
  type: 'undo' as const,
  decisionId: decisionId ?? '',
  by: aModerator(),
  entropy: String((salt += 1)).padStart(16, '0'),
});

const decide = (log: Log, id: string, action: DecisionAction): string =>
  log.run(aDecision(id, { action, reason: 'other', note: `Why ${action}.` })).decisionId!;

/** All of a comment that a decision may alter. */
const decided = ({ status, reasons, pinned, featured, shown, replies, firstRev }: Comment) => ({
  ...{ status, reasons, pinned, featured, shown, replies, firstRev },
});

describe('pins and features', () => {
  it('stand on approved comments only, and are named for readers', () => {
    const log = createLog();
    const { id } = log.post(aPost());
    const { change } = log.settle(aDecision(id, { action: 'pin', reason: 'other', note: 'Read.' }));
    expect(log.thread().pinned).toEqual([{ id, reason: 'Read.' }]);
    expect(log.comment(id)).toMatchObject({ pinned: true, version: 1, rev: 2 });
    expect(change).toMatchObject({ head: true, ids: [id] });
    const feature = log.settle(aDecision(id, { action: 'feature', reason: 'other' }));
    expect(feature.change).toMatchObject({ head: false, ids: [id] });
    log.run(aDecision(id, { action: 'reject' }));
    expect(log.comment(id)).toMatchObject({ pinned: false, featured: false });
    expect(log.thread().pinned).toEqual([]);
    for (const action of ['pin', 'unpin', 'feature', 'unfeature'] as const) {
      expect(log.fail(aDecision(id, { action })).code).toBe('INVALID_TRANSITION');
    }
  });

  it.each([
    ['pin', 'pin'],
    ['feature', 'feature'],
    [null, 'unpin'],
    [null, 'unfeature'],
  ] as const)('after %s there is no %s', (first, second) => {
    const log = createLog();
    const { id } = log.post(aPost());
    if (first !== null) decide(log, id, first);
    expect(log.fail(aDecision(id, { action: second })).code).toBe('INVALID_TRANSITION');
  });

  it('are three pins at most', () => {
    const log = createLog();
    const ids = [1, 2, 3, 4].map(() => log.post(aPost()).id);
    for (const id of ids.slice(0, 3)) decide(log, id, 'pin');
    expect(log.fail(aDecision(ids[3]!, { action: 'pin' })).code).toBe('INVALID_TRANSITION');
    decide(log, ids[0]!, 'unpin');
    decide(log, ids[3]!, 'pin');
    expect(log.thread().pinned.map(({ id }) => id)).toEqual([ids[1], ids[2], ids[3]]);
  });
});

describe('undo', () => {
  const starts: readonly (readonly DecisionAction[])[] = [
    ...([[], ['pin'], ['feature'], ['pin', 'feature'], ['reject'], ['spam']] as const),
    ['reject', 'approve'],
  ];
  const actions: readonly DecisionAction[] = [
    ...(['approve', 'reject', 'spam', 'pin', 'unpin', 'feature', 'unfeature'] as const),
  ];
  const isPossible = (status: 'approved' | 'pending', way: readonly DecisionAction[]): boolean => {
    const log = createLog();
    const { id } = log.post(aPost({ status }));
    return way.every((action) => log.settle(aDecision(id, { action })).results[0]!.ok);
  };
  const all = starts.flatMap((start) =>
    (['approved', 'pending'] as const).flatMap((status) =>
      actions
        .filter((action) => isPossible(status, [...start, action]))
        .map((action) => [start.join(', ') || 'nothing', status, action, start] as const),
    ),
  );

  it.each(all)(
    'after %s on a comment posted as %s, of %s, restores all of it',
    (_s, status, action, start) => {
      const log = createLog();
      const others = [log.post(aPost()).id, log.post(aPost()).id];
      const root = log.post(aPost());
      const reasons = status === 'pending' ? [aReason()] : [];
      const { id } = log.post(aPost({ parentId: root.id, status, reasons }));
      decide(log, others[0]!, 'pin');
      for (const one of start) log.run(aDecision(id, { action: one, reason: 'abuse' }));
      decide(log, others[1]!, 'pin');
      const before = { row: log.comment(id), root: log.comment(root.id), thread: log.thread() };
      const outcome = log.run(aDecision(id, { action, reason: 'hate', note: 'No.' }));
      log.run(aVote(others[0]!));
      const undone = log.run(anUndo(outcome.decisionId));
      const after = log.comment(id);
      const firstRev = before.row.firstRev ?? outcome.comment!.firstRev;
      const shown = before.row.shown ?? (firstRev === null ? null : false);
      expect(decided(after)).toEqual({ ...decided(before.row), firstRev, shown });
      expect(after.version).toBe(before.row.version + 2);
      expect(decided(log.comment(root.id))).toEqual(decided(before.root));
      expect(log.thread()).toMatchObject({
        count: before.thread.count,
        pinned: before.thread.pinned,
      });
      const again = log.run(anUndo(undone.decisionId)).comment!;
      expect(decided(again)).toEqual(decided(outcome.comment!));
      expect(
        log
          .audit()
          .map((entry) => entry.action)
          .slice(-2),
      ).toEqual(['undo', 'undo']);
    },
  );

  it('puts a pin back where it stood, with its reason', () => {
    const log = createLog();
    const ids = [1, 2, 3].map(() => log.post(aPost()).id);
    for (const id of ids) log.run(aDecision(id, { action: 'pin', note: `Why ${ids.indexOf(id)}` }));
    const before = log.thread().pinned;
    for (const [id, action] of [
      [ids[0]!, 'unpin'],
      [ids[1]!, 'reject'],
    ] as const) {
      log.run(anUndo(decide(log, id, action)));
      expect(log.thread().pinned).toEqual(before);
    }
  });

  it('makes no fourth pin', () => {
    const log = createLog();
    const ids = [1, 2, 3, 4].map(() => log.post(aPost()).id);
    for (const id of ids.slice(0, 3)) decide(log, id, 'pin');
    const decision = decide(log, ids[0]!, 'reject');
    decide(log, ids[3]!, 'pin');
    expect(log.fail(anUndo(decision)).code).toBe('INVALID_TRANSITION');
  });

  it('is a conflict once something was decided or written since, and after a first undo', () => {
    const log = createLog();
    const { id } = log.post(aPost());
    const first = decide(log, id, 'reject');
    const second = decide(log, id, 'approve');
    const error = log.fail(anUndo(first));
    expect(error).toMatchObject({ code: 'CONFLICT', details: { current: log.comment(id) } });
    log.run(anUndo(second));
    expect(log.fail(anUndo(second)).code).toBe('CONFLICT');
    const third = decide(log, id, 'approve');
    log.run(anEdit(id));
    expect(log.fail(anUndo(third)).code).toBe('CONFLICT');
  });

  it('is possible for 24 hours', () => {
    const log = createLog();
    const { id } = log.post(aPost());
    const decision = decide(log, id, 'reject');
    log.now += 24 * 3_600_000 + 1;
    expect(log.fail(anUndo(decision)).code).toBe('INVALID_TRANSITION');
    log.now -= 1;
    const other = createLog();
    const post = other.post(aPost());
    const early = decide(other, post.id, 'reject');
    other.now += 24 * 3_600_000;
    other.run(anUndo(early));
  });

  it('brings back no deletion and takes back no edit', () => {
    const log = createLog();
    const [a, b, c] = [log.post(aPost()), log.post(aPost()), log.post(aPost())];
    log.run(anEdit(a.id));
    log.run(aDeletion(b.id));
    decide(log, c.id, 'delete');
    for (const entry of log.audit()) {
      expect(log.fail(anUndo(entry.id)).code).toBe('INVALID_TRANSITION');
    }
    expect(log.fail(anUndo('nothing')).code).toBe('NOT_FOUND');
  });

  it('does not bring back what its author has deleted since', () => {
    const log = createLog();
    const { id } = log.post(aPost());
    const decision = decide(log, id, 'reject');
    log.run(aDeletion(id));
    expect(log.fail(anUndo(decision)).code).toBe('CONFLICT');
  });
});
