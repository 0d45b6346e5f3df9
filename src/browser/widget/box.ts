import type { CommentView, Sort, VoteResult } from '../../contract/comment.js';
import type { Changes, CommentPage, Mine, ReplyPage, Resync } from '../../contract/thread.js';
import type { MessageKey } from '../locales/en.js';
import { type Api, ApiError } from '../shared/api.js';
import type { Say } from '../shared/i18n.js';
import { createFollower, type Follower, type ReadList } from '../shared/live/follower.js';
import type { Sessions } from '../shared/sessions.js';
import type { Clockwork } from '../shared/time.js';
import { createOutbox, type Outbox } from './outbox.js';
import { isComment } from './rows.js';
import type { Settings } from './settings.js';
import type { Store } from './store.js';
import type { Arrival, ThreadState } from './thread-state.js';
import { createThreadState } from './thread-state.js';

/** Everything that the box's components read and do. */
export interface Box extends Omit<Outbox, 'post'> {
  readonly store: Store;
  readonly settings: Settings;
  readonly say: Say<MessageKey>;
  readonly clock: Clockwork;
  readonly api: Api;
  readonly sessions: Sessions;
  readonly state: ThreadState;
  readonly follower: Follower;
  readonly outbox: Outbox;
  /** Address of the thread's own page, for when all else fails. */
  readonly fallback: string | undefined;
  readonly path: string;
  /** Does something to the lists so that nothing the reader sees moves. */
  readonly steady: (change: () => void) => void;
  /** Says it in the page's polite region. */
  readonly announce: (text: string) => void;
  /** Dispatches `sayso:<name>` on the element. */
  readonly emit: (name: string, detail?: object) => void;
  load(): Promise<void>;
  mine(): Promise<void>;
  loadMore(): Promise<readonly string[]>;
  loadReplies(rootId: string): Promise<readonly string[]>;
  setSort(sort: Sort): void;
  edit(id: string, source: string): Promise<void>;
  remove(id: string): Promise<void>;
  vote(id: string): Promise<void>;
}

/** What a box is made of. */
export type BoxDeps = Pick<
  Box,
  | 'store' | 'settings' | 'say' | 'clock' | 'api' | 'sessions'
  | 'fallback' | 'steady' | 'announce' | 'emit'
> & {
  readonly arrived: (arrival: Arrival) => void;
  /** The list was read anew: the thread has to be joined from there. */
  readonly rejoin: () => void;
  readonly random: () => number;
  readonly newId: () => string;
  readonly ended: AbortSignal;
}; // prettier-ignore

/** One thread in one element. */
export function createBox(deps: BoxDeps): Box {
  const { store, settings, api, sessions, steady, ended } = deps;
  const path = `/sites/${encodeURIComponent(settings.site)}/articles/${encodeURIComponent(settings.article)}`;
  const state = createThreadState({
    store,
    me: () => sessions.user()?.id,
    arrived: deps.arrived,
  });
  const get = <T>(query: string) => api.send<T>({ path: path + query, signal: ended });
  let listing = false;
  const follower = createFollower({
    fetchChanges: (since) => get<Changes | Resync>(`/changes?since=${since}`),
    onItems: (changes) =>
      listing ? state.take(changes, true) : steady(() => state.take(changes, false)),
    onThread: (head) => store.set('head', head),
    onResync: () => void load().then(deps.rejoin),
  });
  /** Takes a list into the log, then shows its rows; what it may have missed is read on. */
  const place = (list: ReadList) => {
    listing = true;
    follower.list(list);
    listing = false;
    for (const { id, replies } of list.items) {
      state.place(id);
      for (const reply of replies?.items ?? []) state.place(reply.id);
    }
  };
  const placePage = (read: CommentPage) => {
    place(read);
    for (const root of read.items) store.set(`next:${root.id}`, root.replies.next);
    store.set('next', read.next);
  };
  const outbox = createOutbox({
    ...deps,
    path,
    state,
    own: follower.own,
    article: settings.title ? { title: settings.title } : {},
    posted(comment) {
      deps.announce(deps.say(comment.status === 'pending' ? 'pending' : 'posted'));
      deps.emit(comment.parentId ? 'reply' : 'comment', { id: comment.id });
    },
  });
  const page = (cursor: string | null) =>
    get<CommentPage>(
      `/comments?sort=${store.get('sort') ?? 'newest'}${cursor ? `&cursor=${encodeURIComponent(cursor)}` : ''}`,
    );
  const load = async () => {
    try {
      const first = await page(null);
      state.clear();
      placePage(first);
      store.set('phase', 'ready');
      await mine();
    } catch (error) {
      if (ended.aborted) return;
      if (store.get('phase') !== 'ready') store.set('phase', 'failed');
      deps.emit('error', { code: error instanceof ApiError ? error.code : 'INTERNAL' });
    }
  };
  const mine = async () => {
    if (!sessions.user()) return;
    const personal = await sessions.send<Mine>({ path: `${path}/mine`, signal: ended });
    for (const [id, value] of Object.entries(personal.votes)) store.set(`vote:${id}`, value);
    follower.own(personal.comments);
  };

  return {
    ...deps,
    state,
    follower,
    outbox,
    path,
    load,
    mine,
    retry: outbox.retry,
    discard: outbox.discard,
    async loadMore() {
      const cursor = store.get('next');
      if (!cursor || store.get('busy')) return [];
      store.set('busy', true);
      try {
        const before = new Set(store.get('roots'));
        placePage(await page(cursor));
        return (store.get('roots') ?? []).filter((id) => !before.has(id));
      } finally {
        store.set('busy', false);
      }
    },
    async loadReplies(rootId) {
      const cursor = store.get(`next:${rootId}`);
      if (!cursor || store.get('busy')) return [];
      store.set('busy', true);
      try {
        const query = `parent=${rootId}&limit=50&cursor=${encodeURIComponent(cursor)}`;
        const answer = await get<ReplyPage>(`/comments?${query}`);
        place(answer);
        store.set(`next:${rootId}`, answer.next);
        return answer.items.map((item) => item.id);
      } finally {
        store.set('busy', false);
      }
    },
    setSort(sort) {
      store.set('sort', sort);
      void load();
    },
    async edit(id, source) {
      const call = { method: 'PATCH', path: `${path}/comments/${id}`, body: { source } } as const;
      const comment = await sessions.send<CommentView>(call);
      follower.own([comment]);
      deps.emit('edit', { id });
    },
    async remove(id) {
      await sessions.send({ method: 'DELETE', path: `${path}/comments/${id}`, keepalive: true });
      deps.emit('delete', { id });
    },
    async vote(id) {
      const row = store.get(`row:${id}`);
      if (!isComment(row)) return;
      const was = store.get(`vote:${id}`) ?? 0;
      const value = was === 1 ? 0 : 1;
      store.set(`vote:${id}`, value);
      store.set(`row:${id}`, { ...row, up: row.up + value - Math.max(0, was) });
      try {
        const call = {
          method: 'PUT',
          path: `${path}/comments/${id}/vote`,
          body: { value },
        } as const;
        const result = await sessions.send<VoteResult>(call);
        const latest = store.get(`row:${id}`);
        if (isComment(latest))
          store.set(`row:${id}`, {
            ...latest,
            up: result.up,
            down: result.down,
            score: result.score,
          });
        store.set(`vote:${id}`, result.mine);
        deps.emit('vote', { id, value });
      } catch {
        store.set(`vote:${id}`, was);
        const latest = store.get(`row:${id}`);
        if (isComment(latest)) store.set(`row:${id}`, { ...latest, up: row.up });
      }
    },
  };
}
