import type { ChangedItem, CommentView, Counted, Tombstone } from '../../../contract/comment.js';

/** A row as a reader knows it: a comment, or what stands where one was. */
export type KnownItem = CommentView | Tombstone;

/** What became of one row: its present form, or null where it is no longer shown. */
export interface ItemChange {
  readonly id: string;
  readonly item: KnownItem | null;
  /** How it was before; null: it was not known. */
  readonly before: KnownItem | null;
}

/** What a reader knows of a thread's rows: of two forms of one row the one with the higher `rev` holds. */
export interface ThreadLog {
  /** Takes items of a frame or of `changes`. A reply whose parent is not known waits for it. */
  changes(items: readonly ChangedItem[]): readonly ItemChange[];
  /** Takes rows of a list (page, branch, context), cached ones too; they never wait. */
  list(items: readonly KnownItem[]): readonly ItemChange[];
  /** Takes own views (`you:changed`, `mine`, an answer): above a public one of the same `rev`. */
  own(items: readonly CommentView[]): readonly ItemChange[];
  get(id: string): KnownItem | null;
  /** All that is shown, in no particular order. */
  items(): readonly KnownItem[];
  clear(): void;
}

/** Replies that may wait for a parent; beyond it the oldest are dropped, a list brings them again. */
const mostWaiting = 500;

/** An empty log. */
export function createThreadLog(): ThreadLog {
  const known = new Map<string, KnownItem>();
  const gone = new Map<string, number>();
  const waiting = new Map<string, KnownItem>();
  /** Rows whose last news were numbers: under them an older form from a cached list may lie. */
  const patched = new Set<string>();

  const revOf = (id: string): number => known.get(id)?.rev ?? gone.get(id) ?? -1;

  function put(item: KnownItem, own: boolean): ItemChange | null {
    const rev = revOf(item.id);
    if (own || patched.has(item.id) ? item.rev < rev : item.rev <= rev) return null;
    const before = known.get(item.id) ?? null;
    const merged = own ? item : keepOwn(item, before);
    known.set(item.id, merged);
    gone.delete(item.id);
    waiting.delete(item.id);
    patched.delete(item.id);
    return { id: item.id, item: merged, before };
  }

  function remove(id: string, rev: number): ItemChange | null {
    if (rev <= revOf(id)) return null;
    const before = known.get(id) ?? null;
    const held = waiting.get(id);
    if (held && held.rev < rev) waiting.delete(id);
    known.delete(id);
    patched.delete(id);
    gone.set(id, rev);
    return before && { id, item: null, before };
  }

  /** Numbers of a row that is not known are not kept: the list that brings it has newer ones. */
  function count(numbers: Counted): ItemChange | null {
    const before = known.get(numbers.id);
    if (before) {
      if (numbers.rev <= before.rev) return null;
      const item = counted(before, numbers);
      known.set(item.id, item);
      patched.add(item.id);
      return { id: item.id, item, before };
    }
    const held = waiting.get(numbers.id);
    if (held && numbers.rev > held.rev) waiting.set(numbers.id, counted(held, numbers));
    return null;
  }

  function take(item: ChangedItem): ItemChange | null {
    if ('gone' in item) return remove(item.id, item.rev);
    if (!('parentId' in item)) return count(item);
    const orphan = item.parentId !== null && !known.has(item.parentId) && !known.has(item.id);
    if (!orphan) return put(item, false);
    if (item.rev > Math.max(revOf(item.id), waiting.get(item.id)?.rev ?? -1)) wait(item);
    return null;
  }

  function wait(item: KnownItem): void {
    waiting.set(item.id, item);
    const oldest = waiting.size > mostWaiting ? waiting.keys().next().value : undefined;
    if (oldest !== undefined) waiting.delete(oldest);
  }

  /** A parent that has come may free replies, and they others. */
  function release(): readonly ItemChange[] {
    const freed: ItemChange[] = [];
    for (let found = true; found;) {
      found = false;
      for (const item of [...waiting.values()]) {
        if (item.parentId !== null && !known.has(item.parentId)) continue;
        waiting.delete(item.id);
        const change = put(item, false);
        if (change) freed.push(change);
        found = true;
      }
    }
    return freed;
  }

  const all = <T>(items: readonly T[], one: (item: T) => ItemChange | null): ItemChange[] => {
    const changed = items.map(one).filter((change) => change !== null);
    return waiting.size > 0 && changed.length > 0 ? [...changed, ...release()] : changed;
  };

  return {
    changes: (items) => all(items, take),
    list: (items) => all(items, (item) => put(item, false)),
    own: (items) => all(items, (item) => put(item, true)),
    get: (id) => known.get(id) ?? null,
    items: () => [...known.values()],
    clear: () => {
      known.clear();
      gone.clear();
      waiting.clear();
      patched.clear();
    },
  };
}

const counted = (item: KnownItem, { rev, up, down, score, replyCount }: Counted): KnownItem =>
  'author' in item ? { ...item, rev, up, down, score, replyCount } : { ...item, rev, replyCount };

/** Public views say nothing of what only the author may see, so they never take it away. */
function keepOwn(item: KnownItem, before: KnownItem | null): KnownItem {
  if (!before || !('author' in before) || !before.mine || !('author' in item)) return item;
  const { source, editableUntil } = before;
  return {
    ...item,
    mine: true,
    ...(source !== undefined && { source }),
    ...(editableUntil !== undefined && { editableUntil }),
  };
}
