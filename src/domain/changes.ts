import type { ChangedItem } from '../contract/comment.js';
import { limits } from '../contract/limits.js';
import type { Changes, Resync } from '../contract/thread.js';
import type { Comment } from './comment.js';
import type { Clock, LogRows, ThreadStore } from './ports.js';
import type { Site } from './site.js';
import { numbersBytes, viewBytes } from './size.js';
import { emptyThread, threadKey, type Change, type ThreadName } from './thread.js';
import { viewChanged, viewHead } from './views.js';

/** How often and how long rows are read again that lag behind the log. */
const rereadMs = { every: 50, within: 2_000 } as const;

interface Deps {
  readonly threads: Pick<ThreadStore, 'readLog'>;
  readonly clock: Clock;
}

/**
 * What happened to a thread after `since`, as everybody may see it: ≤ `limit` (≤ 100) items and
 * ≤ 128 kB, cut between changes, never inside one. `resync` where the log does not lead on from
 * `since` without a hole, or `since` stays ahead of the head for 2 s.
 */
export async function readChanges(
  { threads, clock }: Deps,
  site: Site,
  name: ThreadName,
  since: number,
  limit: number,
): Promise<Changes | Resync> {
  const tk = threadKey(name);
  const deadline = clock.now() + rereadMs.within;
  for (;;) {
    const log = await threads.readLog(tk, since, Math.min(limit, limits.pageItems));
    const thread = log.thread ?? emptyThread(name);
    const head = viewHead(thread, site);
    if (since === thread.rev) {
      return { prev: since, rev: since, thread: head, items: [], more: false };
    }
    if (since < thread.rev) {
      const cut = cutLog(log, since, limit);
      if (cut === null) return { resync: true, rev: thread.rev };
      if (!cut.stale) {
        return { prev: since, rev: cut.rev, thread: head, items: cut.items, more: cut.more };
      }
    }
    if (clock.now() >= deadline) return tooEarly(since, thread.rev, head);
    await new Promise((resolve) => setTimeout(resolve, rereadMs.every));
  }
}

/** Past the deadline: ahead of the head → resync; rows still too old → the cursor stays. */
function tooEarly(since: number, rev: number, thread: Changes['thread']): Changes | Resync {
  if (since > rev) return { resync: true, rev };
  return { prev: since, rev: since, thread, items: [], more: false };
}

interface Cut {
  readonly rev: number;
  readonly items: ChangedItem[];
  readonly more: boolean;
  /** A row is older than the change that names it: it was read too early. */
  readonly stale: boolean;
}

/** Null: the log has a hole, or its next change is too large. */
function cutLog(log: LogRows, since: number, limit: number): Cut | null {
  const rows = new Map(log.comments.map((row) => [row.id, row]));
  const taken = takeChanges(log.changes, rows, since, limit);
  const last = taken.at(-1);
  if (last === undefined) return null;
  const items: ChangedItem[] = [];
  let stale = log.thread === null || log.thread.rev < last.rev;
  for (const [id, named] of namedBy(taken)) {
    const row = rows.get(id);
    if (row === undefined || row.rev < named.rev) {
      stale = true;
      continue;
    }
    const item = viewChanged(row, isCounted(row, named, last.rev));
    if (item !== null) items.push(item);
  }
  return { rev: last.rev, items, more: log.more || taken.length < log.changes.length, stale };
}

/** As many changes as fit into one answer; none where the first is not next in line or nothing fits. */
function takeChanges(
  changes: readonly Change[],
  rows: ReadonlyMap<string, Comment>,
  since: number,
  limit: number,
): readonly Change[] {
  const named = new Map<string, Named>();
  const sizes = new Map([...rows].map(([id, row]) => [id, viewBytes(row)]));
  let fitting = 0;
  for (const [i, change] of changes.entries()) {
    if (change.rev !== since + i + 1) break;
    name(named, change);
    if (named.size > limits.pageItems || (named.size > limit && i > 0)) break;
    // A longer piece may be the smaller one: rows altered in its last changes are sent as numbers then.
    if (bytesOf(named, rows, sizes, change.rev) <= limits.changesBytes) fitting = i + 1;
  }
  return changes.slice(0, fitting);
}

/** How some changes name a row: the last of them, and whether all say that only numbers moved. */
interface Named {
  readonly rev: number;
  readonly countedOnly: boolean;
}

function namedBy(changes: readonly Change[]): ReadonlyMap<string, Named> {
  const named = new Map<string, Named>();
  for (const change of changes) name(named, change);
  return named;
}

function name(named: Map<string, Named>, { rev, ids, counted }: Change): void {
  for (const id of counted) {
    named.set(id, { rev, countedOnly: named.get(id)?.countedOnly ?? true });
  }
  for (const id of ids) named.set(id, { rev, countedOnly: false });
}

/** Whether numbers are enough: a row altered after the last change read is shown whole. */
const isCounted = (row: Comment, { countedOnly }: Named, last: number): boolean =>
  countedOnly && row.rev <= last;

function bytesOf(
  named: ReadonlyMap<string, Named>,
  rows: ReadonlyMap<string, Comment>,
  sizes: ReadonlyMap<string, number>,
  last: number,
): number {
  let bytes = 0;
  for (const [id, how] of named) {
    const row = rows.get(id);
    const counted = row !== undefined && isCounted(row, how, last);
    bytes += counted ? numbersBytes : (sizes.get(id) ?? 0);
  }
  return bytes;
}
