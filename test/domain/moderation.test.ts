import type { DecisionAction } from '../../src/domain/operation.js';
import { threadKey } from '../../src/domain/thread.js';
import { firstBroken } from '../../src/domain/audit.js';
import {
  aBody,
  aModeratorOf,
  aService,
  codeOf,
  openUseCases,
  thread,
  visitor,
  type UseCases,
} from '../helpers/use-cases.js';

let app: UseCases;
beforeEach(async () => {
  app = await openUseCases();
});
afterEach(() => app.close());

const post = async (): Promise<string> =>
  (await app.comments.post(await app.guest(), thread, aBody(), null)).comment.id;
const mo = async () => aModeratorOf(await app.member());

describe('decisions', () => {
  it('are for moderators of the site and services that may moderate', async () => {
    const id = await post();
    const other = { ...(await mo()), site: 'other' };
    const refused = [
      ...([
        [visitor, 'UNAUTHENTICATED'],
        [other, 'UNAUTHENTICATED'],
      ] as const),
      ...([
        [await app.guest(), 'FORBIDDEN'],
        [aService('read', 'write'), 'FORBIDDEN'],
      ] as const),
    ] as const;
    for (const [actor, code] of refused) {
      expect(await codeOf(app.moderation.decide(actor, thread, id, { action: 'spam' }))).toBe(code);
      expect(await codeOf(app.moderation.undo(actor, thread, 'x'))).toBe(code);
      expect(await codeOf(app.moderation.setThread(actor, thread, { state: 'closed' }))).toBe(code);
    }
    for (const actor of [await mo(), aService('moderate'), aService('admin')]) {
      const { decisionId } = await app.moderation.decide(actor, thread, id, { action: 'spam' });
      expect(await app.moderation.undo(actor, thread, decisionId)).toMatchObject({
        status: 'approved',
      });
    }
  });

  it.each<DecisionAction>(['reject', 'pin', 'feature'])('need a reason to %s', async (action) => {
    const id = await post();
    const decide = (reason?: string) =>
      app.moderation.decide(aService('moderate'), thread, id, {
        ...{ action, ...(reason !== undefined && { reason }) },
      });
    expect(await codeOf(decide())).toBe('INVALID_INPUT');
    expect(await codeOf(decide('other'))).toBe('ok');
  });

  it('of two moderators at once: one holds, the other is told how it is', async () => {
    const id = await post();
    const [a, b] = [await mo(), aService('moderate')];
    const answers = await Promise.allSettled([
      app.moderation.decide(a, thread, id, { action: 'spam', expectedVersion: 0 }),
      app.moderation.decide(b, thread, id, { action: 'delete', expectedVersion: 0 }),
    ]);
    expect(answers).toMatchObject([
      { status: 'fulfilled', value: { comment: { status: 'spam', version: 1 } } },
      {
        status: 'rejected',
        reason: { code: 'CONFLICT', details: { current: { status: 'spam' } } },
      },
    ]);
  });

  it('and settings leave a trail that is whole', async () => {
    const id = await post();
    const moderator = await mo();
    const decide = (action: DecisionAction) =>
      app.moderation.decide(moderator, thread, id, { action, reason: 'other', note: 'Words.' });
    const { decisionId } = await decide('pin');
    await app.moderation.undo(moderator, thread, decisionId);
    await decide('reject');
    await app.moderation.setThread(moderator, thread, { state: 'closed', notice: 'Enough.' });
    const tk = threadKey(thread);
    const entries = await app.store.threads.readAudit(tk);
    expect(entries.map(({ action }) => action)).toEqual(['pin', 'undo', 'reject', 'set']);
    expect(entries[0]).toMatchObject({ by: { kind: 'moderator', name: 'Mel' }, note: 'Words.' });
    expect(firstBroken(entries, (await app.store.threads.readThread(tk))!.auditHead)).toBeNull();
  });

  it('are found in their own thread only', async () => {
    const id = await post();
    const moderator = await mo();
    const { decisionId } = await app.moderation.decide(moderator, thread, id, { action: 'spam' });
    const elsewhere = { site: 'demo', article: 'article-2' };
    expect(await codeOf(app.moderation.undo(moderator, elsewhere, decisionId))).toBe('NOT_FOUND');
    const decision = { action: 'approve' } as const;
    expect(await codeOf(app.moderation.decide(moderator, elsewhere, id, decision))).toBe(
      'NOT_FOUND',
    );
  });

  it('undone restore the reasons that the author is told', async () => {
    const id = await post();
    const moderator = await mo();
    await app.moderation.decide(moderator, thread, id, { action: 'reject', reason: 'abuse' });
    const { decisionId } = await app.moderation.decide(moderator, thread, id, {
      ...{ action: 'spam', reason: 'spam' },
    });
    expect(await app.moderation.undo(moderator, thread, decisionId)).toMatchObject({
      ...{ status: 'rejected', reasons: [{ rule: 'abuse', message: 'abuse' }] },
    });
  });
});

describe('a closed thread', () => {
  it('takes no posts and edits, but votes, reports and deletions', async () => {
    const ada = await app.guest();
    const eve = await app.guest('Eve');
    const { id } = (await app.comments.post(ada, thread, aBody(), null)).comment;
    await app.moderation.setThread(await mo(), thread, { state: 'closed' });
    expect(await app.threads.view(thread)).toMatchObject({ state: 'closed' });
    expect(await codeOf(app.comments.post(ada, thread, aBody(), null))).toBe('THREAD_CLOSED');
    expect(await codeOf(app.comments.edit(ada, thread, id, aBody()))).toBe('THREAD_CLOSED');
    expect(await codeOf(app.comments.vote(eve, thread, id, 1))).toBe('ok');
    expect(await codeOf(app.comments.report(eve, thread, id, { reason: 'spam' }))).toBe('ok');
    expect(await codeOf(app.comments.remove(ada, thread, id))).toBe('ok');
  });
});
