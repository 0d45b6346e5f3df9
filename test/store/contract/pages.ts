import type { Comment } from '../../../src/domain/comment.js';
import { ancestorIds } from '../../../src/domain/comment.js';
import { threadKey } from '../../../src/domain/thread.js';
import { aDecision, aPost, aText, aVote } from '../../helpers/factories.js';
import { readRoots, type Harness } from './harness.js';
import { name, tk } from './names.js';

const sorts = ['newest', 'oldest', 'top', 'replies'] as const;

/** What pages of roots, branches and contexts promise. */
export function describePages(harness: Harness): void {
  const { store, write, put, clock } = harness;

  /** Eight roots with ties in score and replies, some held, hidden or tombstones. */
  const plant = async (): Promise<Comment[]> => {
    const roots: Comment[] = [];
    for (let i = 0; i < 8; i += 1) {
      clock.advance(1_000);
      roots.push(await put(aPost({ text: aText(`Root ${i}`) })));
    }
    await put(aPost({ status: 'pending' }));
    const hidden = await put(aPost());
    await write(aDecision(hidden.id));
    for (const [i, votes] of [2, 0, 1, 2, -1, 0, 1, 0].entries()) {
      for (let v = 0; v < Math.abs(votes); v += 1) {
        await write(aVote(roots[i]!.id, { actorId: `v${v}`, value: votes < 0 ? -1 : 1 }));
      }
    }
    for (const i of [1, 1, 3, 3, 5, 6]) await put(aPost({ parentId: roots[i]!.id }));
    await write(aDecision(roots[6]!.id));
    return Promise.all(
      roots.map(async ({ id }) => (await store().threads.readComment(tk, id))!.comment),
    );
  };

  const order = {
    newest: (a: Comment, b: Comment) => (a.id < b.id ? 1 : -1),
    oldest: (a: Comment, b: Comment) => (a.id < b.id ? -1 : 1),
    top: (a: Comment, b: Comment) => b.score - a.score || (a.id < b.id ? 1 : -1),
    replies: (a: Comment, b: Comment) => b.replies - a.replies || (a.id < b.id ? 1 : -1),
  };

  describe('pages', () => {
    it.each(sorts)('come in the total order %s, whatever their size', async (sort) => {
      const roots = await plant();
      const expected = roots.toSorted(order[sort]);
      for (const limit of [1, 3, 8, 100]) {
        expect(await readRoots(store(), sort, limit)).toEqual(expected);
      }
    });

    it('end without a cursor, also when the last page is full', async () => {
      await plant();
      const page = { sort: 'newest', limit: 8, cursor: null, previews: 0 } as const;
      expect((await store().threads.readPage(tk, page)).next).toBeNull();
    });

    it.each(['newest', 'oldest'] as const)(
      'by time (%s) show each root once while others write',
      async (sort) => {
        const roots = await plant();
        const seen: string[] = [];
        let cursor: string | null = null;
        do {
          const page = await store().threads.readPage(tk, { sort, limit: 3, cursor, previews: 0 });
          seen.push(...page.rows.map(({ id }) => id));
          cursor = page.next;
          clock.advance(1_000);
          await put(aPost());
          await write(aVote(roots[0]!.id, { actorId: `late-${seen.length}` }));
        } while (cursor !== null && seen.length < 50);
        const known = new Set(roots.map(({ id }) => id));
        expect(seen.filter((id) => known.has(id))).toEqual(
          roots.toSorted(order[sort]).map(({ id }) => id),
        );
        expect(new Set(seen).size).toBe(seen.length);
      },
    );

    it('go on behind a row that was hidden meanwhile', async () => {
      const roots = await plant();
      const page = { sort: 'newest', limit: 3, previews: 0 } as const;
      const first = await store().threads.readPage(tk, { ...page, cursor: null });
      await write(aDecision(first.rows[2]!.id));
      const second = await store().threads.readPage(tk, { ...page, cursor: first.next });
      const expected = roots.toSorted(order.newest).slice(3, 6);
      expect(second.rows.map(({ id }) => id)).toEqual(expected.map(({ id }) => id));
    });

    it('refuse a cursor that they did not give', async () => {
      await plant();
      const cursors = await Promise.all(
        sorts.map(async (sort) => {
          const page = { sort, limit: 1, cursor: null, previews: 0 };
          return (await store().threads.readPage(tk, page)).next;
        }),
      );
      const bad = [
        ...['', 'x', '!', 'W10', 'bnVsbA', '💥', 'a'.repeat(400)],
        ...[[], ['n'], ['n', 7], ['n', { $gt: '' }], ['t', 'x', 'y'], ['t', 1e300, tk]].map(
          (keys) => Buffer.from(JSON.stringify(keys)).toString('base64url'),
        ),
      ];
      for (const [i, sort] of sorts.entries()) {
        const others = cursors.filter((_, j) => j !== i);
        for (const cursor of [...bad, ...others]) {
          await expect(
            store().threads.readPage(tk, { sort, limit: 1, cursor, previews: 0 }),
          ).rejects.toMatchObject({
            code: 'INVALID_INPUT',
            details: { errors: [{ path: 'query.cursor' }] },
          });
        }
      }
    });

    it('read nothing of another thread by a cursor of it', async () => {
      await plant();
      const elsewhere = { ...name, article: 'elsewhere' };
      const key = threadKey(elsewhere);
      for (let i = 0; i < 3; i += 1) await store().threads.write(elsewhere, aPost());
      for (const sort of sorts) {
        const page = { sort, limit: 1, cursor: null, previews: 0 };
        const cursor = (await store().threads.readPage(key, page)).next;
        const { rows } = await store().threads.readPage(tk, { ...page, limit: 100, cursor });
        expect(rows.every((row) => row.tk === tk)).toBe(true);
      }
    });

    it('carry the first rows below each root in reading order, and where to read on', async () => {
      const root = await put(aPost());
      const a = await put(aPost({ parentId: root.id }));
      const b = await put(aPost({ parentId: root.id }));
      const underA = await put(aPost({ parentId: a.id }));
      await put(aPost({ parentId: root.id, status: 'pending' }));
      const lonely = await put(aPost());
      const page = { sort: 'newest', limit: 10, cursor: null, previews: 2 } as const;
      const { rows, replies, thread } = await store().threads.readPage(tk, page);
      expect(rows.map(({ id }) => id)).toEqual([lonely.id, root.id]);
      expect(replies.get(lonely.id)).toEqual({ rows: [], next: null });
      const preview = replies.get(root.id)!;
      expect(preview.rows.map(({ id }) => id)).toEqual([a.id, underA.id]);
      const cursor = preview.next;
      const rest = await store().threads.readBranch(tk, { parentId: root.id, limit: 10, cursor });
      expect(rest.rows.map(({ id }) => id)).toEqual([b.id]);
      expect(thread?.count).toBe(5);
    });
  });

  describe('branches', () => {
    it('come in reading order, page by page, down to the deepest reply', async () => {
      const root = await put(aPost());
      const all: Comment[] = [];
      let parentId = root.id;
      for (let i = 0; i < 32; i += 1) {
        const reply = await put(aPost({ parentId }));
        all.push(reply);
        parentId = i % 5 === 4 ? root.id : reply.id;
      }
      await put(aPost({ parentId: root.id, status: 'pending' }));
      const other = await put(aPost());
      await put(aPost({ parentId: other.id }));
      const expected = all.toSorted((a, b) => (a.path < b.path ? -1 : 1)).map(({ id }) => id);
      for (const limit of [1, 7, 32, 100]) {
        const seen: string[] = [];
        let cursor: string | null = null;
        do {
          const page = { parentId: root.id, limit, cursor };
          const branch = await store().threads.readBranch(tk, page);
          seen.push(...branch.rows.map(({ id }) => id));
          expect((branch.next ?? '').length).toBeLessThanOrEqual(400);
          cursor = branch.next;
        } while (cursor !== null);
        expect(seen).toEqual(expected);
      }
    });

    it('hold only what is below the comment asked for', async () => {
      const root = await put(aPost());
      const a = await put(aPost({ parentId: root.id }));
      const b = await put(aPost({ parentId: root.id }));
      const underA = await put(aPost({ parentId: a.id }));
      await put(aPost({ parentId: b.id }));
      const branch = { parentId: a.id, limit: 10, cursor: null };
      const { rows } = await store().threads.readBranch(tk, branch);
      expect(rows.map(({ id }) => id)).toEqual([underA.id]);
    });

    it('refuse a cursor of elsewhere', async () => {
      const root = await put(aPost());
      for (let i = 0; i < 3; i += 1) await put(aPost({ parentId: root.id }));
      const other = await put(aPost());
      const page = { limit: 1, cursor: null };
      const { next } = await store().threads.readBranch(tk, { ...page, parentId: root.id });
      for (const cursor of [next, 'x']) {
        await expect(
          store().threads.readBranch(tk, { limit: 1, parentId: other.id, cursor }),
        ).rejects.toMatchObject({ code: 'INVALID_INPUT' });
      }
    });
  });

  describe('a context', () => {
    it('holds what is above, beside and below', async () => {
      const root = await put(aPost());
      const parent = await put(aPost({ parentId: root.id }));
      const siblings: Comment[] = [];
      for (let i = 0; i < 7; i += 1) siblings.push(await put(aPost({ parentId: parent.id })));
      const [, first, second, target, third, fourth] = siblings;
      const reply = await put(aPost({ parentId: target!.id }));
      const held = await put(aPost({ parentId: target!.id, status: 'pending' }));
      const context = await store().threads.readContext(tk, target!.id);
      const ids = (rows: readonly Comment[] | undefined) => rows?.map(({ id }) => id);
      expect(ids(context?.ancestors)).toEqual([root.id, parent.id]);
      expect(ids(context?.siblings)).toEqual([first, second, third, fourth].map((one) => one!.id));
      expect(ids(context?.replies)).toEqual([reply.id]);
      const ofHeld = await store().threads.readContext(tk, held.id);
      expect(ofHeld?.comment.status).toBe('pending');
      expect(ids(ofHeld?.ancestors)).toEqual(ancestorIds(held));
    });

    it('of a root has its neighbours of the same thread', async () => {
      await store().threads.write({ ...name, article: 'elsewhere' }, aPost());
      const roots = [await put(aPost()), await put(aPost()), await put(aPost())];
      const context = await store().threads.readContext(tk, roots[1]!.id);
      expect(context?.siblings.map(({ id }) => id)).toEqual([roots[0]!.id, roots[2]!.id]);
      expect(context?.ancestors).toEqual([]);
    });
  });
}
