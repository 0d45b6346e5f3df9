import {
  aDecision,
  aDeletion,
  anAuthor,
  aPost,
  aReport,
  aSetting,
  aVote,
} from '../helpers/factories.js';
import { createLog } from '../helpers/log.js';

describe('a vote', () => {
  const values = [-1, 0, 1] as const;
  it.each(values.flatMap((from) => values.map((to) => [from, to] as const)))(
    'of %i, then of %i, counts as the last one',
    (from, to) => {
      const log = createLog();
      const { id } = log.post(aPost());
      if (from !== 0) log.run(aVote(id, { value: from }));
      const { change } = log.settle(aVote(id, { value: to }));
      expect(log.comment(id)).toMatchObject({
        ...{ up: Number(to === 1), down: Number(to === -1), version: 0 },
        score: Number(to === 1) - Number(to === -1),
      });
      if (from === to) expect(change).toBeNull();
      else expect(change).toMatchObject({ head: false, ids: [], counted: [id], desk: [] });
    },
  );

  it('adds up over readers, and over a batch', () => {
    const log = createLog();
    const { id } = log.post(aPost());
    log.settle(
      aVote(id, { actorId: 'a' }),
      aVote(id, { actorId: 'b' }),
      aVote(id, { actorId: 'c', value: -1 }),
      aVote(id, { actorId: 'b', value: -1 }),
      aVote(id, { actorId: 'a', value: 0 }),
    );
    expect(log.comment(id)).toMatchObject({ up: 0, down: 2, score: -2, rev: 2 });
    expect([...log.votes().values()].toSorted()).toEqual([-1, -1, 0]);
  });

  it('stands in a closed thread, and none on an own comment or one that is not public', () => {
    const log = createLog();
    const own = log.post(aPost({ author: anAuthor({ id: 'voter-1' }) }));
    const held = log.post(aPost({ status: 'pending' }));
    const gone = log.post(aPost());
    log.run(aDeletion(gone.id));
    const other = log.post(aPost());
    log.run(aSetting({ state: 'closed' }));
    expect(log.fail(aVote(own.id)).code).toBe('FORBIDDEN');
    for (const id of [held.id, gone.id, 'nothing']) {
      expect(log.fail(aVote(id)).code).toBe('NOT_FOUND');
    }
    log.run(aVote(other.id));
  });
});

describe('a report', () => {
  it('is told the desk, and moves neither status nor revision', () => {
    const log = createLog();
    const { id } = log.post(aPost());
    const { change } = log.settle(aReport(id));
    expect(change).toMatchObject({ rev: 2, head: false, ids: [], counted: [], desk: [id] });
    expect(log.comment(id)).toMatchObject({ reports: 1, rev: 1, version: 0, status: 'approved' });
    expect(log.reports()).toHaveLength(1);
  });

  it('counts once an address, in the same batch too', () => {
    const log = createLog();
    const { id } = log.post(aPost());
    log.settle(aReport(id), aReport(id, { actorId: 'other' }), aReport(id, { ipKey: 'address-2' }));
    expect(log.settle(aReport(id, { reason: 'hate' })).change).toBeNull();
    expect(log.comment(id).reports).toBe(2);
    expect(log.reports()).toHaveLength(2);
  });

  it('hides the comment at the threshold, and not before', () => {
    const log = createLog();
    const { id } = log.post(aPost());
    const report = (n: number) => aReport(id, { ipKey: `address-${n}`, hideAt: 3 });
    log.settle(report(1), report(2));
    expect(log.comment(id).status).toBe('approved');
    const { change } = log.settle(report(3));
    expect(log.comment(id)).toMatchObject({ status: 'pending', shown: false, version: 1 });
    expect(log.comment(id).reasons.map(({ rule }) => rule)).toEqual(['reports']);
    expect(change).toMatchObject({ head: true, ids: [id], desk: [] });
    expect(log.fail(report(4)).code).toBe('NOT_FOUND');
  });

  it('takes as many again after a moderator has approved it', () => {
    const log = createLog();
    const { id } = log.post(aPost());
    const report = (n: number) => log.run(aReport(id, { ipKey: `address-${n}`, hideAt: 2 }));
    report(1);
    report(2);
    log.run(aDecision(id, { action: 'approve' }));
    report(3);
    expect(log.comment(id)).toMatchObject({ status: 'approved', reports: 3 });
    report(4);
    expect(log.comment(id)).toMatchObject({ status: 'pending', reports: 4 });
  });

  it('is about a public comment only', () => {
    const log = createLog();
    const held = log.post(aPost({ status: 'pending' }));
    for (const id of [held.id, 'nothing']) expect(log.fail(aReport(id)).code).toBe('NOT_FOUND');
  });
});
