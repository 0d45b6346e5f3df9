import { spawn } from 'node:child_process';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import type { Notice, Store } from '../../src/domain/ports.js';
import { threadKey } from '../../src/domain/thread.js';
import { createMaintenance } from '../../src/store/maintenance.js';
import { openStore } from '../../src/store/open-store.js';
import { cleanUp } from '../../src/store/sqlite/cleanup.js';
import { hasBuiltIn, openDatabase, type Database } from '../../src/store/sqlite/driver.js';
import { openConfigured } from '../../src/store/sqlite/open.js';
import { createSqliteStore } from '../../src/store/sqlite/sqlite-store.js';
import { bundle } from '../helpers/bundle.js';
import { createClock, type ManualClock } from '../helpers/clock.js';
import { aPost, aReport, aText } from '../helpers/factories.js';
import { aFolder } from '../helpers/folder.js';
import { until } from '../helpers/until.js';
import { inParallel, readRevisions } from './contract/harness.js';
import { name, tk } from './contract/names.js';

let folder: ReturnType<typeof aFolder>;
let file: string;
let clock: ManualClock;
let opened: { close(): unknown }[];

beforeEach(() => {
  folder = aFolder();
  file = `${folder.path}/data/sayso.db`;
  clock = createClock();
  opened = [];
});

afterEach(async () => {
  for (const one of opened.toReversed()) await one.close();
  folder.remove();
});

const open = async (role: 'server' | 'tool' = 'server'): Promise<Store> => {
  const store = await openStore(`sqlite:${file}`, { clock, role });
  opened.push(store);
  return store;
};

/** A store whose connection the test holds too. */
const openWithConnection = async (): Promise<{ store: Store; db: Database }> => {
  await (await openStore(`sqlite:${file}`, { clock })).close();
  const db = openConfigured(file);
  const release = (): void => undefined;
  const store = createSqliteStore({ db, clock, role: 'server', inMemory: false, release });
  opened.push(store);
  return { store, db };
};

const outside = (): Database => {
  const db = openDatabase(file);
  opened.push(db);
  return db;
};

describe('the driver', () => {
  it('refuses what would be bound as something else', () => {
    const db = openDatabase(':memory:');
    db.exec('create table t (a text unique, b text)');
    expect(() => db.run('insert into t values (?, ?)', 'a')).toThrow(TypeError);
    expect(() => db.run('insert into t values (?, ?)', 'a', 'nul \0')).toThrow(/well-formed/);
    expect(() => db.run('insert into t values (?, ?)', 'a', '\udc00')).toThrow(/well-formed/);
    expect(db.all('select * from t')).toEqual([]);
    db.close();
  });

  it('knows which Node has SQLite without a flag', () => {
    expect(['20.20.2', '22.12.0', '22.13.0', '24.1.0'].map(hasBuiltIn)).toEqual([
      ...[false, false, true, true],
    ]);
  });
});

describe('a connection', () => {
  it('REL-6 has every setting that durability rests on', async () => {
    const { db } = await openWithConnection();
    const value = (pragma: string) => Object.values(db.get(`pragma ${pragma}`)!)[0];
    expect(value('journal_mode')).toBe('wal');
    expect(value('synchronous')).toBe(2);
    expect(value('foreign_keys')).toBe(1);
    expect(value('busy_timeout')).toBeLessThanOrEqual(20);
  });
});

describe('a second server', () => {
  it('is refused with what to do, in this process and in another', async () => {
    await open();
    const message = expect.stringContaining('Another Sayso server is running') as string;
    await expect(open()).rejects.toMatchObject({ code: 'STORE_UNAVAILABLE', message });
    expect(await run('server', 'exit')).toMatch(/Another Sayso server is running/);
    await expect(open()).rejects.toMatchObject({ code: 'STORE_UNAVAILABLE' });
  });

  it('may start once the first has been killed', async () => {
    await (await open()).close();
    const child = start('server', 'stay');
    await child.begun;
    await expect(open()).rejects.toMatchObject({ code: 'STORE_UNAVAILABLE' });
    child.kill();
    await child.exit;
    await expect(open()).resolves.toBeDefined();
  });

  it('does not stand in the way of a tool, nor a tool in its way', async () => {
    const tool = await open('tool');
    const server = await open();
    await tool.threads.write(name, aPost());
    await server.threads.write(name, aPost());
    expect(await run('tool', 'exit')).toBe('begun\n');
    expect((await server.threads.readThread(tk))?.count).toBe(2);
  });
});

describe('beside a tool', () => {
  it('tells commits of both in the order of the log', async () => {
    const server = await open();
    const tool = await open('tool');
    const heard: number[] = [];
    server.threads.watch(({ rev }: Notice) => {
      if (rev !== heard.at(-1)) heard.push(rev);
    });
    for (const store of [server, tool, tool, server, tool]) {
      await store.threads.write(name, aPost());
    }
    await until(() => heard.length >= 5);
    expect(heard).toEqual([1, 2, 3, 4, 5]);
  });

  it('waits for its lock by timer and goes on', async () => {
    const { store } = await openWithConnection();
    const other = outside();
    other.exec('begin immediate');
    const delay = monitorEventLoopDelay({ resolution: 5 });
    delay.enable();
    const writing = store.threads.write(name, aPost());
    await new Promise((resolve) => setTimeout(resolve, 300));
    other.exec('commit');
    await expect(writing).resolves.toBeDefined();
    expect(delay.percentile(50) / 1e6).toBeLessThan(60);
    delay.disable();
  });

  it('gives up on a lock within 2 s, reads meanwhile, and recovers', async () => {
    const { store } = await openWithConnection();
    await store.threads.write(name, aPost());
    const other = outside();
    other.exec('begin immediate');
    const since = performance.now();
    const writing = inParallel(3, () => store.threads.write(name, aPost()));
    await expect(writing).rejects.toMatchObject({
      code: 'STORE_UNAVAILABLE',
      details: { retryAfter: 1 },
    });
    // 2 s are promised; a busy machine is late with timers
    expect(performance.now() - since).toBeLessThan(2_500);
    expect((await store.threads.readThread(tk))?.rev).toBe(1);
    other.exec('rollback');
    expect((await store.threads.write(name, aPost())).thread.rev).toBe(2);
  });
});

describe('a full disk', () => {
  it('REL-8 refuses writes, goes on reading, and recovers by itself', async () => {
    const { store, db } = await openWithConnection();
    await store.threads.write(name, aPost({ idem: 'first' }));
    const pages = Number(db.get('pragma page_count')!['page_count']);
    db.exec(`pragma max_page_count = ${pages + 2}`);
    const large = aText('x'.repeat(9_000));
    const attempts = await Promise.allSettled(
      Array.from({ length: 20 }, (_, i) =>
        store.threads.write({ ...name, article: `a-${i % 3}` }, aPost({ text: large })),
      ),
    );
    const refused = attempts.filter(({ status }) => status === 'rejected');
    expect(refused.length).toBeGreaterThan(0);
    for (const one of refused) expect(one).toMatchObject({ reason: { code: 'STORE_UNAVAILABLE' } });
    expect((await store.threads.readThread(tk))?.count).toBe(1);
    await expect(store.ping()).resolves.toBeUndefined();
    db.exec('pragma max_page_count = 1000000');
    expect((await store.threads.write(name, aPost({ text: large }))).thread.rev).toBe(2);
    expect(await readRevisions(store)).toEqual([1, 2]);
    expect(db.get('pragma integrity_check')).toMatchObject({ integrity_check: 'ok' });
  });
});

describe('many threads at once', () => {
  it('share transactions, and each is answered for itself', async () => {
    const { store, db } = await openWithConnection();
    const before = commits(db);
    const attempts = await Promise.allSettled(
      Array.from({ length: 60 }, (_, i) =>
        store.threads.write(
          { site: 'demo', article: `a-${i}` },
          aPost(i % 10 === 0 ? { text: aText('nul \0') } : {}),
        ),
      ),
    );
    expect(attempts.filter(({ status }) => status === 'rejected')).toHaveLength(6);
    expect(commits(db) - before).toBeLessThan(60);
    for (let i = 0; i < 60; i += 1) {
      const thread = await store.threads.readThread(threadKey({ site: 'demo', article: `a-${i}` }));
      expect(thread?.count ?? 0).toBe(i % 10 === 0 ? 0 : 1);
    }
  });
});

describe('old rows', () => {
  const day = 24 * 3_600_000;

  it('are let go after 7 days, without a hole in what is left', async () => {
    const { store, db } = await openWithConnection();
    const other = { ...name, article: 'other' };
    for (let i = 0; i < 6; i += 1) {
      await store.threads.write(name, aPost());
      await store.threads.write(other, aPost());
      clock.advance(2 * day);
    }
    expect(cleanUp(db, clock.now())).toBe(false);
    const log = await store.threads.readLog(tk, 0, 100);
    expect(log.changes.map(({ rev }) => rev)).toEqual([4, 5, 6]);
    clock.advance(100 * day);
    cleanUp(db, clock.now());
    const places = db.all('select seq from changes');
    expect(places).toHaveLength(1);
    await store.threads.write(other, aPost());
    const next = Number(db.get('select max(seq) seq from changes')!['seq']);
    expect(next).toBeGreaterThan(Number(places[0]!['seq']));
  });

  it('SEC-92 are hashes of addresses after 30 days, with their secret; reports still count', async () => {
    const { store, db } = await openWithConnection();
    const { comment } = await store.threads.write(name, aPost({ ipKey: 'canary-author' }));
    await store.threads.write(name, aReport(comment!.id, { ipKey: 'canary-reporter' }));
    await store.directory.addressSecret('2026-11', 'canary-secret');
    clock.advance(29 * day);
    await store.threads.write(name, aPost({ ipKey: 'fresh' }));
    cleanUp(db, clock.now());
    const dump = () =>
      ['comments', 'reports', 'address_secrets']
        .map((table) => JSON.stringify(db.all(`select * from ${table}`)))
        .join();
    expect(dump().match(/canary-\w+/g)).toHaveLength(3);
    clock.advance(9 * day);
    expect(cleanUp(db, clock.now())).toBe(false);
    expect(dump()).not.toMatch(/canary/);
    expect(dump()).toMatch(/fresh/);
    const url = `sqlite:${file}`;
    expect(createMaintenance(url, { clock }).examine()).toEqual([]);
  });

  it('are let go piece by piece, so that no write waits long', async () => {
    const { store, db } = await openWithConnection();
    await inParallel(1_500, (i) =>
      store.threads.write({ ...name, article: `a${i % 40}` }, aPost({ ipKey: 'old' })),
    );
    clock.advance(40 * day);
    const more = [cleanUp(db, clock.now()), cleanUp(db, clock.now())];
    expect(more).toEqual([true, false]);
    expect(db.all(`select 1 from comments where ip_key = 'old'`)).toEqual([]);
    expect(db.all('select 1 from changes')).toHaveLength(1);
  });

  it('are sessions that have expired, too', async () => {
    const { store, db } = await openWithConnection();
    const session = { site: 'demo', personId: 'p', expiresAt: clock.now() + 1_000 };
    await store.directory.putSession({ ...session, id: 's', hash: 'h' });
    cleanUp(db, clock.now());
    expect(await store.directory.findSession('h')).not.toBeNull();
    clock.advance(2_000);
    cleanUp(db, clock.now());
    expect(await store.directory.findSession('h')).toBeNull();
  });
});

describe('a listener that throws', () => {
  it('does not keep others from hearing, nor the writer from its answer', async () => {
    const output = await run('server', 'throw');
    expect(output.split('\n').toSorted()).toEqual(
      ['', 'begun', 'heard 1', 'answered 1', 'uncaught: of the listener'].toSorted(),
    );
  });
});

/** Commits that reached the write-ahead log, as the file counts them. */
function commits(db: Database): number {
  return Number(db.get('pragma wal_checkpoint(passive)')!['log']);
}

function start(role: string, then: 'exit' | 'stay' | 'throw') {
  const script = bundle('test/store/child-open.ts');
  const child = spawn(process.execPath, [script, `sqlite:${file}`, role, then], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  opened.push({ close: () => child.kill('SIGKILL') });
  let output = '';
  child.stdout.on('data', (chunk) => (output += String(chunk)));
  child.stderr.on('data', (chunk) => (output += String(chunk)));
  const exit = new Promise<string>((resolve) => child.once('close', () => resolve(output)));
  const begun = until(() => output !== '');
  return { exit, begun, kill: () => child.kill('SIGKILL') };
}

const run = (role: string, then: 'exit' | 'stay' | 'throw'): Promise<string> => {
  const child = start(role, then);
  return Promise.all([child.exit, child.begun]).then(([output]) => output);
};
