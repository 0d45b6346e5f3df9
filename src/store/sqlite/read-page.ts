import type { Sort } from '../../contract/comment.js';
import type { Comment } from '../../domain/comment.js';
import type { PageRows } from '../../domain/ports.js';
import { decodeIdCursor, decodeRankCursor, encodeCursor } from '../cursor.js';
import type { Database, Row } from './driver.js';
import { readBelow, readThread } from './read-thread.js';
import { toComment } from './rows.js';

/** What a page of roots is asked by. */
export interface PageQuery {
  readonly sort: Sort;
  readonly limit: number;
  readonly cursor: string | null;
  readonly previews: number;
}

/** A page of shown roots with the first rows below each. */
export function readPage(db: Database, tk: string, page: PageQuery): PageRows {
  const found = readRoots(db, tk, page);
  const rows = found.slice(0, page.limit).map(toComment);
  const last = found.length > page.limit ? rows.at(-1) : undefined;
  return {
    thread: readThread(db, tk),
    rows,
    next: last === undefined ? null : cursorAt(page.sort, last),
    replies: new Map(rows.map((root) => [root.id, readPreview(db, root, page.previews)])),
  };
}

/** No approved reply, no shown row below. */
function readPreview(
  db: Database,
  root: Comment,
  previews: number,
): { rows: readonly Comment[]; next: string | null } {
  if (root.replies === 0 || previews === 0) return { rows: [], next: null };
  return readBelow(db, root, previews);
}

function readRoots(db: Database, tk: string, page: PageQuery): readonly Row[] {
  const { sort, cursor, limit } = page;
  switch (sort) {
    case 'newest': {
      const before = cursor === null ? `${tk}~` : within(tk, decodeIdCursor(sort, cursor));
      return db.all(newest, tk, before, limit + 1);
    }
    case 'oldest': {
      const after = cursor === null ? tk : within(tk, decodeIdCursor(sort, cursor));
      return db.all(oldest, after, `${tk}~`, limit + 1);
    }
    case 'top':
    case 'replies': {
      const column = rankColumns[sort];
      if (cursor === null) return db.all(ranked(column, ''), tk, limit + 1);
      const [rank, id] = decodeRankCursor(sort, cursor);
      return db.all(ranked(column, `and (${column}, id) < (?, ?)`), tk, rank, id, limit + 1);
    }
  }
}

/** A cursor of another thread reads nothing of it. */
const within = (tk: string, id: string): string => (id < tk ? tk : id > `${tk}~` ? `${tk}~` : id);

const cursorAt = (sort: Sort, last: Comment): string =>
  sort === 'newest' || sort === 'oldest'
    ? encodeCursor(sort, last.id)
    : encodeCursor(sort, last[rankColumns[sort]], last.id);

const rankColumns = { top: 'score', replies: 'replies' } as const;

const newest = `
  select * from comments where parent is null and shown = 1 and id > ? and id < ?
  order by id desc limit ?`;
const oldest = `
  select * from comments where parent is null and shown = 1 and id > ? and id < ?
  order by id limit ?`;
const ranked = (column: 'score' | 'replies', after: string): string => `
  select * from comments where parent is null and shown = 1 and tk = ? ${after}
  order by ${column} desc, id desc limit ?`;
