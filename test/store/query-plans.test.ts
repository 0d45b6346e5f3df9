import { cleanUp } from '../../src/store/sqlite/cleanup.js';
import { openDatabase, type Database } from '../../src/store/sqlite/driver.js';
import { readHistory, readMine } from '../../src/store/sqlite/read-author.js';
import { readLog } from '../../src/store/sqlite/read-log.js';
import { readPage } from '../../src/store/sqlite/read-page.js';
import {
  findRepeat,
  readAudit,
  readBranch,
  readContext,
  readEarlierTexts,
  readHeads,
} from '../../src/store/sqlite/read-thread.js';
import { openSqliteFile } from '../helpers/sqlite.js';
import { createClock } from '../helpers/clock.js';
import { aDecision, aPost } from '../helpers/factories.js';
import { name, tk } from './contract/names.js';

/** The statements that `work` reads by, with how the database goes about each. */
function plansOf(db: Database, work: (db: Database) => void): Map<string, string> {
  const plans = new Map<string, string>();
  const note = (sql: string): void => {
    const values = Array<null>(sql.split('?').length - 1).fill(null);
    const steps = db.all(`explain query plan ${sql}`, ...values).map((row) => row['detail']);
    plans.set(sql, steps.join('\n'));
  };
  const noting: Database = {
    ...db,
    get: (sql, ...values) => (note(sql), db.get(sql, ...values)),
    all: (sql, ...values) => (note(sql), db.all(sql, ...values)),
  };
  work(noting);
  return plans;
}

let db: Database;
let root: string;
let close: () => Promise<void>;

beforeAll(async () => {
  const opened = await openSqliteFile(createClock());
  const { threads } = opened.store;
  root = (await threads.write(name, aPost())).comment!.id;
  const reply = await threads.write(name, aPost({ parentId: root }));
  await threads.write(name, aPost());
  await threads.write(name, aPost());
  await threads.write(name, aDecision(reply.comment!.id));
  db = openDatabase(opened.file);
  close = async () => {
    db.close();
    await opened.close();
  };
});
afterAll(() => close());

const page = { limit: 1, previews: 3 };

describe.each<[string, (db: Database) => unknown]>([
  ...(['newest', 'oldest', 'top', 'replies'] as const).map(
    (sort): [string, (db: Database) => unknown] => [
      `a page by ${sort}`,
      (on) => {
        const first = readPage(on, tk, { ...page, sort, cursor: null });
        readPage(on, tk, { ...page, sort, cursor: first.next });
      },
    ],
  ),
  ['a branch', (on) => readBranch(on, tk, { parentId: root, limit: 10, cursor: null })],
  ['a context', (on) => readContext(on, tk, root)],
  ['the log', (on) => readLog(on, tk, 0, 100)],
  ['a repeat', (on) => findRepeat(on, tk, 'key')],
  ['heads', (on) => readHeads(on, [tk])],
  ['a history', (on) => readHistory(on, 'demo', 'author-1', 'print', 0)],
  ['earlier texts', (on) => readEarlierTexts(on, root)],
  ['an audit chain', (on) => readAudit(on, tk)],
  ['old addresses', (on) => cleanUp({ ...on, run: () => 0 }, 0)],
])('%s', (_, work) => {
  it('is found by an index and comes in its order', () => {
    const plans = plansOf(db, work);
    expect(plans.size).toBeGreaterThan(0);
    for (const plan of plans.values()) {
      expect(plan).not.toMatch(/SCAN (?!\w+ VIRTUAL TABLE|\(subquery)/);
      expect(plan).not.toMatch(/TEMP B-TREE/);
    }
  });
});

describe('what is personal', () => {
  it('is found by an index', () => {
    for (const plan of plansOf(db, (on) => readMine(on, tk, 'author-1', 0)).values()) {
      expect(plan).not.toMatch(/SCAN/);
    }
  });
});
