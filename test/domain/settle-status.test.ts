import type { Status } from '../../src/contract/comment.js';
import type { Comment } from '../../src/domain/comment.js';
import type { DecisionAction, Operation } from '../../src/domain/operation.js';
import { aDecision, aDeletion, anEdit, aPost, aReason, aReport } from '../helpers/factories.js';
import { createLog, type Log } from '../helpers/log.js';

type Step = 'approve' | 'reject' | 'spam' | 'hold' | 'delete';

/** The state machine as the design draws it; what is absent is impossible. */
const table: Record<Status, Partial<Record<Step, Status>>> = {
  pending: { approve: 'approved', reject: 'rejected', spam: 'spam', delete: 'deleted' },
  approved: { reject: 'rejected', spam: 'spam', hold: 'pending', delete: 'deleted' },
  rejected: { approve: 'approved', spam: 'spam', delete: 'deleted' },
  spam: { approve: 'approved', reject: 'rejected', delete: 'deleted' },
  deleted: {},
};

/** The ways into each status: held at first and never public, or once approved. */
const ways: Record<Status, readonly (readonly Step[])[]> = {
  approved: [[], ['reject', 'approve']],
  pending: [['hold']],
  rejected: [['reject'], ['spam', 'reject'], ['hold', 'reject']],
  spam: [['spam'], ['reject', 'spam']],
  deleted: [['delete'], ['reject', 'delete']],
};

const neverPublic: Record<Exclude<Status, 'approved'>, readonly Step[]> = {
  pending: [],
  rejected: ['reject'],
  spam: ['spam'],
  deleted: ['delete'],
};

interface Case {
  readonly status: Status;
  readonly wasPublic: boolean;
  readonly replied: boolean;
  readonly way: readonly Step[];
}

const cases: Case[] = [
  ...Object.entries(neverPublic).map(([status, way]) => ({
    ...{ status: status as Status, way },
    ...{ wasPublic: false, replied: false },
  })),
  ...Object.entries(ways).flatMap(([status, all]) =>
    all.flatMap((way) =>
      [true, false].map((replied) => ({
        ...{ status: status as Status, way },
        ...{ wasPublic: true, replied },
      })),
    ),
  ),
];

const steps: readonly Step[] = ['approve', 'reject', 'spam', 'hold', 'delete'];

const named = cases.flatMap((one) =>
  steps.map(
    (step) =>
      [
        step,
        one.status,
        one.wasPublic ? `public once (${one.way.join(', ') || 'still'})` : 'never public',
        one.replied ? 'answered' : 'not answered',
        one,
      ] as const,
  ),
);

/** How a step is asked for: `hold` is that of an edit or of reports, `delete` the author's or a moderator's. */
function asOperation(step: Step, comment: Comment, other: boolean): Operation {
  if (step === 'hold') {
    return other
      ? aReport(comment.id, { hideAt: 1, ipKey: `address-${comment.version}` })
      : anEdit(comment.id, { reasons: [aReason()], by: { id: 'middle', name: '', kind: 'guest' } });
  }
  if (step === 'delete' && other) {
    return aDeletion(comment.id, { by: { id: 'middle', name: '', kind: 'guest' } });
  }
  return aDecision(comment.id, { action: step });
}

/** root ← parent ← middle (← reply): the one in the middle goes its way. */
function build({ wasPublic, replied, way }: Case): { log: Log; ids: Ids } {
  const log = createLog();
  const root = log.post(aPost()).id;
  const parent = log.post(aPost({ parentId: root })).id;
  const author = { id: 'middle', name: 'M', kind: 'guest' as const, badges: [] };
  const status = wasPublic ? 'approved' : 'pending';
  const middle = log.post(aPost({ parentId: parent, author, status })).id;
  const reply = replied ? log.post(aPost({ parentId: middle })).id : null;
  for (const step of way) log.run(asOperation(step, log.comment(middle), true));
  return { log, ids: { root, parent, middle, reply } };
}

interface Ids {
  readonly root: string;
  readonly parent: string;
  readonly middle: string;
  readonly reply: string | null;
}

const approvedIn = (log: Log): number =>
  [...log.comments().values()].filter(({ status }) => status === 'approved').length;

describe.each([false, true])('each step from each state (asked the other way: %s)', (other) => {
  it.each(named)('%s of what is %s, %s, %s', (step, from, _w, _r, one) => {
    const { log, ids } = build(one);
    const before = log.comment(ids.middle);
    const parentBefore = log.comment(ids.parent);
    expect(before.status).toBe(from);
    const to = table[from][step];
    const operation = asOperation(step, before, other);
    // a held comment may be edited: it stays held
    const editsHeld = step === 'hold' && !other && from === 'pending';
    if (to === undefined && !editsHeld) {
      const { code } = log.fail(operation);
      const unknown = step === 'hold' ? other || from === 'deleted' : step === 'delete' && other;
      expect(code).toBe(unknown ? 'NOT_FOUND' : 'INVALID_TRANSITION');
      return;
    }
    log.now += 1_000;
    const { change, comments, audit } = log.settle(operation);
    const after = log.comment(ids.middle);
    const is = (to ?? from) === 'approved';
    const replies = ids.reply === null ? 0 : 1;
    const shown = is || replies > 0 ? true : one.wasPublic ? false : null;
    expect(after).toMatchObject({
      status: to ?? from,
      shown,
      replies,
      version: before.version + 1,
    });
    expect(after.firstRev).toBe(before.firstRev ?? (is ? change!.rev : null));

    const moved = (before.status === 'approved') !== is;
    const visible = moved || before.shown !== shown;
    expect(change).toMatchObject({
      ids: visible ? [ids.middle] : [],
      desk: visible ? [] : [ids.middle],
      head: moved,
    });
    expect(change!.counted.toSorted()).toEqual(moved ? [ids.root, ids.parent].toSorted() : []);
    expect(after.rev).toBe(visible ? change!.rev : before.rev);
    expect(log.thread().headRev === change!.rev).toBe(moved);
    expect(comments.map(({ id }) => id).toSorted()).toEqual(
      [...change!.ids, ...change!.counted, ...change!.desk].toSorted(),
    );

    const by = moved ? (is ? 1 : -1) : 0;
    expect(log.comment(ids.parent).replies).toBe(parentBefore.replies + by);
    expect(log.comment(ids.root).replies).toBe(approvedIn(log) - 1);
    expect(log.thread().count).toBe(approvedIn(log));
    expect(audit).toHaveLength(step === 'hold' && other ? 0 : 1);
    if (to === 'deleted') expect(after).toMatchObject(erased);
  });
});

const erased = {
  ...{ author: null, source: '', html: '', text: '', reasons: [] },
  ...{ bodyHash: null, fingerprint: null, ipKey: null, pinned: false, featured: false },
};

describe('tombstones', () => {
  const chain = () => {
    const log = createLog();
    const a = log.post(aPost()).id;
    const b = log.post(aPost({ parentId: a })).id;
    const c = log.post(aPost({ parentId: b })).id;
    return { log, a, b, c };
  };

  it('appear where a reply is left, and vanish with the last one, all the way up', () => {
    const { log, a, b, c } = chain();
    log.run(aDecision(a, { action: 'reject' }));
    log.run(aDeletion(b));
    expect(log.comment(a)).toMatchObject({ shown: true, status: 'rejected', replies: 1 });
    expect(log.comment(b)).toMatchObject({ shown: true, status: 'deleted', replies: 1 });
    const { change } = log.settle(aDecision(c, { action: 'reject' }));
    for (const id of [a, b, c]) {
      expect(log.comment(id)).toMatchObject({ shown: false, replies: 0, rev: change!.rev });
    }
    expect(change).toMatchObject({ counted: [], desk: [], head: true });
    expect(change!.ids.toSorted()).toEqual([a, b, c].toSorted());
    expect(log.thread().count).toBe(0);
  });

  it('come back with the reply, without being public again themselves', () => {
    const { log, a, b, c } = chain();
    for (const id of [a, b, c]) log.run(aDecision(id, { action: 'reject' }));
    const { change } = log.settle(aDecision(c, { action: 'approve' }));
    expect(change!.ids.toSorted()).toEqual([a, b, c].toSorted());
    expect(log.comment(a)).toMatchObject({ shown: true, status: 'rejected', firstRev: 1 });
    expect(log.comment(c)).toMatchObject({ shown: true, status: 'approved', firstRev: 3 });
    expect(log.thread().count).toBe(1);
  });

  it('only count where one of several replies goes', () => {
    const { log, a, b, c } = chain();
    log.run(aDecision(a, { action: 'reject' }));
    const { change } = log.settle(aDecision(c, { action: 'spam' }));
    expect(change).toMatchObject({ ids: [c] });
    expect(change!.counted.toSorted()).toEqual([a, b].toSorted());
    expect(log.comment(a)).toMatchObject({ shown: true, replies: 1 });
  });

  it('name a row once, as altered, that a batch both counts and alters', () => {
    const { log, a, b, c } = chain();
    const { change } = log.settle(
      aDecision(c, { action: 'reject' }),
      aDecision(b, { action: 'reject' }),
      aDecision(a, { action: 'reject' }),
    );
    expect(change).toMatchObject({ counted: [], desk: [] });
    expect(change!.ids.toSorted()).toEqual([a, b, c].toSorted());
  });

  it('leave the head alone where a batch takes back what it did', () => {
    const { log, c } = chain();
    const { change } = log.settle(
      aDecision(c, { action: 'reject' }),
      aDecision(c, { action: 'approve' }),
    );
    expect(change).toMatchObject({ rev: 4, head: false });
    expect(log.thread()).toMatchObject({ rev: 4, headRev: 3, count: 3 });
  });
});

describe('an impossible decision', () => {
  it('tells the row as it is', () => {
    const log = createLog();
    const { id } = log.post(aPost());
    const error = log.fail(aDecision(id, { action: 'approve' }));
    expect(error.details.current).toEqual(log.comment(id));
  });

  it('is a conflict where the version is stale, in the same batch too', () => {
    const log = createLog();
    const { id } = log.post(aPost());
    const reject = aDecision(id, { action: 'reject', expectedVersion: 0 });
    const { results } = log.settle(reject, aDecision(id, { action: 'spam', expectedVersion: 0 }));
    expect(results.map(({ ok }) => ok)).toEqual([true, false]);
    expect(results[1]).toMatchObject({
      error: { code: 'CONFLICT', details: { current: { version: 1, status: 'rejected' } } },
    });
    expect(log.fail(aDecision(id, { action: 'spam', expectedVersion: 0 })).code).toBe('CONFLICT');
    log.run(aDecision(id, { action: 'spam', expectedVersion: 1 }));
    log.run(aDecision(id, { action: 'reject', expectedVersion: null }));
  });

  it.each<DecisionAction>([
    'approve',
    'reject',
    'spam',
    'delete',
    'pin',
    'unpin',
    'feature',
    'unfeature',
  ])('does not know a comment that is not there (%s)', (action) => {
    const log = createLog();
    log.post(aPost());
    const elsewhere = createLog('article-2').post(aPost());
    expect(log.fail(aDecision(elsewhere.id, { action })).code).toBe('NOT_FOUND');
  });
});

describe('reasons', () => {
  it('are the moderator’s where there are words of one, else those of screening, and none once approved', () => {
    const log = createLog();
    const { id } = log.post(aPost({ status: 'pending', reasons: [aReason()] }));
    log.run(aDecision(id, { action: 'spam' }));
    expect(log.comment(id).reasons).toEqual([aReason()]);
    log.run(aDecision(id, { action: 'reject', reason: 'abuse', note: 'Be kind.' }));
    expect(log.comment(id).reasons).toEqual([{ rule: 'abuse', message: 'Be kind.' }]);
    log.run(aDecision(id, { action: 'spam', reason: 'spam' }));
    expect(log.comment(id).reasons).toEqual([{ rule: 'spam', message: 'spam' }]);
    log.run(aDecision(id, { action: 'approve' }));
    expect(log.comment(id).reasons).toEqual([]);
  });
});
