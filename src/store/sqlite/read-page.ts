import type { Sort } from '../../contract/comment.js';
import type { Comment } from '../../domain/comment.js';
import type { PageQuery, PageRows } from '../../domain/ports.js';
import { decodeIdCursor, decodeRankCursor, encodeCursor } from '../cursor.js';
import type { Database, Row } from './driver.js';
import { readThread } from './read-thread.js';
import { toComment } from './rows.js';

/** A page of shown roots with the first rows below each. */
export function readPage(
  db: Database,
  tk: string,
  page: PageQuery & { readonly previews: number },
): PageRows {
  const found = readRoots(db, tk, page);
  const rows = found.slice(0, page.limit).map(toComment);
  const last = found.length > page.limit ? rows.at(-1) : undefined;
  return {
    thread: readThread(db, tk),
    rows,
    next: last === undefined ? null : cursorAt(page.sort, last),
    replies: readPreviews(db, tk, rows, page.previews),
  };
}

/** One statement for all roots: a statement a root costs three times as much. */
function readPreviews(
  db: Database,
  tk: string,
  roots: readonly Comment[],
  previews: number,
): PageRows['replies'] {
  // no approved reply, no shown row below
  const paths = previews === 0 ? [] : roots.filter((root) => root.replies > 0).map(pathOf);
  const below = new Map<string, Comment[]>(roots.map((root) => [root.id, []]));
  const found =
    paths.length === 0 ? [] : db.all(firstBelow, JSON.stringify(paths), tk, previews + 1);
  for (const row of found.map(toComment)) below.get(row.rootId)?.push(row);
  return new Map([...below].map(([id, rows]) => [id, toPreview(rows, previews)]));
}

function toPreview(
  found: readonly Comment[],
  previews: number,
): { readonly rows: readonly Comment[]; readonly next: string | null } {
  const rows = found.toSorted((a, b) => (a.path < b.path ? -1 : 1)).slice(0, previews);
  const last = rows.at(-1);
  return { rows, next: found.length > previews && last ? encodeCursor('branch', last.id) : null };
}

const pathOf = ({ path }: Comment): string => path;

const firstBelow = `
  select comments.* from json_each(?) root cross join comments where comments.rowid in (
    select below.rowid from comments below
    where below.tk = ? and below.path > root.value || '/' and below.path < root.value || '0'
      and below.parent is not null and below.shown = 1
    order by below.path limit ?)`;

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
