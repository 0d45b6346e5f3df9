import fc from 'fast-check';
import type { ChangedItem, ListedComment } from '../../src/contract/comment.js';
import { firstBroken } from '../../src/domain/audit.js';
import { readChanges } from '../../src/domain/changes.js';
import { ancestorIds, type Comment } from '../../src/domain/comment.js';
import type { DecisionAction, Operation } from '../../src/domain/operation.js';
import { newSite } from '../../src/domain/site.js';
import type { Change, Thread } from '../../src/domain/thread.js';
import { viewChanged, viewHead, viewListed, viewThread } from '../../src/domain/views.js';
import {
  aDecision,
  aDeletion,
  aModerator,
  anAuthor,
  anEdit,
  aPost,
  aReason,
  aReport,
  aSetting,
  aText,
  aVote,
} from '../helpers/factories.js';
import { createLog, type Log } from '../helpers/log.js';

const seed = Number(process.env['SAYSO_TEST_SEED'] ?? Date.now() % 2 ** 31);
const site = newSite('demo');
const name = { site: 'demo', article: 'article-1' };

/** One act, drawn at random: what it is about is found among what is there when its turn comes. */
interface Step {
  readonly kind: (typeof kinds)[number];
  readonly target: number;
  readonly actor: number;
  readonly held: boolean;
  readonly action: DecisionAction;
}

const kinds = [
  ...(['post', 'post', 'reply', 'reply', 'reply', 'repeat', 'vote', 'report', 'edit'] as const),
  ...(['delete', 'decide', 'decide', 'decide', 'undo', 'set', 'announce', 'rerender'] as const),
];

const aStep = fc.record<Step>({
  kind: fc.constantFrom(...kinds),
  target: fc.nat(9),
  actor: fc.nat(3),
  held: fc.boolean(),
  action: fc.constantFrom<DecisionAction>(
    ...(['approve', 'approve', 'reject', 'reject', 'spam', 'delete'] as const),
    ...(['pin', 'pin', 'unpin', 'feature', 'unfeature'] as const),
  ),
});

const aRun = fc.record({
  batches: fc.array(fc.array(aStep, { minLength: 1, maxLength: 4 }), {
    minLength: 15,
    maxLength: 25,
    size: 'max',
  }),
  /** How many items a slow reader asks for, and after how many batches. */
  limit: fc.integer({ min: 1, max: 8 }),
  every: fc.integer({ min: 1, max: 6 }),
});

/** Makes operations whose texts hold a mark of their own each. */
function createWriter(log: Log) {
  let texts = 0;
  const text = () => aText(`mark-${(texts += 1)}.`);
  const pick = <T>(all: readonly T[], step: Step): T | undefined => all[step.target % all.length];
  return (step: Step): Operation => {
    const author = anAuthor({ id: `author-${step.actor}` });
    const by = { id: author.id, name: author.name, kind: author.kind };
    const status = step.held ? 'pending' : 'approved';
    const reasons = step.held ? [aReason()] : [];
    const row = pick([...log.comments().values()], step);
    const post = aPost({ author, status, reasons, text: text(), idem: `key-${texts}` });
    if (row === undefined) return post;
    const { id } = row;
    switch (step.kind) {
      case 'post':
        return post;
      case 'reply':
        return { ...post, status: 'approved', parentId: id };
      case 'repeat':
        return { ...post, idem: row.idem };
      case 'vote':
        return aVote(id, { actorId: `author-${step.actor}`, value: step.held ? 1 : -1 });
      case 'report':
        return aReport(id, { ipKey: `address-${step.actor}`, hideAt: 2 });
      case 'edit':
        return anEdit(id, { by: { ...by, id: row.author?.id ?? by.id }, text: text(), reasons });
      case 'delete':
        return aDeletion(id, { by: { ...by, id: row.author?.id ?? by.id } });
      case 'decide':
        return aDecision(id, { action: step.action, note: 'Because.' });
      case 'undo': {
        const decisionId = pick(log.audit(), step)?.id ?? '';
        return { type: 'undo', decisionId, by: aModerator(), entropy: post.entropy };
      }
      case 'set':
        return aSetting({ notice: step.held ? null : `Notice ${step.target}` });
      case 'announce':
        return { type: 'announce', title: `Title ${step.target}`, url: 'https://a.example/' };
      case 'rerender': {
        const html = `${row.html} `;
        return { type: 'rerender', id, source: row.source, html, text: row.text, policy: 2 };
      }
    }
  };
}

const shownRows = (log: Log): Comment[] =>
  [...log.comments().values()].filter(({ shown }) => shown === true);

/** What a fresh reader is shown. */
const freshList = (log: Log): ReadonlyMap<string, ListedComment> =>
  new Map(shownRows(log).map((row) => [row.id, viewListed(row)]));

/** A reader: a list, then the log. */
interface Reader {
  cursor: number;
  thread: object;
  readonly items: Map<string, ListedComment>;
}

const openReader = (log: Log): Reader => ({
  cursor: log.thread().rev,
  thread: viewHead(log.thread(), site),
  items: new Map(freshList(log)),
});

function take(reader: Reader, item: ChangedItem): void {
  const known = reader.items.get(item.id);
  if (known !== undefined && known.rev >= item.rev) return;
  if ('gone' in item) reader.items.delete(item.id);
  else if ('parentId' in item) reader.items.set(item.id, item);
  else if (known !== undefined) reader.items.set(item.id, { ...known, ...item });
}

async function follow(log: Log, reader: Reader, limit: number): Promise<void> {
  const threads = {
    readLog: async (_tk: string, since: number, ids: number) => log.read(since, ids),
  };
  const clock = { now: () => log.now };
  for (let more = true; more;) {
    const piece = await readChanges({ threads, clock }, site, name, reader.cursor, limit);
    if ('resync' in piece) throw new Error(`resync at ${reader.cursor}`);
    expect(piece.prev).toBe(reader.cursor);
    expect(piece.items.length <= limit || piece.rev === piece.prev + 1).toBe(true);
    if (piece.more) expect(piece.rev).toBeGreaterThan(piece.prev);
    expectNothingHidden(log, piece);
    for (const item of piece.items) take(reader, item);
    reader.cursor = piece.rev;
    reader.thread = piece.thread;
    more = piece.more;
  }
}

/** Every mark in what everybody may read is one of a text that is public at this moment. */
function expectNothingHidden(log: Log, output: unknown): void {
  const open = new Set(
    [...log.comments().values()].flatMap((row) => (row.status === 'approved' ? [row.source] : [])),
  );
  for (const [mark] of JSON.stringify(output).matchAll(/mark-\d+\./g)) {
    expect(open).toContain(mark);
  }
}

/** Numbers that follow from the rows. */
function expectCounts(log: Log): void {
  const rows = [...log.comments().values()];
  const below = new Map<string, number>();
  for (const row of rows) {
    if (row.status !== 'approved') continue;
    for (const id of ancestorIds(row)) below.set(id, (below.get(id) ?? 0) + 1);
  }
  for (const row of rows) {
    const replies = below.get(row.id) ?? 0;
    expect(row.replies).toBe(replies);
    if (row.status === 'approved' || replies > 0) expect(row.shown).toBe(true);
    else expect(row.shown).toBe(row.firstRev === null ? null : false);
    if (row.status !== 'approved') expect(row).toMatchObject({ pinned: false, featured: false });
    if (row.status === 'deleted') expect(row).toMatchObject({ author: null, source: '', html: '' });
    else {
      const values = [...log.votes()].flatMap(([key, value]) =>
        key.startsWith(`${row.id}:`) ? [value] : [],
      );
      const [up, down] = [1, -1].map((one) => values.filter((value) => value === one).length);
      expect(row).toMatchObject({ up, down, score: up! - down! });
    }
    expect(row.reports).toBe(log.reports().filter((one) => one.commentId === row.id).length);
  }
  const approved = rows.filter(({ status }) => status === 'approved');
  expect(log.thread().count).toBe(approved.length);
  const pins = log.thread().pinned.map(({ id }) => id);
  expect(pins.toSorted()).toEqual(
    approved.flatMap(({ pinned, id }) => (pinned ? [id] : [])).toSorted(),
  );
  expect(pins.length).toBeLessThanOrEqual(3);
}

type Before = { readonly thread: Thread; readonly rows: ReadonlyMap<string, Comment> };

/** What everybody sees of a row, but its revision. */
function publicly(row: Comment | undefined): Record<string, unknown> {
  const view = row === undefined ? null : viewChanged(row, false);
  return view === null || 'gone' in view ? {} : { ...view, rev: 0 };
}

const numbers = new Set(['up', 'down', 'score', 'replyCount']);

/** A change names what it did: no row too few, and each in the right place. */
function expectNamed(log: Log, before: Before, change: Change): void {
  const all = [...change.ids, ...change.counted, ...change.desk];
  expect(new Set(all).size).toBe(all.length);
  for (const row of log.comments().values()) {
    const was = before.rows.get(row.id);
    const [old, now] = [publicly(was), publicly(row)];
    const keys = [...new Set([...Object.keys(old), ...Object.keys(now)])];
    const moved = keys.filter((key) => JSON.stringify(old[key]) !== JSON.stringify(now[key]));
    if (moved.some((key) => !numbers.has(key))) expect(change.ids).toContain(row.id);
    else if (moved.length > 0) expect([...change.ids, ...change.counted]).toContain(row.id);
    if (!all.includes(row.id)) expect(row).toBe(was);
    const told = change.ids.includes(row.id) || change.counted.includes(row.id);
    if (told || was === undefined) expect(row.rev).toBe(change.rev);
    else expect(row.rev).toBe(was.rev);
  }
  const headMoved =
    JSON.stringify({ ...viewHead(before.thread, site), rev: 0 }) !==
    JSON.stringify({ ...viewHead(log.thread(), site), rev: 0 });
  expect(change.head).toBe(headMoved);
  expect(log.thread().headRev).toBe(headMoved ? change.rev : before.thread.headRev);
}

/** Settles a batch; what fails in it might as well not have been there. */
function settleBatch(log: Log, operations: readonly Operation[]): Change | null {
  const preview = log.preview(...operations);
  const good = operations.filter((_, i) => preview.results[i]?.ok);
  const without = good.length > 0 ? log.preview(...good) : preview;
  const written = log.settle(...operations);
  expect({ ...written, results: [] }).toEqual({ ...without, results: [] });
  expect(written.results).toHaveLength(operations.length);
  return written.change;
}

describe(`a thread that anything happens to (seed ${seed})`, () => {
  it('keeps its numbers, names what changed, tells readers all of it and nothing else', async () => {
    await fc.assert(
      fc.asyncProperty(aRun, async ({ batches, limit, every }) => {
        const log = createLog(name.article);
        const toOperation = createWriter(log);
        const readers = [openReader(log), openReader(log)];
        for (const [i, batch] of batches.entries()) {
          log.now += i % 3 === 0 ? -50 : 1_000;
          const before = { thread: log.thread(), rows: new Map(log.comments()) };
          const change = settleBatch(log, batch.map(toOperation));
          expect(log.thread().rev).toBe(before.thread.rev + (change === null ? 0 : 1));
          expect(log.thread().at).toBeGreaterThanOrEqual(before.thread.at);
          expectCounts(log);
          if (change !== null) expectNamed(log, before, change);
          expectNothingHidden(log, [...freshList(log).values(), viewThread(log.thread(), site)]);
          await follow(log, readers[0]!, 100);
          if (i % every === 0) await follow(log, readers[1]!, limit);
        }
        await follow(log, readers[1]!, limit);
        for (const { items, thread, cursor } of readers) {
          expect(items).toEqual(freshList(log));
          expect(thread).toEqual(viewHead(log.thread(), site));
          expect(cursor).toBe(log.thread().rev);
        }
        expect(log.changes().map(({ rev }) => rev)).toEqual(log.changes().map((_, i) => i + 1));
        const ids = [...log.comments().keys()];
        expect(ids).toEqual(ids.toSorted());
        expect(firstBroken(log.audit(), log.thread().auditHead)).toBeNull();
      }),
      { seed, numRuns: 40 },
    );
  }, 60_000);
});
