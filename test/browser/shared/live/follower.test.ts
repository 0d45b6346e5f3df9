import type { ChangedItem, CommentView, Tombstone } from '../../../../src/contract/comment.js';
import type { ThreadChanged } from '../../../../src/contract/events.js';
import type { Changes, Resync, ThreadHead } from '../../../../src/contract/thread.js';
import {
  createFollower,
  type Follower,
  type ReadList,
} from '../../../../src/browser/shared/live/follower.js';
import type { ItemChange } from '../../../../src/browser/shared/live/thread-log.js';
import { aCommentView } from '../../../helpers/factories.js';

const aHead = (rev: number): ThreadHead => ({
  rev,
  count: rev,
  state: 'open',
  moderation: 'open',
  notice: null,
  pinned: [],
  closesAt: null,
});

const aView = (id: string, rev: number, fields: Partial<CommentView> = {}): CommentView =>
  aCommentView(id, { html: `<p>${id} at ${String(rev)}</p>`, rev, firstRev: rev, ...fields });

const aTombstone = (id: string, rev: number): Tombstone => ({
  id,
  parentId: null,
  rootId: id,
  depth: 0,
  createdAt: '2026-11-23T12:00:00.000Z',
  replyCount: 1,
  status: 'deleted',
  rev,
});

const aFrame = (prev: number, rev: number, items: readonly ChangedItem[] = []): ThreadChanged => ({
  site: 'demo',
  article: 'a',
  prev,
  rev,
  thread: aHead(rev),
  items: [...items],
});

const aPiece = (
  prev: number,
  rev: number,
  items: readonly ChangedItem[] = [],
  more = false,
): Changes => ({ prev, rev, thread: aHead(rev), items: [...items], more });

const aPage = (rev: number, items: ReadList['items'] = []): ReadList => ({
  rev,
  thread: aHead(rev),
  items,
});

interface Reader {
  readonly follower: Follower;
  readonly asked: number[];
  readonly told: ItemChange[];
  resyncs(): number;
  answer(piece: Changes | Resync | Error): Promise<void>;
}

/** A follower whose reads wait until the test answers them, in order. */
function aReader(): Reader {
  const asked: number[] = [];
  const told: ItemChange[] = [];
  const open: ((piece: Changes | Resync | Error) => void)[] = [];
  let resyncs = 0;
  const follower = createFollower({
    fetchChanges: (since) =>
      new Promise((resolve, reject) => {
        asked.push(since);
        open.push((piece) => (piece instanceof Error ? reject(piece) : resolve(piece)));
      }),
    onItems: (changes) => told.push(...changes),
    onThread: () => undefined,
    onResync: () => {
      resyncs += 1;
    },
    wait: () => Promise.resolve(),
  });
  return {
    follower,
    asked,
    told,
    resyncs: () => resyncs,
    answer: async (piece) => {
      open.shift()?.(piece);
      for (let i = 0; i < 10; i += 1) await Promise.resolve();
    },
  };
}

const revs = (follower: Follower): Record<string, number> =>
  Object.fromEntries(follower.items().map((item) => [item.id, item.rev]));

describe('a reader of a thread', () => {
  it('takes the next change and moves its cursor', () => {
    const { follower, asked } = aReader();
    follower.list(aPage(3, [aView('a', 2)]));
    follower.frame(aFrame(3, 4, [aView('b', 4)]));
    expect(follower.cursor()).toBe(4);
    expect(revs(follower)).toEqual({ a: 2, b: 4 });
    expect(asked).toEqual([]);
  });

  it('reads on from its cursor when a frame leaves a gap', async () => {
    const { follower, asked, answer } = aReader();
    follower.list(aPage(3));
    follower.frame(aFrame(5, 6, [aView('c', 6)]));
    expect(follower.items()).toEqual([]);
    expect(asked).toEqual([3]);
    await answer(aPiece(3, 6, [aView('b', 4), aView('c', 6)]));
    expect(follower.cursor()).toBe(6);
    expect(revs(follower)).toEqual({ b: 4, c: 6 });
    expect(follower.settled()).toBe(true);
  });

  it('reads on until it is where the frame was, even when a read comes too early', async () => {
    const { follower, asked, answer } = aReader();
    follower.list(aPage(3));
    follower.frame(aFrame(5, 6));
    await answer(aPiece(3, 4, [aView('b', 4)]));
    expect(follower.settled()).toBe(false);
    await answer(aPiece(4, 6));
    expect(asked).toEqual([3, 4]);
    expect(follower.settled()).toBe(true);
  });

  it('repeats a read that failed', async () => {
    const { follower, asked, answer } = aReader();
    follower.list(aPage(3));
    follower.frame(aFrame(5, 6));
    await answer(new Error('offline'));
    await answer(aPiece(3, 6));
    expect(asked).toEqual([3, 3]);
    expect(follower.cursor()).toBe(6);
  });

  it('holds frames back until the join is answered', () => {
    const { follower, asked } = aReader();
    follower.list(aPage(3));
    follower.joining();
    follower.frame(aFrame(5, 6, [aView('c', 6)]));
    expect(follower.items()).toEqual([]);
    follower.joined({ ok: true, ...aPiece(3, 5, [aView('b', 5)]), viewers: 1 });
    expect(revs(follower)).toEqual({ b: 5, c: 6 });
    expect(follower.cursor()).toBe(6);
    expect(asked).toEqual([]);
  });

  it('reads on while the answer to a join says that there is more', async () => {
    const { follower, asked, answer } = aReader();
    follower.list(aPage(3));
    follower.joining();
    follower.joined({ ok: true, ...aPiece(3, 5, [], true), viewers: 1 });
    await answer(aPiece(5, 9, [aView('z', 9)]));
    expect(asked).toEqual([5]);
    expect(follower.cursor()).toBe(9);
  });

  it('keeps the newer of two forms of a row, whatever comes first', () => {
    const { follower } = aReader();
    follower.list(aPage(3, [aView('a', 3)]));
    follower.frame(aFrame(3, 7, [aView('a', 7)]));
    follower.frame(aFrame(3, 5, [aView('a', 5)]));
    expect(revs(follower)).toEqual({ a: 7 });
    expect(follower.cursor()).toBe(7);
  });

  it('remembers that a row is gone, against lists from a cache', async () => {
    const { follower, asked, answer } = aReader();
    follower.list(aPage(3, [aView('a', 2)]));
    follower.frame(aFrame(3, 5, [{ id: 'a', rev: 5, gone: true }]));
    follower.list(aPage(4, [aView('a', 4), aView('b', 3)]));
    expect(revs(follower)).toEqual({ b: 3 });
    expect(asked).toEqual([4]);
    await answer(aPiece(4, 5, [{ id: 'a', rev: 5, gone: true }]));
    expect(revs(follower)).toEqual({ b: 3 });
    expect(follower.cursor()).toBe(5);
  });

  it('reads on from the revision of a list that is older than its cursor', async () => {
    const { follower, asked, answer } = aReader();
    follower.list(aPage(6, [aView('a', 2)]));
    follower.list(aPage(4, [aView('x', 1)]));
    expect(asked).toEqual([4]);
    await answer(aPiece(4, 6, [aView('x', 6)]));
    expect(revs(follower)).toEqual({ a: 2, x: 6 });
    expect(follower.cursor()).toBe(6);
  });

  it('does not move its cursor by a list that is newer', () => {
    const { follower, asked } = aReader();
    follower.list(aPage(3));
    follower.list(aPage(9, [aView('x', 9)]));
    expect(follower.cursor()).toBe(3);
    follower.frame(aFrame(3, 9, [aView('x', 9)]));
    expect(follower.cursor()).toBe(9);
    expect(asked).toEqual([]);
  });

  it('takes numbers into a row it knows, and leaves those of others', () => {
    const { follower } = aReader();
    follower.list(aPage(3, [aView('a', 3)]));
    const numbers = { up: 4, down: 1, score: 3, replyCount: 2 };
    follower.frame(
      aFrame(3, 4, [
        { id: 'a', rev: 4, ...numbers },
        { id: 'b', rev: 4, ...numbers },
      ]),
    );
    expect(follower.get('a')).toMatchObject({ html: '<p>a at 3</p>', rev: 4, ...numbers });
    expect(follower.get('b')).toBeNull();
    follower.list(aPage(4, [aView('b', 2)]));
    expect(follower.get('b')).toMatchObject({ rev: 2 });
  });

  it('takes the whole row after numbers that came upon an older form of it', async () => {
    const { follower, answer } = aReader();
    follower.list(aPage(8));
    follower.list(aPage(5, [aView('x', 5)]));
    follower.frame(aFrame(8, 9, [{ id: 'x', rev: 9, up: 1, down: 0, score: 1, replyCount: 0 }]));
    await answer(aPiece(5, 9, [aView('x', 9, { html: '<p>edited in 7</p>', up: 1, score: 1 })]));
    expect(follower.get('x')).toMatchObject({ rev: 9, up: 1, html: '<p>edited in 7</p>' });
  });

  it('lets a reply wait for its parent, and a reply to it too', () => {
    const { follower, told } = aReader();
    follower.list(aPage(3));
    follower.frame(
      aFrame(3, 5, [aView('r2', 5, { parentId: 'r1' }), aView('r1', 4, { parentId: 'a' })]),
    );
    expect(follower.items()).toEqual([]);
    follower.list(aPage(5, [aView('a', 2)]));
    expect(told.map(({ id }) => id)).toEqual(['a', 'r1', 'r2']);
  });

  it('forgets a waiting reply that goes before its parent comes', () => {
    const { follower } = aReader();
    follower.list(aPage(3));
    follower.frame(aFrame(3, 4, [aView('r1', 4, { parentId: 'a' })]));
    follower.frame(aFrame(4, 5, [{ id: 'r1', rev: 5, gone: true }]));
    follower.list(aPage(5, [aView('a', 2)]));
    expect(revs(follower)).toEqual({ a: 2 });
  });

  it('puts an own view above a public one of the same revision and keeps what is the author’s', () => {
    const { follower } = aReader();
    follower.list(aPage(3, [aView('a', 3)]));
    follower.own([aView('a', 3, { mine: true, source: 'typed', editableUntil: '2026-…' })]);
    expect(follower.get('a')).toMatchObject({ mine: true, source: 'typed' });
    follower.frame(aFrame(3, 4, [aView('a', 3)]));
    follower.frame(aFrame(4, 5, [aView('a', 5)]));
    expect(follower.get('a')).toMatchObject({ rev: 5, mine: true, source: 'typed' });
  });

  it('keeps an own held comment that the public never saw', () => {
    const { follower } = aReader();
    follower.list(aPage(3));
    follower.own([aView('p', 4, { status: 'pending', mine: true })]);
    follower.frame(aFrame(3, 5, []));
    expect(follower.get('p')).toMatchObject({ status: 'pending' });
  });

  it('shows a tombstone in the place of a comment', () => {
    const { follower } = aReader();
    follower.list(aPage(3, [aView('a', 3)]));
    follower.frame(aFrame(3, 4, [aTombstone('a', 4)]));
    expect(follower.get('a')).toEqual(aTombstone('a', 4));
  });

  it('forgets everything and asks for the list on resync', async () => {
    const { follower, answer, resyncs } = aReader();
    follower.list(aPage(3, [aView('a', 3)]));
    follower.frame(aFrame(800, 900));
    await answer({ resync: true, rev: 900 });
    expect(resyncs()).toBe(1);
    expect(follower.items()).toEqual([]);
    expect(follower.cursor()).toBeNull();
    expect(follower.settled()).toBe(true);
  });

  it('asks for the list when it is more than 500 items behind', async () => {
    const { follower, answer, resyncs } = aReader();
    follower.list(aPage(0));
    follower.frame(aFrame(700, 701));
    for (let i = 0; i < 5; i += 1) {
      const items = Array.from({ length: 101 }, (_, n) =>
        aView(`${String(i)}-${String(n)}`, i + 1),
      );
      await answer(aPiece(i, i + 1, items, true));
    }
    expect(resyncs()).toBe(1);
  });

  it('ignores what was under way when it was reset', async () => {
    const { follower, answer, told } = aReader();
    follower.list(aPage(3));
    follower.frame(aFrame(5, 6));
    follower.reset();
    follower.list(aPage(1));
    await answer(aPiece(3, 6, [aView('b', 4)]));
    expect(told).toEqual([]);
    expect(follower.cursor()).toBe(1);
  });

  it('is healed of a lost last frame by an empty one', async () => {
    const { follower, asked, answer } = aReader();
    follower.list(aPage(3));
    follower.frame(aFrame(4, 4));
    expect(asked).toEqual([3]);
    await answer(aPiece(3, 4, [aView('b', 4)]));
    expect(revs(follower)).toEqual({ b: 4 });
  });
});
