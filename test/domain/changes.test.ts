import type { Changes, Resync } from '../../src/contract/thread.js';
import { limits } from '../../src/contract/limits.js';
import { readChanges } from '../../src/domain/changes.js';
import type { LogRows } from '../../src/domain/ports.js';
import { newSite } from '../../src/domain/site.js';
import {
  aDecision,
  aDeletion,
  anEdit,
  aPost,
  aReport,
  aText,
  aVote,
} from '../helpers/factories.js';
import { createLog, type Log } from '../helpers/log.js';

const site = newSite('demo');
const name = { site: 'demo', article: 'article-1' };

/** Reads on; `see` stands between the log and its reader, and every reading takes `stepMs`. */
async function read(
  log: Log,
  since: number,
  {
    limit = 100,
    see = asItIs,
    stepMs = 0,
  }: { readonly limit?: number; readonly see?: See; readonly stepMs?: number } = {},
): Promise<Changes | Resync> {
  let readings = 0;
  const threads = {
    readLog: async (_tk: string, after: number, maxIds: number) => {
      log.now += stepMs;
      return see(log.read(after, maxIds), (readings += 1));
    },
  };
  return readChanges({ threads, clock: { now: () => log.now } }, site, name, since, limit);
}

const piece = (answer: Changes | Resync): Changes => {
  if ('resync' in answer) throw new Error(`resync at ${answer.rev}`);
  return answer;
};

/** The log as it is; `reading` counts from 1. */
type See = (rows: LogRows, reading: number) => LogRows;
const asItIs: See = (rows) => rows;

const posts = (log: Log, count: number): string[] =>
  Array.from({ length: count }, () => log.post(aPost()).id);

describe('changes', () => {
  it('of a thread never seen are none', async () => {
    expect(await read(createLog(), 0)).toMatchObject({ prev: 0, rev: 0, items: [], more: false });
  });

  it('are none at the head, and carry the thread', async () => {
    const log = createLog();
    posts(log, 2);
    expect(await read(log, 2)).toMatchObject({
      ...{ prev: 2, rev: 2, items: [], more: false },
      thread: { rev: 2, count: 2 },
    });
  });

  it('bring each row once, as it is now', async () => {
    const log = createLog();
    const [a] = posts(log, 1);
    log.run(anEdit(a!, { text: aText('second') }));
    log.run(anEdit(a!, { text: aText('third') }));
    const { items, rev } = piece(await read(log, 0));
    expect(items).toEqual([expect.objectContaining({ id: a, html: '<p>third</p>', rev: 3 })]);
    expect(rev).toBe(3);
  });

  it('bring numbers alone where nothing else moved', async () => {
    const log = createLog();
    const [a] = posts(log, 1);
    log.run(aVote(a!));
    expect(piece(await read(log, 1)).items).toEqual([
      { id: a, rev: 2, up: 1, down: 0, score: 1, replyCount: 0 },
    ]);
    log.run(anEdit(a!));
    expect(piece(await read(log, 1)).items).toEqual([
      expect.objectContaining({ html: '<p>Better said.</p>' }),
    ]);
  });

  it('bring a row whole that has moved after the last change read', async () => {
    const log = createLog();
    const [a] = posts(log, 1);
    log.run(aVote(a!));
    posts(log, 1);
    log.run(anEdit(a!));
    const first = piece(await read(log, 1, { limit: 1 }));
    expect(first).toMatchObject({ rev: 2, more: true, items: [{ id: a, rev: 4 }] });
    expect(first.items[0]).toHaveProperty('html', '<p>Better said.</p>');
  });

  it('tell of what is gone, and not of what never was public', async () => {
    const log = createLog();
    const [a] = posts(log, 1);
    const held = log.post(aPost({ status: 'pending', text: aText('canary') }));
    log.run(aReport(a!));
    log.run(aDecision(held.id, { action: 'spam' }));
    log.run(aDeletion(a!));
    const answer = piece(await read(log, 1));
    expect(answer).toMatchObject({ rev: 5, items: [{ id: a, rev: 5, gone: true }], more: false });
    expect(JSON.stringify(answer)).not.toMatch(/canary/);
    expect(answer.items[0]).toEqual({ id: a, rev: 5, gone: true });
  });

  it('reach the last change read, public or not', async () => {
    const log = createLog();
    log.post(aPost({ status: 'pending' }));
    expect(await read(log, 0)).toMatchObject({ prev: 0, rev: 1, items: [], more: false });
  });
});

describe('a piece of the log', () => {
  it.each([1, 2, 3, 7, 100, 1_000])(
    'is cut between changes at %i rows, and leads on',
    async (limit) => {
      const log = createLog();
      const root = log.post(aPost()).id;
      for (let i = 0; i < 12; i += 1) log.post(aPost({ parentId: root }));
      log.settle(aPost(), aPost(), aPost());
      const seen: number[] = [];
      for (let since = 0, more = true; more;) {
        const got = piece(await read(log, since, { limit }));
        expect(got.prev).toBe(since);
        expect(got.rev).toBeGreaterThan(since);
        if (got.rev > since + 1) expect(got.items.length).toBeLessThanOrEqual(limit);
        ({ rev: since, more } = got);
        seen.push(since);
      }
      expect(seen.at(-1)).toBe(14);
    },
  );

  it('is at most 100 rows, whatever is asked for', async () => {
    const log = createLog();
    posts(log, 130);
    const got = piece(await read(log, 0, { limit: 10_000 }));
    expect(got).toMatchObject({ rev: 100, more: true });
    expect(got.items).toHaveLength(100);
  });

  it('is at most 128 kB', async () => {
    const log = createLog();
    for (let i = 0; i < 10; i += 1) log.post(aPost({ text: aText('ш'.repeat(15_000)) }));
    for (let since = 0; since < 10;) {
      const got = piece(await read(log, since));
      expect(Buffer.byteLength(JSON.stringify(got.items))).toBeLessThanOrEqual(limits.changesBytes);
      expect(got.more).toBe(got.rev < 10);
      expect(got.rev).toBeGreaterThan(since);
      since = got.rev;
    }
  });

  it('of one reply below long texts is small', async () => {
    const log = createLog();
    let parentId: string | null = null;
    for (let i = 0; i < 6; i += 1) {
      parentId = log.post(aPost({ parentId, text: aText('x'.repeat(60_000)) })).id;
    }
    log.post(aPost({ parentId }));
    const got = piece(await read(log, 6));
    expect(got.items).toHaveLength(7);
    expect(Buffer.byteLength(JSON.stringify(got.items))).toBeLessThan(4_000);
  });

  it('goes on to where it fits: rows counted again later are sent as numbers', async () => {
    const log = createLog();
    let parentId: string | null = null;
    for (let i = 0; i < 4; i += 1) {
      parentId = log.post(aPost({ parentId, text: aText('x'.repeat(50_000)) })).id;
    }
    log.post(aPost({ parentId }));
    log.post(aPost({ parentId }));
    const got = piece(await read(log, 4));
    expect(got).toMatchObject({ rev: 6, more: false });
    expect(Buffer.byteLength(JSON.stringify(got.items))).toBeLessThan(4_000);
  });

  it('is none where one change has grown too large: the list is shorter to read', async () => {
    const log = createLog();
    const { change } = log.settle(...Array.from({ length: 4 }, () => aPost()));
    for (const id of change!.ids) log.run(anEdit(id, { text: aText('x'.repeat(40_000)) }));
    expect(await read(log, 0)).toEqual({ resync: true, rev: 5 });
    expect(piece(await read(log, 1)).rev).toBeGreaterThan(1);
  });
});

describe('a log that does not lead on', () => {
  it('asks for a fresh start where its beginning is pruned', async () => {
    const log = createLog();
    posts(log, 5);
    const pruned = (rows: LogRows): LogRows => ({
      ...rows,
      changes: rows.changes.filter(({ rev }) => rev > 3),
    });
    expect(await read(log, 2, { see: pruned })).toEqual({ resync: true, rev: 5 });
    expect(await read(log, 3, { see: pruned })).toMatchObject({ prev: 3, rev: 5 });
    expect(await read(log, 0, { see: (rows) => ({ ...rows, changes: [] }) })).toEqual({
      resync: true,
      rev: 5,
    });
  });

  it('is read up to a hole, and asks for a fresh start there', async () => {
    const log = createLog();
    posts(log, 5);
    const holed = (rows: LogRows): LogRows => ({
      ...rows,
      changes: rows.changes.filter(({ rev }) => rev !== 3),
    });
    expect(await read(log, 0, { see: holed })).toMatchObject({ rev: 2, more: true });
    expect(await read(log, 2, { see: holed })).toEqual({ resync: true, rev: 5 });
  });
});

describe('rows that lag behind the log', () => {
  const laggingUntil =
    (reading: number, log: Log) =>
    (rows: LogRows, now: number): LogRows =>
      now >= reading
        ? rows
        : {
            ...rows,
            comments: rows.comments.map((row) => ({ ...row, rev: 0 })),
            thread: log.thread(),
          };

  it('are read again until they are there', async () => {
    const log = createLog();
    const [a] = posts(log, 1);
    const got = piece(await read(log, 0, { see: laggingUntil(3, log) }));
    expect(got).toMatchObject({ prev: 0, rev: 1, items: [{ id: a, rev: 1 }] });
  });

  it('or are not there yet, or the thread is not, are read again as well', async () => {
    const log = createLog();
    posts(log, 2);
    const old = { ...log.thread(), rev: 1 };
    const see = (rows: LogRows, reading: number): LogRows =>
      reading === 1 ? { ...rows, comments: [] } : rows;
    expect(piece(await read(log, 0, { see })).items).toHaveLength(2);
    const late = (rows: LogRows, reading: number): LogRows =>
      reading === 1 ? { ...rows, thread: old } : rows;
    expect(piece(await read(log, 0, { see: late })).thread.rev).toBe(2);
  });

  it('leave the cursor where it is after 2 s', async () => {
    const log = createLog();
    posts(log, 1);
    const started = log.now;
    const got = await read(log, 0, { see: laggingUntil(Infinity, log), stepMs: 700 });
    expect(got).toMatchObject({ prev: 0, rev: 0, items: [], more: false });
    expect(log.now - started).toBeLessThan(4_000);
  });
});

describe('a cursor ahead of the head', () => {
  it('asks for a fresh start after 2 s', async () => {
    const log = createLog();
    posts(log, 2);
    expect(await read(log, 9, { stepMs: 700 })).toEqual({ resync: true, rev: 2 });
  });

  it('is served once the head has come', async () => {
    const log = createLog();
    posts(log, 2);
    const see = (rows: LogRows, reading: number): LogRows => {
      if (reading === 1) posts(log, 1);
      return rows;
    };
    expect(await read(log, 3, { see })).toMatchObject({ prev: 3, rev: 3, thread: { rev: 3 } });
  });
});
