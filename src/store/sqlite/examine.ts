import { firstBroken } from '../../domain/audit.js';
import type { Comment } from '../../domain/comment.js';
import { recount, type Recount, type Tallies } from '../../domain/recount.js';
import type { Thread } from '../../domain/thread.js';
import type { Database } from './driver.js';
import { readAudit, readThread } from './read-thread.js';
import { toComment } from './rows.js';

/** Something that does not add up. */
export interface Finding {
  readonly what: string;
  /** The thread, comment or table concerned. */
  readonly where: string;
  /** `mend` puts it right; the others need a backup or a person. */
  readonly mendable: boolean;
}

/**
 * Looks for damage: the file's structure, references, numbers against a recount, gaps in logs,
 * altered audit entries. Reads everything once, each thread as it is at one moment; a server may
 * go on beside it.
 */
export function examine(db: Database): readonly Finding[] {
  const threads = db.all('select tk from threads order by tk');
  return [...examineFile(db), ...threads.flatMap(({ tk }) => examineThread(db, String(tk)))];
}

/** Counts a thread afresh. The caller has a transaction open. */
export function recountThread(db: Database, thread: Thread): Recount {
  return recount(readAll(db, thread.tk), readTallies(db, thread.tk));
}

function examineThread(db: Database, tk: string): readonly Finding[] {
  db.exec('begin');
  try {
    const thread = readThread(db, tk);
    if (thread === null) return [];
    return [...examineNumbers(db, thread), ...examineLog(db, thread), ...examineAudit(db, thread)];
  } finally {
    db.exec('rollback');
  }
}

function examineNumbers(db: Database, thread: Thread): readonly Finding[] {
  const before = new Map(readAll(db, thread.tk).map((comment) => [comment.id, comment]));
  const { count, corrected } = recount([...before.values()], readTallies(db, thread.tk));
  const ofThread = count === thread.count ? [] : [mendable('number of comments', thread.tk)];
  return [...ofThread, ...corrected.flatMap((row) => differences(before.get(row.id), row))];
}

const numbers: readonly (readonly [string, readonly (keyof Comment)[]])[] = [
  ['number of replies', ['replies']],
  ['number of votes', ['up', 'down', 'score']],
  ['number of reports', ['reports']],
  ['visibility', ['shown']],
];

const differences = (was: Comment | undefined, right: Comment): readonly Finding[] =>
  numbers
    .filter(([, keys]) => keys.some((key) => was?.[key] !== right[key]))
    .map(([what]) => mendable(what, right.id));

/** What is kept of a log runs without a gap up to the thread's revision; old parts are let go. */
function examineLog(db: Database, { tk, rev }: Thread): readonly Finding[] {
  const row = db.get(logOf, tk);
  const [total, oldest, newest] = [row?.['total'], row?.['oldest'], row?.['newest']].map(Number);
  if (total === 0) return [];
  const gap = total !== Number(newest) - Number(oldest) + 1;
  return [
    ...(gap ? [beyondMending('gap in the log of changes', tk)] : []),
    ...(newest === rev ? [] : [beyondMending('revision that the log does not end with', tk)]),
  ];
}

const logOf = 'select count(*) total, min(rev) oldest, max(rev) newest from changes where tk = ?';

function examineAudit(db: Database, { tk, auditHead }: Thread): readonly Finding[] {
  const broken = firstBroken(readAudit(db, tk), auditHead);
  if (broken === null) return [];
  return [beyondMending(`altered or missing audit entry, first ${broken.id}`, tk)];
}

function examineFile(db: Database): readonly Finding[] {
  const integrity = db
    .all('pragma integrity_check(20)')
    .map((row) => String(row['integrity_check']))
    .filter((text) => text !== 'ok')
    .map((text) => beyondMending(`damage: ${text}`, 'file'));
  const references = db
    .all('pragma foreign_key_check')
    .map((row) => beyondMending(`row without its ${String(row['parent'])}`, String(row['table'])));
  return [...integrity, ...references];
}

const readAll = (db: Database, tk: string): readonly Comment[] =>
  db.all('select * from comments where id > ? and id < ?', tk, `${tk}~`).map(toComment);

function readTallies(db: Database, tk: string): Tallies {
  const votes = db.all(countVotes, tk, `${tk}~`);
  const reports = db.all(countReports, tk, `${tk}~`);
  return {
    votes: new Map(
      votes.map(({ id, up, down }) => [String(id), { up: Number(up), down: Number(down) }]),
    ),
    reports: new Map(reports.map(({ id, total }) => [String(id), Number(total)])),
  };
}

const countVotes = `
  select comment_id id, sum(value = 1) up, sum(value = -1) down from votes
  where comment_id > ? and comment_id < ? group by comment_id`;
const countReports = `
  select comment_id id, count(*) total from reports
  where comment_id > ? and comment_id < ? group by comment_id`;

const mendable = (what: string, where: string): Finding => ({ what, where, mendable: true });

const beyondMending = (what: string, where: string): Finding => ({ what, where, mendable: false });
