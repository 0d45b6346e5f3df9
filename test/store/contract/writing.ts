import { firstBroken } from '../../../src/domain/audit.js';
import { DomainError } from '../../../src/domain/errors.js';
import { ulidAt } from '../../../src/domain/ulid.js';
import {
  aDecision,
  aDeletion,
  aModerator,
  anAuthor,
  anEdit,
  aPost,
  aReport,
  aSetting,
  aText,
  aVote,
} from '../../helpers/factories.js';
import { inParallel, readRevisions, upTo, type Harness } from './harness.js';
import { name, tk } from './names.js';

/** What writes promise. */
export function describeWriting({ clock, store, write, put, opened }: Harness): void {
  describe('writing', () => {
    it('takes ids from the domain and keeps times in UTC milliseconds', async () => {
      const operation = aPost();
      const comment = await put(operation);
      expect(comment.id).toBe(tk + ulidAt(clock.now(), operation.entropy));
      expect(comment.createdAt).toBe(clock.now());
      expect((await store().threads.readComment(tk, comment.id))?.comment).toEqual(comment);
    });

    it('tells whether the thread was made by it', async () => {
      expect((await write(aPost())).created).toBe(true);
      expect((await write(aPost())).created).toBe(false);
    });

    it('answers a stale version with CONFLICT and the row', async () => {
      const { id } = await put(aPost());
      const present = await put(aDecision(id, { expectedVersion: 0 }));
      const error = await write(aDecision(id, { action: 'spam', expectedVersion: 0 })).catch(
        (reason: unknown) => reason,
      );
      expect(error).toBeInstanceOf(DomainError);
      expect(error).toMatchObject({ code: 'CONFLICT', details: { current: present } });
    });

    it('makes one comment of one key, however many ask at once', async () => {
      const outcomes = await inParallel(100, () => write(aPost({ idem: 'key', bodyHash: 'body' })));
      expect(new Set(outcomes.map(({ comment }) => comment?.id)).size).toBe(1);
      expect(outcomes.filter(({ replayed }) => !replayed)).toHaveLength(1);
      expect((await store().threads.readThread(tk))?.count).toBe(1);
      await expect(write(aPost({ idem: 'key', bodyHash: 'other' }))).rejects.toMatchObject({
        code: 'IDEMPOTENCY_MISMATCH',
      });
    });

    it('REL-2 knows a key after a restart, and uses no revision for a repeat', async () => {
      const first = await put(aPost({ idem: 'key', bodyHash: 'body' }));
      const again = await opened().reopen();
      const repeat = await again.threads.write(name, aPost({ idem: 'key', bodyHash: 'body' }));
      expect(repeat).toMatchObject({ replayed: true, comment: { id: first.id } });
      expect((await again.threads.readThread(tk))?.rev).toBe(1);
      expect((await again.threads.findRepeat(tk, 'key'))?.id).toBe(first.id);
    });

    it('adds up 100 parallel posts, with ids that rise and differ', async () => {
      const outcomes = await inParallel(100, () => write(aPost()));
      expect(new Set(outcomes.map(({ comment }) => comment?.id)).size).toBe(100);
      expect((await store().threads.readThread(tk))?.count).toBe(100);
    });

    it('adds up 100 parallel votes, and counts one a reader', async () => {
      const { id } = await put(aPost());
      await inParallel(100, (i) => write(aVote(id, { actorId: `v${i}`, value: i < 70 ? 1 : -1 })));
      await inParallel(20, () => write(aVote(id, { actorId: 'v0', value: -1 })));
      await write(aVote(id, { actorId: 'v1', value: 0 }));
      expect((await store().threads.readComment(tk, id))?.comment).toMatchObject({
        up: 68,
        down: 31,
        score: 37,
      });
    });

    it('adds up 100 parallel reports, and counts one an address', async () => {
      const { id } = await put(aPost());
      await inParallel(100, (i) => write(aReport(id, { ipKey: `address-${i}` })));
      await inParallel(20, (i) => write(aReport(id, { ipKey: 'address-1', actorId: `r${i}` })));
      expect((await store().threads.readComment(tk, id))?.comment.reports).toBe(100);
    });

    it('numbers revisions without gaps under parallel writers', async () => {
      const { id } = await put(aPost());
      await inParallel(40, (i) =>
        write(i % 2 ? aPost({ parentId: id }) : aVote(id, { actorId: `v${i}` })),
      );
      const thread = await store().threads.readThread(tk);
      expect(await readRevisions(store())).toEqual(upTo(thread?.rev ?? 0));
    });

    it('alters nothing by an operation that fails, and takes nobody with it', async () => {
      const [good, bad, other] = await Promise.allSettled([
        write(aPost()),
        write(aVote(`${tk}00000000000000000000000000`)),
        write(aPost()),
      ]);
      expect([good.status, bad.status, other.status]).toEqual([
        'fulfilled',
        'rejected',
        'fulfilled',
      ]);
      expect(bad).toMatchObject({ reason: { code: 'NOT_FOUND' } });
      expect((await store().threads.readThread(tk))?.count).toBe(2);
    });

    it('refuses text that cannot be kept as it is, alone', async () => {
      const attempts = await Promise.allSettled([
        write(aPost({ text: aText('before') })),
        write(aPost({ text: aText('nul \0 within') })),
        write(aPost({ text: aText('half a \ud83d pair') })),
        write(aPost({ text: aText('after') })),
      ]);
      expect(attempts.map(({ status }) => status)).toEqual([
        ...['fulfilled', 'rejected', 'rejected', 'fulfilled'],
      ]);
      expect(attempts[1]).toMatchObject({ reason: { code: 'MALFORMED_TEXT' } });
      expect((await store().threads.readThread(tk))?.count).toBe(2);
    });

    it.each([
      ['emoji', '👩‍👩‍👧‍👦 🏳️‍🌈 ❤️'],
      ['right to left', 'שלום עולם مرحبا ‏\u202Eabc\u202C'],
      ['operators of databases', `{"$gt": ""} $where a.b.c '; drop table comments; -- %_\\`],
      ['white space', ' \t\r\n leading and trailing \u00a0\u2028 \n'],
      ['combining', 'e\u0301 is not é, Å is not Å'],
      ['10,000 characters', 'Zwölf Boxkämpfer 🥊 '.repeat(500)],
    ])('keeps text byte for byte: %s', async (_, source) => {
      const text = { ...aText(source), fingerprint: source.slice(0, 20) };
      const author = anAuthor({
        name: source.slice(0, 40).toWellFormed(),
        badges: ['$set', 'a.b'],
      });
      const reasons = [{ rule: '$rule.one', message: source.slice(0, 30).toWellFormed() }];
      const { id } = await put(aPost({ text, author, reasons }));
      const again = await opened().reopen();
      const found = await again.threads.readComment(tk, id);
      expect(found?.comment).toMatchObject({ ...text, author, reasons });
    });

    it('keeps what was before and after an act, dotted keys and all', async () => {
      const { id } = await put(aPost());
      await write(aDecision(id, { note: '$note', reason: 'a.b' }));
      await write(aSetting({ state: 'closed', notice: 'Closed for the night. 🌙' }));
      const audit = await store().threads.readAudit(tk);
      const thread = await store().threads.readThread(tk);
      expect(audit.map(({ action, target }) => [action, target])).toEqual([
        ['reject', id],
        ['set', null],
      ]);
      expect(audit[0]).toMatchObject({ note: '$note', reason: 'a.b', by: aModerator() });
      expect(firstBroken(audit, thread?.auditHead ?? '')).toBeNull();
      expect(thread).toMatchObject({ state: 'closed', notice: 'Closed for the night. 🌙' });
    });

    it('undoes a decision that it finds by its id, in its own thread only', async () => {
      const { id } = await put(aPost());
      const { decisionId } = await write(aDecision(id));
      const undo = {
        type: 'undo',
        decisionId: decisionId ?? '',
        by: aModerator(),
        entropy: '0'.repeat(16),
      } as const;
      const elsewhere = { ...name, article: 'elsewhere' };
      await expect(store().threads.write(elsewhere, undo)).rejects.toMatchObject({
        code: 'NOT_FOUND',
      });
      expect((await put(undo)).status).toBe('approved');
    });

    it('finds texts of an older policy, threads after threads, and none that is erased', async () => {
      const old = { ...aText('Old.'), policy: 1 };
      const { id: first } = await put(aPost({ text: old }));
      const { id: second } = await put(aPost({ text: old }));
      const { id: erased } = await put(aPost({ text: old }));
      await put(aPost({ text: { ...aText('Of today.'), policy: 2 } }));
      await write(aDeletion(erased));
      const { threads } = store();
      const found = await threads.readOutdated(2, '', 10);
      expect(found.map(({ id }) => id)).toEqual([first, second]);
      expect((await threads.readOutdated(2, '', 1)).map(({ id }) => id)).toEqual([first]);
      expect((await threads.readOutdated(2, first, 1)).map(({ id }) => id)).toEqual([second]);
    });

    it('SEC-91 keeps earlier texts until the comment is erased, and erases all traces', async () => {
      const { id } = await put(aPost({ text: { ...aText('First.'), fingerprint: 'print' } }));
      await write(aVote(id));
      await write(aReport(id, { text: 'Mentions a neighbour.' }));
      await write(anEdit(id));
      expect(await store().threads.readEarlierTexts(id)).toMatchObject([
        { commentId: id, tk, version: 0, source: 'First.' },
      ]);
      await write(aDeletion(id));
      expect(await store().threads.readEarlierTexts(id)).toEqual([]);
      expect((await store().threads.readMine(tk, 'voter-1', null)).votes.size).toBe(0);
      const found = await store().threads.readComment(tk, id);
      expect(found?.comment).toMatchObject({ author: null, source: '', text: '', shown: false });
    });

    it('holds slow mode to the last post of the author in this thread', async () => {
      const elsewhere = { ...name, article: 'elsewhere' };
      await write(aSetting({ slowModeSeconds: 60 }));
      await store().threads.write(elsewhere, aPost({ slowMode: true }));
      await write(aPost({ slowMode: true }));
      await expect(write(aPost({ slowMode: true }))).rejects.toMatchObject({
        code: 'RATE_LIMITED',
      });
      await write(aPost({ slowMode: true, author: anAuthor({ id: 'author-2' }) }));
      clock.advance(60_000);
      await write(aPost({ slowMode: true }));
    });

    it('never lets the time of a thread run backwards', async () => {
      const first = await put(aPost());
      clock.advance(-3_600_000);
      const second = await put(aPost());
      expect(second.createdAt).toBe(first.createdAt);
      expect(second.id > first.id).toBe(true);
    });

    it('gives results that are copies', async () => {
      const { thread, comment } = await write(aPost({ author: anAuthor({ badges: ['staff'] }) }));
      // whoever breaks the rule of readonly must not break the store
      (comment!.author!.badges as string[]).push('forged');
      (thread.pinned as unknown[]).push({ id: 'forged', reason: '' });
      const read = await store().threads.readComment(tk, comment!.id);
      expect(read?.comment.author?.badges).toEqual(['staff']);
      expect(read?.thread.pinned).toEqual([]);
      (read!.comment.reasons as unknown[]).push('forged');
      expect((await store().threads.readComment(tk, comment!.id))?.comment.reasons).toEqual([]);
    });
  });
}
