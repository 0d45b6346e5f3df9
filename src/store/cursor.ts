import { invalidField } from '../domain/errors.js';

/** The keys of the last row of a page, in the order that the page is sorted by. */
export type CursorKey = string | number;

/** Which list a cursor is of; one of another list is unreadable. */
export type CursorKind = 'newest' | 'oldest' | 'top' | 'replies' | 'branch';

const ulidId = /^[0-9A-Za-z]{42}$/;

/** An opaque position in a list: whoever reads on starts behind it. */
export const encodeCursor = (kind: CursorKind, ...keys: readonly CursorKey[]): string =>
  Buffer.from(JSON.stringify([kind.charAt(0), ...keys])).toString('base64url');

/** The id a cursor by time (or of a branch) stands on. INVALID_INPUT if it is no such cursor. */
export function decodeIdCursor(kind: CursorKind, cursor: string): string {
  const [letter, id, ...rest] = parse(cursor);
  if (letter !== kind.charAt(0) || !isId(id) || rest.length > 0) throw unreadable();
  return id;
}

/** The number and id a cursor by score or replies stands on. INVALID_INPUT if it is no such cursor. */
export function decodeRankCursor(kind: CursorKind, cursor: string): readonly [number, string] {
  const [letter, rank, id, ...rest] = parse(cursor);
  if (letter !== kind.charAt(0) || !Number.isSafeInteger(rank) || !isId(id) || rest.length > 0) {
    throw unreadable();
  }
  return [Number(rank), id];
}

/** INVALID_INPUT of a cursor that was not made for this list. */
export const unreadable = (): Error =>
  invalidField(
    'query.cursor',
    'Not a cursor of this list: use `next` of the page before as it is.',
  );

const isId = (value: unknown): value is string => typeof value === 'string' && ulidId.test(value);

function parse(cursor: string): readonly unknown[] {
  try {
    const keys: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8'));
    return Array.isArray(keys) ? keys : [];
  } catch {
    return [];
  }
}
