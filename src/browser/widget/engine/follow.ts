import type { CommentView } from '../../../contract/comment.js';
import type { Joined } from '../../../contract/events.js';
import type { Changes, Resync } from '../../../contract/thread.js';
import { backoffMs, pause } from '../../shared/backoff.js';
import type { Follower } from '../../shared/live/follower.js';
import type { Wire } from './wire.js';

/** What following one thread needs. */
export interface FollowDeps {
  readonly site: string;
  readonly article: string;
  readonly follower: Follower;
  readonly wire: Wire;
  /** `GET …/changes?since=…&wait=25`. */
  readonly poll: (since: number, signal: AbortSignal) => Promise<Changes | Resync>;
  readonly random: () => number;
  readonly ended: AbortSignal;
  readonly connection: (state: 'live' | 'connecting' | 'lost') => void;
  readonly viewers: (count: number) => void;
  /** Connected anew: what is personal is asked for again. */
  readonly back: () => void;
}

/** Following as it runs. */
export interface Following {
  /** Joins from where the follower stands. */
  rejoin(): void;
}

/** Follows the thread by socket; after two failures by held requests until the socket is back. */
export function follow(deps: FollowDeps): Following {
  const { wire, follower, site, article, ended } = deps;
  const name = { site, article };
  let failures = 0;
  let polling: AbortController | undefined;

  const join = async () => {
    follower.joining();
    const since = follower.cursor();
    const payload = since === null ? name : { ...name, since };
    // The acknowledgement of the typed event.
    const answer = (await wire.send('thread:join', payload).catch(() => null)) as Joined | null;
    follower.joined(answer ?? { ok: false, code: 'STORE_UNAVAILABLE' });
    if (!answer?.ok) return poll();
    if ('viewers' in answer) deps.viewers(answer.viewers);
    failures = 0;
    polling?.abort();
    polling = undefined;
    deps.connection('live');
    deps.back();
  };
  const poll = () => {
    if (polling) return;
    polling = new AbortController();
    void hold(AbortSignal.any([polling.signal, ended]));
  };
  /** One held request after another; a failure waits longer each time. */
  const hold = async (signal: AbortSignal) => {
    for (let n = 0; !signal.aborted;) {
      const answer = await deps.poll(follower.cursor() ?? 0, signal).catch(() => null);
      if (signal.aborted) return;
      if (answer) {
        n = 0;
        deps.connection('live');
        if ('resync' in answer) follower.joined({ ok: true, ...answer });
        else follower.frame({ ...name, ...answer });
        continue;
      }
      deps.connection(n > 2 ? 'lost' : 'connecting');
      await pause(backoffMs((n += 1), 500, 30_000, deps.random), signal);
    }
  };
  const changed = (state: string) => {
    if (state === 'open') return void join();
    if (state !== 'paused') return;
    failures += 1;
    if (!polling) deps.connection('connecting');
    if (failures >= 2) poll();
  };
  const ours = (event: { readonly site: string; readonly article: string }) =>
    event.site === site && event.article === article;

  const ends = [
    wire.on('thread:changed', (frame) => ours(frame) && follower.frame(frame)),
    wire.on('thread:viewers', (event) => ours(event) && deps.viewers(event.viewers)),
    wire.on(
      'you:changed',
      (event) => ours(event) && follower.own(event.comments as readonly CommentView[]),
    ),
    wire.onState(changed),
  ];
  ended.addEventListener('abort', () => {
    for (const end of ends) end();
    wire.send('thread:leave', name).catch(() => undefined); // closing leaves as well
  });
  changed(wire.state());
  return { rejoin: () => void (wire.state() === 'open' && join()) };
}
