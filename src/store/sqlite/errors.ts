import { DomainError } from '../../domain/errors.js';

/** Result codes of SQLite, the low byte of `errcode`: https://sqlite.org/rescode.html */
const busyCodes = new Set([5, 6]); // BUSY, LOCKED
const downCodes = new Set([7, 8, 10, 11, 13, 14, 26]); // NOMEM READONLY IOERR CORRUPT FULL CANTOPEN NOTADB

/** Another connection holds the lock; a repeat makes sense. */
export const isBusy = (error: unknown): boolean => busyCodes.has(primaryCode(error));

/** The file cannot be read or written: disk full, read error, damage. */
export const isDown = (error: unknown): boolean => downCodes.has(primaryCode(error));

/** What a caller gets of a driver's error: STORE_UNAVAILABLE where the store is to blame. */
export function toStoreError(error: unknown): unknown {
  if (!isBusy(error) && !isDown(error)) return error;
  return new DomainError('STORE_UNAVAILABLE', { retryAfter: 1 }, error);
}

function primaryCode(error: unknown): number {
  if (!(error instanceof Error) && !isErrorLike(error)) return -1;
  const errcode: unknown = Reflect.get(error, 'errcode');
  return typeof errcode === 'number' ? errcode & 0xff : -1;
}

/** Errors of a native addon may come from another realm. */
const isErrorLike = (value: unknown): value is object =>
  typeof value === 'object' && value !== null;
