import type { Changes, Mine, Resync } from '../../../contract/thread.js';
import { createFollower, type ReadList } from '../../shared/live/follower.js';
import type { Box, Engine } from '../model.js';
import { keepSteady } from './anchor.js';
import { createAnnouncer } from './announcer.js';
import type { Connection } from './connections.js';
import { follow } from './follow.js';
import { createSpeech } from './speech.js';
import { createThreadState } from './thread-state.js';

/** Takes over the lists that a box has read, and follows the thread from there. */
export function createEngine(box: Box, connection: Connection, root: ShadowRoot): Engine {
  const { store, settings, api, ended, path } = box;
  const { sessions, storage } = connection;
  const { say: announce } = createAnnouncer(
    root.host,
    root.firstElementChild?.getAttribute('lang') ?? '',
  );
  const state = createThreadState({
    store,
    places: box.places,
    me: () => sessions.user()?.id,
    arrived: createSpeech(box.say, announce),
  });
  let listing = false;
  const changes = (since: number, more: string) => `${path}/changes?since=${since}${more}`;
  const follower = createFollower({
    fetchChanges: (since) =>
      api.send<Changes | Resync>({ path: changes(since, ''), signal: ended }),
    onItems: (items) => {
      if (listing) state.take(items, true);
      else keepSteady(root, () => state.take(items, false));
    },
    onThread: (head) => store.set('head', head),
    onResync: () => void box.load(),
  });
  const list = (read: ReadList) => {
    listing = true;
    follower.list(read);
    listing = false;
  };
  const mine = async () => {
    if (!sessions.user()) return;
    const personal = await sessions.send<Mine>({ path: `${path}/mine`, signal: ended });
    for (const [id, value] of Object.entries(personal.votes)) store.set(`vote:${id}`, value);
    follower.own(personal.comments);
  };
  const identify = () => store.set('me', sessions.user()?.id ?? '');

  identify();
  const forget = sessions.onChange(identify);
  ended.addEventListener('abort', forget);
  for (const read of box.early.splice(0)) list(read);
  const following = follow({
    site: settings.site,
    article: settings.article,
    follower,
    wire: connection.wire,
    poll: (since, signal) =>
      api.send({ path: changes(since, '&wait=25'), signal, timeoutMs: 40_000 }),
    random: box.random,
    ended,
    connection(connected) {
      store.set('connection', connected);
      box.emit('live', { state: connected });
    },
    viewers: (count) => store.set('viewers', count),
    back: () => void mine().catch(() => undefined), // asked again at the next connection
  });
  return { sessions, storage, state, follower, list, announce, rejoin: following.rejoin };
}
