import { firstBroken } from '../../domain/audit.js';
import type { Database } from './driver.js';
import { readAudit } from './read-thread.js';

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
 * altered audit entries. Reads everything once; a server may go on beside it.
 */
export function examine(db: Database): readonly Finding[] {
  db.exec('begin');
  try {
    return [
      ...examineFile(db),
      ...recounts.flatMap(({ what, find }) => found(db, what, find, true)),
      ...gaps.flatMap(({ what, find }) => found(db, what, find, false)),
      ...examineAudit(db),
    ];
  } finally {
    db.exec('rollback');
  }
}

/** Sets every number to what a recount gives, in one transaction. Returns how many rows it set. */
export function mend(db: Database): number {
  db.exec('begin immediate');
  try {
    const before = Number(db.get('select total_changes() as n')?.['n']);
    for (const { set } of recounts) db.exec(set);
    const after = Number(db.get('select total_changes() as n')?.['n']);
    db.exec('commit');
    return after - before;
  } catch (error) {
    db.exec('rollback');
    throw error;
  }
}

interface Recount {
  readonly what: string;
  /** Selects `place` of each row whose number is wrong. */
  readonly find: string;
  readonly set: string;
}

const votes = (value: number): string =>
  `(select count(*) from votes v where v.comment_id = c.id and v.value = ${value})`;

/** Approved comments below `c`: their path goes on from its own. */
const below = `(select count(*) from comments d where d.tk = c.tk and d.root = c.root
  and d.status = 'approved' and d.path > c.path || '/' and d.path < c.path || '0')`;

const approvedInThread = `(select count(*) from comments c where c.tk = t.tk and c.status = 'approved')`;

/** A deletion erases the votes and keeps the numbers, so deleted rows are not recounted. */
const wrongVotes = `c.status <> 'deleted' and (c.up <> ${votes(1)} or c.down <> ${votes(-1)} or c.score <> c.up - c.down)`;

const recounts: readonly Recount[] = [
  {
    what: 'number of comments',
    find: `select t.tk as place from threads t where t.count <> ${approvedInThread}`,
    set: `update threads as t set count = ${approvedInThread} where t.count <> ${approvedInThread}`,
  },
  {
    what: 'number of replies',
    find: `select c.id as place from comments c where c.replies <> ${below}`,
    set: `update comments as c set replies = ${below} where c.replies <> ${below}`,
  },
  {
    what: 'number of votes',
    find: `select c.id as place from comments c where ${wrongVotes}`,
    set: `update comments as c set up = ${votes(1)}, down = ${votes(-1)}, score = ${votes(1)} - ${votes(-1)} where ${wrongVotes}`,
  },
];

const gaps: readonly { readonly what: string; readonly find: string }[] = [
  {
    what: 'gap in the log of changes',
    find: `select tk as place from changes group by tk having count(*) <> max(rev) - min(rev) + 1`,
  },
  {
    what: 'revision that the log does not end with',
    find: `select t.tk as place from threads t join changes c on c.tk = t.tk group by t.tk, t.rev
      having max(c.rev) <> t.rev`,
  },
  {
    what: 'reply whose parent is missing',
    find: `select c.id as place from comments c left join comments p on p.id = c.parent
      where c.parent is not null and p.id is null`,
  },
];

function examineFile(db: Database): Finding[] {
  const integrity = db
    .all('pragma integrity_check(20)')
    .map((row) => String(row['integrity_check']))
    .filter((text) => text !== 'ok')
    .map((text) => ({ what: `damage: ${text}`, where: 'file', mendable: false }));
  const references = db.all('pragma foreign_key_check').map((row) => ({
    what: `row without its ${String(row['parent'])}`,
    where: String(row['table']),
    mendable: false,
  }));
  return [...integrity, ...references];
}

const found = (db: Database, what: string, find: string, mendable: boolean): Finding[] =>
  db.all(`${find} limit 1000`).map((row) => ({ what, where: String(row['place']), mendable }));

function examineAudit(db: Database): Finding[] {
  return db.all('select tk, audit_head from threads').flatMap((row) => {
    const tk = String(row['tk']);
    const broken = firstBroken(readAudit(db, tk), String(row['audit_head']));
    if (broken === null) return [];
    return [
      { what: `altered or missing audit entry, first ${broken.id}`, where: tk, mendable: false },
    ];
  });
}
