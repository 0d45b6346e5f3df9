import { spawn } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import type { Store } from '../../src/domain/ports.js';
import { newSite } from '../../src/domain/site.js';
import { createMaintenance } from '../../src/store/maintenance.js';
import { openStore } from '../../src/store/open-store.js';
import { openDatabase } from '../../src/store/sqlite/driver.js';
import { bundle } from '../helpers/bundle.js';
import { createClock, type ManualClock } from '../helpers/clock.js';
import { aDecision, aDeletion, anEdit, aPost, aReport, aVote } from '../helpers/factories.js';
import { aFolder } from '../helpers/folder.js';
import { until } from '../helpers/until.js';
import { inParallel, readRevisions, readShown, upTo } from './contract/harness.js';
import { name, tk } from './contract/names.js';

let folder: ReturnType<typeof aFolder>;
let file: string;
let url: string;
let clock: ManualClock;
let store: Store;

beforeEach(async () => {
  folder = aFolder();
  file = `${folder.path}/sayso.db`;
  url = `sqlite:${file}`;
  clock = createClock();
  store = await openStore(url, { clock });
});
afterEach(async () => {
  await store.close();
  folder.remove();
});

/** A thread with something of everything; the root. */
const plant = async (): Promise<string> => {
  const write = store.threads.write;
  const root = (await write(name, aPost())).comment!.id;
  const reply = (await write(name, aPost({ parentId: root }))).comment!.id;
  await write(name, aPost({ parentId: reply }));
  await inParallel(5, (i) => write(name, aVote(root, { actorId: `v${i}`, value: i > 3 ? -1 : 1 })));
  await inParallel(3, (i) => write(name, aReport(root, { ipKey: `address-${i}` })));
  await write(name, anEdit(root));
  await write(name, aDecision(reply));
  const erased = (await write(name, aPost())).comment!.id;
  await write(name, aVote(erased));
  await write(name, aDeletion(erased));
  return root;
};

const tamper = (...statements: string[]): void => {
  const db = openDatabase(file);
  for (const sql of statements) db.exec(sql);
  db.close();
};

const maintenance = () => createMaintenance(url, { clock });
const look = () => maintenance().examine();
const kinds = () => look().map(({ what, mendable }) => [what.split(',')[0], mendable]);

describe('an examination', () => {
  it('finds nothing wrong with what the store wrote, also beside the server', async () => {
    await plant();
    expect(look()).toEqual([]);
  });

  it('finds wrong counts, and corrects them as a change of the thread', async () => {
    const root = await plant();
    const { rev } = (await store.threads.readThread(tk))!;
    const before = await readShown(store);
    tamper(
      `update comments set replies = 9, up = up + 2, reports = 0 where id = '${root}'`,
      'update threads set count = 77',
    );
    expect(kinds()).toEqual([
      ['number of comments', true],
      ['number of replies', true],
      ['number of votes', true],
      ['number of reports', true],
    ]);
    expect(maintenance().mend()).toBe(2);
    expect(look()).toEqual([]);
    const after = await readShown(store);
    expect(after.get(root)).toEqual({ ...before.get(root), rev: rev + 1 });
    expect(await store.threads.readThread(tk)).toMatchObject({ rev: rev + 1, count: 2 });
    const log = await store.threads.readLog(tk, rev, 100);
    expect(log.changes).toMatchObject([{ rev: rev + 1, head: true, ids: [root] }]);
  });

  it('finds a lost vote, a broken audit chain and a hole in the log', async () => {
    await plant();
    tamper(
      `delete from votes where actor_id = 'v0'`,
      `update audit set note = 'forged' where action = 'reject'`,
      'delete from changes where rev = 3',
    );
    expect(kinds()).toEqual([
      ['number of votes', true],
      ['gap in the log of changes', false],
      ['altered or missing audit entry', false],
    ]);
  });

  it('finds rows that name others which are not there', async () => {
    const root = await plant();
    tamper('pragma foreign_keys = off', `update votes set comment_id = 'x' where actor_id = 'v0'`);
    expect(root).toBeTruthy();
    expect(kinds()).toContainEqual(['row without its comments', false]);
  });

  it('says where there is no database, and makes none', () => {
    const nowhere = createMaintenance('sqlite:/nowhere/x.db', { clock });
    expect(() => nowhere.examine()).toThrow('There is no database at /nowhere/x.db.');
    expect(() => nowhere.backUp(`${folder.path}/two.db`)).toThrow(/There is no database/);
    expect(existsSync('/nowhere')).toBe(false);
    expect(existsSync(`${folder.path}/two.db`)).toBe(false);
  });
});

describe('a backup', () => {
  it('REL-6 made while another process writes is the store as it was at one moment', async () => {
    const script = bundle('test/store/contract/child-writer.ts');
    const child = spawn(process.execPath, [script, url, '400'], {
      stdio: ['ignore', 'ignore', 'inherit'],
    });
    const exit = new Promise((resolve) => child.once('close', resolve));
    const count = async () => (await store.threads.readThread(tk))?.count ?? 0;
    await until(async () => (await count()) > 20);
    const before = await count();
    maintenance().backUp(`${folder.path}/backups/one.db`);
    const after = await count();
    expect(child.exitCode).toBeNull();
    child.kill('SIGKILL');
    await exit;
    const copy = `sqlite:${folder.path}/backups/one.db`;
    expect(createMaintenance(copy, { clock }).examine()).toEqual([]);
    const restored = await openStore(copy, { clock });
    const thread = await restored.threads.readThread(tk);
    const held = thread?.count ?? 0;
    expect(held).toBeGreaterThanOrEqual(before);
    expect(held).toBeLessThanOrEqual(after);
    const shown = [...(await readShown(restored)).values()];
    const here = await readShown(store);
    expect(shown).toEqual(shown.map(({ id }) => here.get(id)));
    expect(shown).toHaveLength(held);
    await restored.close();
  }, 30_000);

  it('is never written over a file', () => {
    const target = `${folder.path}/one.db`;
    writeFileSync(target, 'mine');
    expect(() => maintenance().backUp(target)).toThrow(`${target} is there already.`);
    expect(readFileSync(target, 'utf8')).toBe('mine');
  });

  it('keeps the schema of its source, which an older version may need', () => {
    tamper('create table later (x)');
    maintenance().backUp(`${folder.path}/one.db`);
    const db = openDatabase(`${folder.path}/one.db`);
    expect(db.get(`select name from sqlite_schema where name = 'later'`)).toBeDefined();
    db.close();
  });
});

describe('restore', () => {
  const backup = (): string => `${folder.path}/backup.db`;

  it('brings everything back, with revisions that no client has seen', async () => {
    await plant();
    await store.directory.putSite(newSite('demo'));
    const before = await readShown(store);
    const thread = (await store.threads.readThread(tk))!;
    const audit = await store.threads.readAudit(tk);
    maintenance().backUp(backup());
    await inParallel(5, () => store.threads.write(name, aPost()));
    await store.close();

    maintenance().restore(backup(), true);
    store = await openStore(url, { clock });
    expect(await store.threads.readThread(tk)).toEqual({
      ...thread,
      rev: thread.rev + 1_000_000,
      headRev: thread.headRev + 1_000_000,
    });
    const raised = [...before].map(([id, row]) => [id, { ...row, rev: row.rev + 1_000_000 }]);
    expect([...(await readShown(store))]).toEqual(raised);
    expect(await store.threads.readAudit(tk)).toEqual(audit);
    expect(await store.directory.getSite('demo')).toEqual(newSite('demo'));
    expect(look()).toEqual([]);
  });

  it('gives whoever comes with an old cursor no next change', async () => {
    await inParallel(3, () => store.threads.write(name, aPost()));
    maintenance().backUp(backup());
    const { rev } = (await store.threads.write(name, aPost())).thread;
    await store.close();
    maintenance().restore(backup(), true);
    store = await openStore(url, { clock });
    await store.threads.write(name, aPost());
    for (const since of upTo(rev)) {
      const log = await store.threads.readLog(tk, since, 100);
      expect(log.changes[0]?.rev).not.toBe(since + 1);
    }
    expect(await readRevisions(store)).toHaveLength(1);
  });

  it('moves past the revisions of the store that it replaces, however often', async () => {
    await store.threads.write(name, aPost());
    maintenance().backUp(backup());
    const seen: number[] = [];
    for (let i = 0; i < 3; i += 1) {
      await store.close();
      maintenance().restore(backup(), true);
      store = await openStore(url, { clock });
      seen.push((await store.threads.readThread(tk))!.rev);
      await store.threads.write(name, aPost());
    }
    expect(seen).toEqual([1_000_001, 2_000_001, 3_000_001]);
  });

  it('keeps what was there beside it', async () => {
    maintenance().backUp(backup());
    await store.threads.write(name, aPost());
    await store.close();
    maintenance().restore(backup(), true);
    const replaced = await openStore(`${url}.replaced`, { clock });
    expect((await replaced.threads.readThread(tk))?.count).toBe(1);
    await replaced.close();
    store = await openStore(url, { clock });
    expect(await store.threads.readThread(tk)).toBeNull();
  });

  it('is refused beside a running server', async () => {
    await store.threads.write(name, aPost());
    maintenance().backUp(backup());
    expect(() => maintenance().restore(backup(), true)).toThrow(/Another Sayso server is running/);
    expect((await store.threads.write(name, aPost())).thread.rev).toBe(2);
  });

  it('refuses what is no backup, and leaves the store alone', async () => {
    await store.threads.write(name, aPost());
    await store.close();
    writeFileSync(backup(), 'not a database at all, but long enough to be one'.repeat(100));
    expect(() => maintenance().restore(backup(), true)).toThrow(/is not a database of Sayso/);
    const empty = `${folder.path}/empty.db`;
    const db = openDatabase(empty);
    db.exec('create table other (x)');
    db.close();
    expect(() => maintenance().restore(empty, true)).toThrow(/no backup that this version/);
    store = await openStore(url, { clock });
    expect((await store.threads.readThread(tk))?.count).toBe(1);
    expect(existsSync(`${file}.part`)).toBe(false);
  });
});
