import { threadKey } from '../../../src/domain/thread.js';
import { aDecision, anAuthor, aPost, aText, aVote } from '../../helpers/factories.js';
import { readRoots, type Harness } from './harness.js';
import { name, tk } from './names.js';

/** What reads of people, texts and many threads promise, and of what is not there. */
export function describeReading({ store, write, put, clock }: Harness): void {
  describe('what is missing', () => {
    it('is null or empty, never an error', async () => {
      const { threads, directory } = store();
      const id = `${tk}01M844DZG0K9BXBGGWGHAEX20J`;
      const page = { sort: 'top', limit: 10, cursor: null, previews: 3 } as const;
      expect(await threads.readThread(tk)).toBeNull();
      expect(await threads.readPage(tk, page)).toMatchObject({
        thread: null,
        rows: [],
        next: null,
      });
      expect(await threads.readBranch(tk, { parentId: id, limit: 10, cursor: null })).toEqual({
        thread: null,
        rows: [],
        next: null,
      });
      expect(await threads.readComment(tk, id)).toBeNull();
      expect(await threads.readContext(tk, id)).toBeNull();
      expect(await threads.findRepeat(tk, 'key')).toBeNull();
      expect(await threads.readLog(tk, 0, 100)).toEqual({
        thread: null,
        changes: [],
        comments: [],
        more: false,
      });
      const nothing = { thread: null, votes: new Map(), held: [], replies: [] };
      expect(await threads.readMine(tk, 'author-1', 0)).toEqual(nothing);
      expect((await threads.readHeads([tk])).size).toBe(0);
      expect(await threads.readEarlierTexts(id)).toEqual([]);
      expect(await threads.readAudit(tk)).toEqual([]);
      expect(await directory.getSite('demo')).toBeNull();
      expect(await directory.listSites()).toEqual([]);
      expect(await directory.findKey('hash')).toBeNull();
      expect(await directory.listKeys(null)).toEqual([]);
      expect(await directory.getPerson('demo', 'nobody')).toBeNull();
      expect(await directory.findSession('hash')).toBeNull();
    });
  });

  describe('what is personal', () => {
    it('is an author’s votes, own rows that are not public, and answers to own ones', async () => {
      const mine = anAuthor({ id: 'me' });
      const own = await put(aPost({ author: mine }));
      const other = await put(aPost());
      await write(aVote(other.id, { actorId: 'me', value: -1 }));
      const early = await put(aPost({ parentId: own.id }));
      const since = (await store().threads.readThread(tk))!.rev;
      const late = await put(aPost({ parentId: own.id }));
      await put(aPost({ parentId: own.id, author: mine }));
      await put(aPost({ parentId: own.id, status: 'pending' }));
      const held = await put(aPost({ author: mine, status: 'pending' }));
      const hidden = await put(aPost({ author: mine }));
      await write(aDecision(hidden.id));
      const read = await store().threads.readMine(tk, 'me', since);
      expect([...read.votes]).toEqual([[other.id, -1]]);
      expect(read.held.map(({ id }) => id).toSorted()).toEqual([held.id, hidden.id].toSorted());
      expect(read.replies.map(({ id }) => id)).toEqual([late.id]);
      const all = await store().threads.readMine(tk, 'me', 0);
      expect(all.replies.map(({ id }) => id).toSorted()).toEqual([early.id, late.id].toSorted());
      expect((await store().threads.readMine(tk, 'me', null)).replies).toEqual([]);
    });

    it('leaves out a vote that was taken back', async () => {
      const { id } = await put(aPost());
      await write(aVote(id));
      await write(aVote(id, { value: 0 }));
      expect((await store().threads.readMine(tk, 'voter-1', null)).votes.size).toBe(0);
    });
  });

  describe('heads', () => {
    it('tell counts and revisions of many threads at once', async () => {
      await put(aPost());
      await put(aPost());
      await put(aPost({ status: 'pending' }));
      const elsewhere = { ...name, article: 'elsewhere' };
      await store().threads.write(elsewhere, aPost());
      const heads = await store().threads.readHeads([tk, threadKey(elsewhere), 'never-seen-tk000']);
      expect([...heads].toSorted()).toEqual(
        [
          [tk, { count: 2, rev: 3 }],
          [threadKey(elsewhere), { count: 1, rev: 1 }],
        ].toSorted(),
      );
    });
  });

  describe('the history of an author and a text', () => {
    it('counts approved comments, and the same text within its windows', async () => {
      const text = { ...aText(), fingerprint: 'print' };
      const other = anAuthor({ id: 'author-2' });
      await put(aPost({ text, author: other }));
      clock.advance(40 * 60_000);
      await put(aPost({ text }));
      clock.advance(10 * 60_000);
      await put(aPost({ text }));
      await put(aPost({ text, author: other }));
      await put(aPost({ status: 'pending' }));
      const read = (print: string | null, site = 'demo') =>
        store().threads.readHistory(site, 'author-1', print, clock.now());
      expect(await read('print')).toEqual({ approved: 2, sameByAuthor: 1, sameOnSite: 4 });
      expect(await read('other')).toEqual({ approved: 2, sameByAuthor: 0, sameOnSite: 0 });
      expect(await read(null)).toEqual({ approved: 2, sameByAuthor: 0, sameOnSite: 0 });
      expect(await read('print', 'b')).toEqual({ approved: 0, sameByAuthor: 0, sameOnSite: 0 });
      clock.advance(11 * 60_000);
      expect(await read('print')).toEqual({ approved: 2, sameByAuthor: 0, sameOnSite: 3 });
    });
  });

  describe('sites', () => {
    it('never see each other’s rows', async () => {
      const there = { site: 'other', article: name.article };
      const key = threadKey(there);
      const mine = await put(aPost({ idem: 'key' }));
      const { comment } = await store().threads.write(there, aPost({ idem: 'key' }));
      expect(comment?.id).not.toBe(mine.id);
      expect(await store().threads.readComment(key, mine.id)).toBeNull();
      expect(await store().threads.readContext(key, mine.id)).toBeNull();
      expect((await store().threads.findRepeat(key, 'key'))?.id).toBe(comment?.id);
      await expect(store().threads.write(there, aVote(mine.id))).rejects.toMatchObject({
        code: 'NOT_FOUND',
      });
      await expect(
        store().threads.write(there, aPost({ parentId: mine.id })),
      ).rejects.toMatchObject({ code: 'PARENT_GONE' });
      expect((await readRoots(store(), 'newest', 10, key)).map(({ id }) => id)).toEqual([
        comment?.id,
      ]);
    });
  });
}
