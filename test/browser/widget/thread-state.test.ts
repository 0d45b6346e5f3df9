import {
  type Arrival,
  createThreadState,
  type ThreadState,
} from '../../../src/browser/widget/engine/thread-state.js';
import { createPlaces, type Places } from '../../../src/browser/widget/places.js';
import type { Draft } from '../../../src/browser/widget/rows.js';
import { createStore, type Key, type Store } from '../../../src/browser/widget/store.js';
import type { KnownItem } from '../../../src/browser/shared/live/thread-log.js';
import type { CommentView } from '../../../src/contract/comment.js';
import { aCommentView } from '../../helpers/factories.js';

let store: Store;
let places: Places;
let state: ThreadState;
let arrivals: Arrival[];
let me: string | undefined;

beforeEach(() => {
  jest.useFakeTimers();
  store = createStore();
  store.set('phase', 'ready');
  store.set('sort', 'newest');
  places = createPlaces(store);
  arrivals = [];
  me = undefined;
  state = createThreadState({ store, places, me: () => me, arrived: (it) => arrivals.push(it) });
});
afterEach(() => jest.useRealTimers());

const aComment = (id: string, fields: Partial<CommentView> = {}): CommentView =>
  aCommentView(id, { author: { id: 'u-ana', name: 'Ana', kind: 'guest', badges: [] }, ...fields });
const aDraft = (id: string, fields: Partial<Draft> = {}): Draft => ({
  id,
  local: true,
  parentId: null,
  author: { id: '', name: 'Ana' },
  source: 'x',
  at: 0,
  state: 'sending',
  ...fields,
});
const come = (item: KnownItem) =>
  state.take([{ id: item.id, item, before: (store.get(`row:${item.id}`) as KnownItem) ?? null }], false); // prettier-ignore
const listed = (...items: readonly KnownItem[]) => {
  state.take(items.map((item) => ({ id: item.id, item, before: null })), true); // prettier-ignore
  for (const { id } of items) places.show(id);
};

describe('an arrival', () => {
  it('is shown in place when nothing is there, and said', () => {
    come(aComment('1'));
    expect(store.get('roots')).toEqual(['1']);
    expect(arrivals).toEqual([{ kind: 'first', name: 'Ana' }]);
  });

  it('is held behind the pill when something is being read', () => {
    listed(aComment('1'));
    come(aComment('2'));
    come(aComment('3'));
    expect(store.get('roots')).toEqual(['1']);
    expect(store.get('held')).toEqual(['2', '3']);
    expect(state.reveal(null)).toEqual(['3', '2']);
    expect(store.get('roots')).toEqual(['3', '2', '1']);
    expect(store.get('held')).toEqual([]);
    expect(store.get('fresh:3')).toBe(true);
    jest.runAllTimers();
    expect(store.get('fresh:3')).toBe(false);
  });

  it('is shown at once when it is one’s own, from another device', () => {
    me = 'u-ana';
    listed(aComment('1'));
    come(aComment('2'));
    expect(store.get('roots')).toEqual(['2', '1']);
    expect(store.get('held') ?? []).toEqual([]);
  });

  it('is a reply: it is held under its parent, and said only to the parent’s author', () => {
    listed(aComment('1'));
    const by = { id: 'u-besa', name: 'Besa', kind: 'guest' as const, badges: [] };
    come(aComment('2', { parentId: '1', rootId: '1', depth: 1, author: by }));
    expect(arrivals).toEqual([]);
    me = 'u-ana';
    come(aComment('3', { parentId: '1', rootId: '1', depth: 1, author: by }));
    expect(arrivals).toEqual([{ kind: 'answer', name: 'Besa' }]);
    expect(store.get('held:1')).toEqual(['2', '3']);
    expect(state.reveal('1')).toEqual(['2', '3']);
    expect(store.get('kids:1')).toEqual(['2', '3']);
  });

  it('leaves the pill and the list when it is gone again', () => {
    listed(aComment('1'));
    come(aComment('2'));
    state.take([{ id: '2', item: null, before: aComment('2') }], false);
    state.take([{ id: '1', item: null, before: aComment('1') }], false);
    expect([store.get('held'), store.get('roots')]).toEqual([[], []]);
  });

  it('that a page brings leaves the pill', () => {
    listed(aComment('1'));
    come(aComment('2'));
    places.show('2');
    expect([store.get('held'), store.get('roots')]).toEqual([[], ['2', '1']]);
  });
});

describe('an own post', () => {
  it('holds its echo back until the answer has taken the draft’s place, with the same key', () => {
    me = 'u-ana';
    listed(aComment('1'));
    state.addDraft(aDraft('d'));
    come(aComment('2'));
    expect(store.get('roots')).toEqual(['d', '1']);
    come(aComment('2', { mine: true }));
    state.settleDraft('d', '2');
    expect(store.get('roots')).toEqual(['2', '1']);
    expect(places.keyOf('2')).toBe('d');
  });

  it('lets echoes through after 10 s, and still shows one article when the answer comes', () => {
    me = 'u-ana';
    state.addDraft(aDraft('d'));
    come(aComment('2'));
    jest.advanceTimersByTime(10_000);
    expect(store.get('roots')).toEqual(['d', '2']);
    state.settleDraft('d', '2');
    expect(store.get('roots')).toEqual(['2']);
  });

  it('stays above what came after it in a list by newest, below in a list by oldest', () => {
    listed(aComment('1'));
    state.addDraft(aDraft('d'));
    listed(aComment('2'));
    expect(store.get('roots')).toEqual(['d', '2', '1']);
    places.clear();
    expect(store.get('roots')).toEqual(['d']);
    store.set('sort', 'oldest');
    listed(aComment('2'), aComment('1'));
    expect(store.get('roots')).toEqual(['1', '2', 'd']);
  });

  it('that is discarded leaves nothing', () => {
    state.addDraft(aDraft('d', { state: 'failed' }));
    state.settleDraft('d', null);
    expect(store.get('roots')).toEqual([]);
  });

  it('that was pending is said to be published when it is', () => {
    me = 'u-ana';
    come(aComment('1', { status: 'pending', mine: true }));
    come(aComment('1', { status: 'approved', mine: true, rev: 2 }));
    expect(arrivals).toEqual([{ kind: 'published' }]);
  });
});

it('one event about one comment tells those alone who watch that comment', () => {
  listed(aComment('1'), aComment('2'), aComment('3'));
  const told: Key[] = [];
  const keys: Key[] = ['roots', 'held', 'head', 'row:1', 'row:2', 'row:3', 'kids:2'];
  for (const key of keys) store.watch(key, () => told.push(key));
  come(aComment('2', { up: 1, rev: 2 }));
  expect(told).toEqual(['row:2']);
});
