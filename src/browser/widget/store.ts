import type { Sort } from '../../contract/comment.js';
import type { ThreadHead } from '../../contract/thread.js';
import type { Row } from './rows.js';

/** What the box knows that stands once. */
export interface Values {
  readonly phase: 'loading' | 'ready' | 'failed';
  readonly head: ThreadHead;
  readonly sort: Sort;
  /** Ids of shown roots, in order. */
  readonly roots: readonly string[];
  /** Ids of roots that arrived and wait behind the pill. */
  readonly held: readonly string[];
  /** Cursor of the next page of roots; null at the end. */
  readonly next: string | null;
  /** A page or a branch is on its way. */
  readonly busy: boolean;
  readonly viewers: number;
  /** Author id of the reader; '' while nobody is signed in. */
  readonly me: string;
  /** How many of the later parts that components use have come. */
  readonly parts: number;
  readonly connection: 'live' | 'connecting' | 'lost';
  /** The composer for a root is open, with this text to begin with; null: closed. */
  readonly composing: string | null;
  /** Epoch ms, moves every half minute: what relative times are counted from. */
  readonly now: number;
}

/** What the box knows about one comment, by its id. */
export interface OfComment {
  /** Null: it is no longer shown. */
  readonly row: Row | null;
  /** Ids of shown replies, in order. */
  readonly kids: readonly string[];
  /** Ids of replies that arrived and wait behind their pill. */
  readonly held: readonly string[];
  /** Cursor of the replies not loaded; null: all are here. */
  readonly next: string | null;
  readonly vote: -1 | 0 | 1;
  /** What is open below it. */
  readonly mode: 'reply' | 'edit' | 'erased' | 'erasing' | null;
  /** What a reply begins with. */
  readonly text: string;
  /** Just revealed: it carries the highlight. */
  readonly fresh: boolean;
}

/** `head`, or `row:<id>` and its like. */
export type Key = keyof Values | `${keyof OfComment}:${string}`;

/** The type of the value under a key. */
export type Value<K extends Key> = K extends keyof Values
  ? Values[K]
  : K extends `${infer P extends keyof OfComment}:${string}`
    ? OfComment[P]
    : never;

/** Values by key; whoever watches a key hears of that key alone. */
export interface Store {
  get<K extends Key>(key: K): Value<K> | undefined;
  set<K extends Key>(key: K, value: Value<K>): void;
  watch(key: Key, listener: () => void): () => void;
}

/** An empty store. */
export function createStore(): Store {
  const values = new Map<Key, unknown>();
  const listeners = new Map<Key, Set<() => void>>();
  const tell = (key: Key) => listeners.get(key)?.forEach((listener) => listener());
  return {
    get: <K extends Key>(key: K) => values.get(key) as Value<K> | undefined, // set() wrote it
    set(key, value) {
      if (Object.is(values.get(key), value)) return;
      values.set(key, value);
      tell(key);
    },
    watch(key, listener) {
      const set = listeners.get(key) ?? new Set();
      listeners.set(key, set.add(listener));
      return () => {
        set.delete(listener);
        if (!set.size) listeners.delete(key);
      };
    },
  };
}
