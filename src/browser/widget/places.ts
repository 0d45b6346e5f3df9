import { isDraft } from './rows.js';
import type { Store } from './store.js';

/** Which rows are shown or held, and in what order. */
export interface Places {
  /** Shown or held. */
  has(id: string): boolean;
  /** Nothing is shown or held. */
  empty(): boolean;
  /** Puts a row where its time says; in an order that time does not say, first (`top`) or last. */
  show(id: string, top?: boolean): void;
  /** Puts a row behind its pill; gives how many wait there. */
  hold(id: string, parentId: string | null): number;
  /** Empties a pill; gives what waited, in the order of the list it goes to. */
  release(parentId: string | null): readonly string[];
  /** One id stands where the other stood; false if it is shown already. */
  swap(id: string, next: string, parentId: string | null): boolean;
  drop(id: string, parentId: string | null): void;
  /** A stable key for the list, the same for a draft and what it became. */
  keyOf(id: string): string;
  /** Empties all lists but for drafts. */
  clear(): void;
}

const none: readonly string[] = [];
const shownKey = (parentId: string | null) =>
  parentId === null ? 'roots' : (`kids:${parentId}` as const);
const heldKey = (parentId: string | null) =>
  parentId === null ? 'held' : (`held:${parentId}` as const);

/** Lists of ids in `store`: `roots`, `held`, `kids:<id>`, `held:<id>`. */
export function createPlaces(store: Store): Places {
  const placed = new Set<string>();
  const keys = new Map<string, string>();
  type ListKey = ReturnType<typeof shownKey> | ReturnType<typeof heldKey>;
  const list = (key: ListKey) => store.get(key) ?? none;
  const without = (key: ListKey, id: string) => {
    const ids = list(key);
    if (ids.includes(id)) store.set(key, ids.filter((other) => other !== id)); // prettier-ignore
  };
  /** Ids of comments rise with time; drafts are younger than everything. */
  const compare = (parentId: string | null): ((a: string, b: string) => number) | undefined => {
    const sort = store.get('sort') ?? 'newest';
    const rising = parentId !== null || sort === 'oldest';
    if (!rising && sort !== 'newest') return undefined;
    const age = (id: string) => (isDraft(store.get(`row:${id}`)) ? `~${id}` : id);
    return (a, b) => (age(a) < age(b) === rising ? -1 : 1);
  };
  const insert = (key: ListKey, id: string, parentId: string | null, top: boolean) => {
    const ids = list(key);
    if (ids.includes(id)) return;
    const order = compare(parentId);
    const found = order ? ids.findIndex((other) => order(id, other) < 0) : top ? 0 : -1;
    store.set(key, ids.toSpliced(found < 0 ? ids.length : found, 0, id));
  };

  return {
    has: (id) => placed.has(id),
    empty: () => !list('roots').length && !list('held').length,
    show(id, top = false) {
      const row = store.get(`row:${id}`);
      if (!row) return;
      placed.add(id);
      without(heldKey(row.parentId), id);
      insert(shownKey(row.parentId), id, row.parentId, top);
    },
    hold(id, parentId) {
      placed.add(id);
      const key = heldKey(parentId);
      store.set(key, [...list(key), id]);
      return list(key).length;
    },
    release(parentId) {
      const key = heldKey(parentId);
      const order = compare(parentId);
      const ids = order ? list(key).toSorted(order) : list(key);
      store.set(key, none);
      return ids;
    },
    swap(id, next, parentId) {
      const key = shownKey(parentId);
      without(heldKey(parentId), next);
      if (list(key).includes(next)) return false;
      placed.delete(id);
      placed.add(next);
      keys.set(next, id);
      store.set(key, list(key).map((other) => (other === id ? next : other))); // prettier-ignore
      return true;
    },
    keyOf: (id) => keys.get(id) ?? id,
    drop(id, parentId) {
      placed.delete(id);
      without(shownKey(parentId), id);
      without(heldKey(parentId), id);
    },
    clear() {
      const drafts = [...placed].filter((id) => isDraft(store.get(`row:${id}`)));
      for (const id of placed) {
        store.set(`kids:${id}`, list(`kids:${id}`).filter((kid) => drafts.includes(kid))); // prettier-ignore
        store.set(`held:${id}`, none);
      }
      store.set('roots', list('roots').filter((id) => drafts.includes(id))); // prettier-ignore
      store.set('held', none);
      placed.clear();
      for (const id of drafts) placed.add(id);
    },
  };
}
