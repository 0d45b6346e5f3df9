import { spawn } from 'node:child_process';
import fc from 'fast-check';
import type { ListedComment } from '../../../src/contract/comment.js';
import type { Comment } from '../../../src/domain/comment.js';
import type { Operation } from '../../../src/domain/operation.js';
import type { Notice, Store } from '../../../src/domain/ports.js';
import { viewListed } from '../../../src/domain/views.js';
import {
  aDecision,
  aDeletion,
  anAuthor,
  anEdit,
  aPost,
  aReport,
  aSetting,
  aVote,
} from '../../helpers/factories.js';
import { bundle } from '../../helpers/bundle.js';
import { until } from '../../helpers/until.js';
import { inParallel, readRevisions, readShown, upTo, type Harness } from './harness.js';
import { name, tk } from './names.js';

/** What the log of a thread and whoever follows it are promised. */
export function describeLog(harness: Harness): void {
  const { store, write, put, opened } = harness;

  describe('the log', () => {
    it('tells what happened after a revision, with the rows as they are now', async () => {
      const a = await put(aPost());
      const b = await put(aPost());
      await write(aVote(a.id));
      await write(aReport(b.id));
      const log = await store().threads.readLog(tk, 1, 100);
      expect(log.changes).toMatchObject([
        { tk, site: 'demo', rev: 2, head: true, ids: [b.id], counted: [], desk: [] },
        { rev: 3, head: false, ids: [], counted: [a.id], desk: [] },
        { rev: 4, head: false, ids: [], counted: [], desk: [b.id] },
      ]);
      expect(log.comments.map(({ id }) => id).toSorted()).toEqual([a.id, b.id].toSorted());
      expect(log.comments.find(({ id }) => id === a.id)).toMatchObject({ rev: 3, up: 1 });
      expect(log.thread?.rev).toBe(4);
      expect(log.more).toBe(false);
    });

    it('is cut between changes where the ids would be too many, and never empty', async () => {
      const root = await put(aPost());
      const reply = await put(aPost({ parentId: root.id }));
      for (let i = 0; i < 3; i += 1) await put(aPost({ parentId: reply.id }));
      for (const maxIds of [1, 2, 3, 4]) {
        const seen: number[] = [];
        let more = true;
        while (more) {
          const log = await store().threads.readLog(tk, seen.at(-1) ?? 0, maxIds);
          expect(log.changes.length).toBeGreaterThan(0);
          const ids = new Set(log.changes.flatMap((change) => [...change.ids, ...change.counted]));
          if (log.changes.length > 1) expect(ids.size).toBeLessThanOrEqual(maxIds);
          expect(new Set(log.comments.map(({ id }) => id))).toEqual(ids);
          expect(log.comments).toHaveLength(ids.size);
          seen.push(...log.changes.map(({ rev }) => rev));
          more = log.more;
        }
        expect(seen).toEqual(upTo(5));
      }
    });

    it('is empty at the head and ahead of it', async () => {
      await put(aPost());
      for (const since of [1, 99]) {
        const log = await store().threads.readLog(tk, since, 100);
        expect(log).toMatchObject({ thread: { rev: 1 }, changes: [], comments: [], more: false });
      }
    });

    it('shows a reader who sees n all up to n while others write', async () => {
      const writing = inParallel(8, async () => {
        for (let i = 0; i < 25; i += 1) await write(aPost());
      });
      const seen = await follow(store(), 200);
      await writing;
      expect(seen).toEqual(upTo(seen.length));
      expect((await store().threads.readThread(tk))?.count).toBe(200);
    });

    it('shows a reader who sees n all up to n across processes', async () => {
      const children = await inParallel(3, () => runWriters(opened().url, 40));
      const own = inParallel(40, () => write(aPost()));
      const seen = await follow(store(), 160);
      await own;
      const exits = await Promise.all(children.map(({ exit }) => exit));
      expect(exits).toEqual([0, 0, 0]);
      expect(seen).toEqual(upTo(seen.length));
      expect((await store().threads.readThread(tk))?.count).toBe(160);
      expect(await readRevisions(store())).toEqual(upTo(seen.length));
    }, 60_000);

    it('brings an old reading to the state of a fresh one', async () => {
      let run = 0;
      await fc.assert(
        fc.asyncProperty(
          fc.array(act, { minLength: 1, maxLength: 15 }),
          fc.array(act, { minLength: 1, maxLength: 25 }),
          fc.integer({ min: 1, max: 5 }),
          async (before, after, maxIds) => {
            run += 1;
            const thread = { ...name, article: `random-${run}` };
            const known: string[] = [];
            await play(store(), thread, before, known);
            const key = known[0]?.slice(0, 16);
            if (key === undefined) return;
            const shown = await readShown(store(), key);
            let cursor = (await store().threads.readThread(key))?.rev ?? 0;
            await play(store(), thread, after, known);
            for (let more = true; more;) {
              const log = await store().threads.readLog(key, cursor, maxIds);
              expect(log.changes[0]?.rev ?? cursor + 1).toBe(cursor + 1);
              for (const row of log.comments) apply(shown, row);
              cursor = log.changes.at(-1)?.rev ?? cursor;
              more = log.more;
            }
            expect(cursor).toBe((await store().threads.readThread(key))?.rev);
            expect(publicly(shown)).toEqual(publicly(await readShown(store(), key)));
          },
        ),
        { numRuns: 40 },
      );
    }, 60_000);
  });

  describe('whoever watches', () => {
    it('hears of a commit with its change before the writer is answered', async () => {
      const notices: Notice[] = [];
      store().threads.watch((notice) => notices.push(notice));
      const outcome = await write(aPost());
      expect(notices.at(-1)).toMatchObject({
        ...{ tk, site: 'demo', article: name.article, rev: 1 },
        change: { rev: 1, ids: [outcome.comment?.id] },
      });
    });

    it('hears nothing of what failed or changed nothing', async () => {
      const { id } = await put(aPost({ idem: 'key' }));
      await write(aVote(id));
      const notices: Notice[] = [];
      store().threads.watch((notice) => notices.push(notice));
      await write(aVote(id));
      await write(aPost({ idem: 'key' }));
      await expect(write(aDeletion(id, { by: { id: 'x', name: '', kind: '' } }))).rejects.toThrow();
      expect(notices.filter(({ rev }) => rev > 2)).toEqual([]);
    });

    it('hears nothing after it has stopped, while others go on', async () => {
      const heard = { one: 0, other: 0 };
      const stop = store().threads.watch(() => (heard.one += 1));
      store().threads.watch(() => (heard.other += 1));
      await write(aPost());
      stop();
      stop();
      const before = heard.one;
      await write(aPost());
      expect(heard.one).toBe(before);
      expect(heard.other).toBeGreaterThanOrEqual(2);
    });

    it('hears within 10 s of what another process wrote', async () => {
      const heard = new Set<number>();
      store().threads.watch((notice) => {
        if (notice.tk === tk) heard.add(notice.rev);
      });
      const { exit } = await runWriters(opened().url, 5);
      expect(await exit).toBe(0);
      const { rev } = (await store().threads.readThread(tk))!;
      await until(() => heard.has(rev));
    }, 30_000);
  });
}

/** Reads the log from the start until `comments` new ones are there; the revisions in order. */
async function follow(store: Store, comments: number): Promise<number[]> {
  const seen: number[] = [];
  let found = 0;
  while (found < comments) {
    const log = await store.threads.readLog(tk, seen.at(-1) ?? 0, 20);
    seen.push(...log.changes.map(({ rev }) => rev));
    found += log.changes.flatMap(({ ids }) => ids).length;
    const last = seen.at(-1) ?? 0;
    expect(log.thread?.rev ?? 0).toBeGreaterThanOrEqual(last);
    const rows = new Map(log.comments.map((row) => [row.id, row]));
    for (const change of log.changes) {
      for (const id of change.ids) expect(rows.get(id)?.rev).toBeGreaterThanOrEqual(change.rev);
    }
    await new Promise((resolve) => setImmediate(resolve));
  }
  return seen;
}

/** A process that posts `count` comments to the thread; resolves once it has begun. */
async function runWriters(
  url: string,
  count: number,
): Promise<{ readonly exit: Promise<number | null> }> {
  const script = bundle('test/store/contract/child-writer.ts');
  const child = spawn(process.execPath, [script, url, String(count)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const exit = new Promise<number | null>((resolve) => child.once('close', resolve));
  await new Promise((resolve) => {
    child.stdout.once('data', resolve);
    child.once('close', resolve);
  });
  return { exit };
}

function apply(shown: Map<string, Comment>, row: Comment): void {
  if (row.shown === true) shown.set(row.id, row);
  else shown.delete(row.id);
}

/** As readers see them: what is for the desk alone may move without a word to them. */
const publicly = (shown: ReadonlyMap<string, Comment>): ReadonlyMap<string, ListedComment> =>
  new Map([...shown].map(([id, row]) => [id, viewListed(row)]));

interface Step {
  readonly kind: 'post' | 'reply' | 'vote' | 'report' | 'edit' | 'delete' | 'decide' | 'set';
  readonly target: number;
  readonly actor: number;
  readonly pending: boolean;
}

const act = fc.record<Step>({
  kind: fc.constantFrom(
    'post',
    'reply',
    'reply',
    'vote',
    'report',
    'edit',
    'delete',
    'decide',
    'set',
  ),
  target: fc.nat(50),
  actor: fc.nat(3),
  pending: fc.boolean(),
});

/** Writes the steps, some of them at once; what the domain refuses is left out. */
async function play(
  store: Store,
  thread: { site: string; article: string },
  steps: readonly Step[],
  known: string[],
): Promise<void> {
  for (let i = 0; i < steps.length; i += 3) {
    const operations = steps.slice(i, i + 3).map((step) => toOperation(step, known));
    const outcomes = await Promise.allSettled(
      operations.map((operation) => store.threads.write(thread, operation)),
    );
    for (const outcome of outcomes) {
      const id = outcome.status === 'fulfilled' ? outcome.value.comment?.id : undefined;
      if (id !== undefined && !known.includes(id)) known.push(id);
    }
  }
}

const actions = ['approve', 'reject', 'spam', 'delete', 'pin', 'feature'] as const;

function toOperation(step: Step, known: readonly string[]): Operation {
  const author = anAuthor({ id: `author-${step.actor}` });
  const by = { id: author.id, name: author.name, kind: author.kind };
  const status = step.pending && step.actor === 0 ? 'pending' : 'approved';
  const id = known[step.target % Math.max(1, known.length)];
  if (id === undefined || step.kind === 'post') return aPost({ author, status });
  switch (step.kind) {
    case 'reply':
      return aPost({ author, status, parentId: id });
    case 'vote':
      return aVote(id, { actorId: `voter-${step.actor}`, value: step.pending ? -1 : 1 });
    case 'report':
      return aReport(id, { ipKey: `address-${step.actor}`, hideAt: 2 });
    case 'edit':
      return anEdit(id, { by });
    case 'delete':
      return aDeletion(id, { by });
    case 'decide':
      return aDecision(id, { action: actions[(step.target + step.actor) % actions.length]! });
    case 'set':
      return aSetting({ notice: `Notice ${step.target}` });
  }
}
