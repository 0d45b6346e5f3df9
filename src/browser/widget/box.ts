import type { ListedComment } from '../../contract/comment.js';
import type { CommentPage, ReplyPage } from '../../contract/thread.js';
import { ApiError } from '../shared/api.js';
import type { ReadList } from '../shared/live/follower.js';
import type { Box, Parts } from './model.js';
import { createPlaces } from './places.js';

/** What a box is made of. */
export type BoxDeps = Pick<
  Box,
  | 'origin' | 'store' | 'settings' | 'say' | 'clock' | 'api'
  | 'fallback' | 'emit' | 'random' | 'newId' | 'ended'
> & {
  /** The list was read: the thread is to be followed from there. */
  readonly loaded: () => void;
}; // prettier-ignore

/** One thread in one element. */
export function createBox(deps: BoxDeps): Box {
  const { store, settings, api, ended } = deps;
  const path = `/sites/${encodeURIComponent(settings.site)}/articles/${encodeURIComponent(settings.article)}`;
  const places = createPlaces(store);
  const early: ReadList[] = [];
  const parts: Parts = {};

  /** Rows of a list, merged by the engine or, before it is here, as they are. */
  const place = (list: ReadList) => {
    const rows: readonly ListedComment[] = list.items.flatMap(({ replies, ...row }) => [row, ...(replies?.items ?? [])]); // prettier-ignore
    if (parts.engine) parts.engine.list(list);
    else {
      early.push(list);
      for (const row of rows) store.set(`row:${row.id}`, row);
      store.set('head', list.thread);
    }
    for (const { id } of rows) places.show(id);
  };
  const read = <T>(query: string, cursor: string | null | undefined) =>
    api.send<T>({
      path: `${path}/comments?${query}${cursor ? `&cursor=${encodeURIComponent(cursor)}` : ''}`,
      signal: ended,
    });
  const readPage = async (cursor: string | null) => {
    const page = await read<CommentPage>(`sort=${store.get('sort')}`, cursor);
    if (!cursor) places.clear();
    place(page);
    for (const { id, replies } of page.items) store.set(`next:${id}`, replies.next);
    store.set('next', page.next);
  };
  /** One read at a time; whoever asks meanwhile gets nothing. */
  const busy = async (
    cursor: string | null | undefined,
    action: (cursor: string) => Promise<readonly string[]>,
  ) => {
    if (!cursor || store.get('busy')) return [];
    store.set('busy', true);
    try {
      return await action(cursor);
    } catch {
      return []; // the button is still there
    } finally {
      store.set('busy', false);
    }
  };
  const load = async () => {
    try {
      await readPage(null);
      store.set('phase', 'ready');
      deps.loaded();
    } catch (error) {
      if (ended.aborted) return;
      if (store.get('phase') !== 'ready') store.set('phase', 'failed');
      deps.emit('error', { code: error instanceof ApiError ? error.code : 'INTERNAL' });
    }
  };

  return {
    ...deps,
    places,
    path,
    early,
    parts,
    load,
    loadMore: () =>
      busy(store.get('next'), async (cursor) => {
        const before = new Set(store.get('roots'));
        await readPage(cursor);
        return store.get('roots')?.filter((id) => !before.has(id)) ?? [];
      }),
    loadReplies: (rootId) =>
      busy(store.get(`next:${rootId}`), async (cursor) => {
        const list = await read<ReplyPage>(`parent=${rootId}&limit=50`, cursor);
        place(list);
        store.set(`next:${rootId}`, list.next);
        return list.items.map((item) => item.id);
      }),
    setSort(sort) {
      store.set('sort', sort);
      void load();
    },
  };
}
