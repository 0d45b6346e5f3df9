import { createHash } from 'node:crypto';
import type { AuditEntry } from './operation.js';

/** An entry before it is chained. */
export type AuditDraft = Omit<AuditEntry, 'prev' | 'hash'>;

/** Chains an entry to the one before (`prev`: its hash, '' for the first). */
export const chain = (draft: AuditDraft, prev: string): AuditEntry => ({
  ...draft,
  prev,
  hash: hashEntry(draft, prev),
});

/**
 * The first entry that was altered, moved, or follows a missing one; where the last are missing, the
 * one before them ('': none is left). Null: all are as written.
 */
export function firstBroken(
  entries: readonly AuditEntry[],
  head: string,
): Pick<AuditEntry, 'id'> | null {
  let prev = '';
  for (const entry of entries) {
    const { prev: named, hash, ...draft } = entry;
    if (named !== prev || hash !== hashEntry(draft, prev)) return entry;
    prev = hash;
  }
  return prev === head ? null : { id: entries.at(-1)?.id ?? '' };
}

/** Salted hash of a text: tells later whether a text was this one, without keeping it. */
export const saltedHash = (salt: string, text: string): string =>
  createHash('sha256').update(`${salt}\0${text}`).digest('hex');

const hashEntry = (draft: AuditDraft, prev: string): string =>
  createHash('sha256')
    .update(canonical({ ...draft, prev }))
    .digest('hex');

/** JSON with sorted keys and without undefined: one form for one value. */
function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  if (value === null || typeof value !== 'object') return JSON.stringify(value) ?? 'null';
  const fields = Object.entries(value)
    .filter(([, field]) => field !== undefined)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, field]) => `${JSON.stringify(key)}:${canonical(field)}`);
  return `{${fields.join(',')}}`;
}
