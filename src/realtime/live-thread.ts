import type { ThreadChanged } from '../contract/events.js';
import { limits } from '../contract/limits.js';
import type { Changes, Resync, ThreadHead } from '../contract/thread.js';
import type { Notice } from '../domain/ports.js';
import type { Threads } from '../domain/threads.js';
import type { ThreadName } from '../domain/thread.js';
import type { Timing } from './settings.js';

/** What a live thread needs. `send` hands a frame to everybody who follows and resolves when it is out. */
export interface LiveThreadDeps {
  readonly name: ThreadName;
  readonly threads: Pick<Threads, 'changes' | 'revision'>;
  readonly send: (frame: ThreadChanged) => Promise<void>;
  readonly now: () => number;
  readonly timing: Timing;
  /** A read that failed; the next change or heartbeat tries again. */
  readonly onError: (error: unknown) => void;
}

/** One thread as this node follows it: "next change → take it; gap → read from where you are". */
export interface LiveThread {
  readonly name: ThreadName;
  /** A change was committed, here or elsewhere. It may be told twice or not at all. */
  hear(notice: Pick<Notice, 'rev' | 'change'>): void;
  /**
   * What a reader with cursor `since` has missed (without: the head, no items). Whoever asks has
   * joined the room before: all that is later than the answer comes as a frame.
   */
  catchUp(since: number | undefined): Promise<Changes | Resync>;
  /** Once a heartbeat: compares with the head, and sends an empty frame if there was no other. */
  beat(): Promise<void>;
  stop(): void;
}

/** Follows a thread from its present head. */
export function createLiveThread(deps: LiveThreadDeps): LiveThread {
  const { name, threads, timing, now } = deps;
  /** The last revision read; -1 until the head is known. */
  let last = -1;
  /** The revision up to which frames were sent; between it and `last` was nothing public. */
  let sent = -1;
  /** The highest revision heard of, and the highest that more than numbers moved in. */
  let heard = -1;
  let urgent = -1;
  let head: ThreadHead | null = null;
  let lastFrameAt = now();
  let checkedAt = lastFrameAt;
  let windowMs = 0;
  let waited = false;
  let opening: Promise<void> | null = null;
  let reading = false;
  let stopped = false;
  let timer: NodeJS.Timeout | undefined;
  let dueAt = Infinity;
  /** Catch-ups that are being read or were, since the last change heard. */
  const flights = new Map<number, Promise<Changes | Resync>>();

  const open = (): Promise<void> =>
    (opening ??= takeHead().catch((error: unknown) => {
      opening = null;
      throw error;
    }));

  async function takeHead(): Promise<void> {
    const rev = await threads.revision(name);
    const piece = await threads.changes(name, rev, limits.pageItems);
    last = sent = piece.rev;
    if ('thread' in piece) head = piece.thread;
    schedule();
  }

  /** Plans the next read: numbers alone wait the longest window, all else the present one. */
  function schedule(patient = urgent <= last): void {
    if (stopped || reading || heard <= last || last < 0) return;
    const at = patient ? now() + timing.windowMs : Math.max(now(), lastFrameAt + windowMs);
    waited ||= !patient && at > now();
    if (dueAt <= at) return;
    clearTimeout(timer);
    dueAt = at;
    timer = setTimeout(() => void read(), at - now());
  }

  async function read(): Promise<void> {
    clearTimeout(timer);
    dueAt = Infinity;
    if (reading || stopped) return;
    reading = true;
    const from = last;
    let failed = false;
    try {
      const piece = await threads.changes(name, last, limits.pageItems);
      if ('resync' in piece) await restart();
      else await take(piece);
    } catch (error) {
      failed = true;
      deps.onError(error);
    }
    reading = false;
    // A read that brought nothing was too early: the next change or heartbeat tries again.
    if (!failed && last === from) heard = last;
    schedule(failed || urgent <= last);
  }

  async function take(piece: Changes): Promise<void> {
    last = Math.max(last, piece.rev);
    if (piece.more) heard = urgent = Math.max(heard, last + 1);
    const altered = head === null || publicHead(head) !== publicHead(piece.thread);
    head = piece.thread;
    if (piece.items.length > 0 || altered) await sendFrame(piece.thread, piece.items);
  }

  /** The log does not reach back: viewers that are behind the head see a gap and ask for themselves. */
  async function restart(): Promise<void> {
    await takeHead();
    if (head) await sendFrame(head, []);
  }

  /** `sent` moves before the first socket is written to: a join in between reads at least that far. */
  async function sendFrame(thread: ThreadHead, items: Changes['items']): Promise<void> {
    const frame = { ...name, prev: sent, rev: last, thread, items };
    windowMs = pace({ windowMs, waited, idleMs: now() - lastFrameAt, mostMs: timing.windowMs });
    waited = false;
    sent = last;
    lastFrameAt = now();
    await deps.send(frame);
  }

  function readSince(since: number): Promise<Changes | Resync> {
    const running = flights.get(since);
    if (running) return running;
    const flight = threads.changes(name, since, limits.pageItems);
    if (flights.size < mostFlights) flights.set(since, flight);
    flight.catch(() => flights.delete(since));
    return flight;
  }

  return {
    name,
    hear({ rev, change }) {
      if (rev <= last || stopped) return;
      if (rev > heard) flights.clear();
      heard = Math.max(heard, rev);
      const patient = change !== null && !change.head && change.ids.length === 0;
      if (!patient) urgent = Math.max(urgent, rev);
      schedule();
    },
    async catchUp(since) {
      await open();
      const must = sent;
      const from = since ?? last;
      if (head && from >= must && from <= last) {
        return { prev: from, rev: last, thread: head, items: [], more: false };
      }
      const answer = await readSince(from);
      const enough = 'resync' in answer || answer.more || answer.rev >= must;
      return enough ? answer : threads.changes(name, from, limits.pageItems);
    },
    async beat() {
      flights.clear();
      if (last < 0 || stopped || now() - checkedAt < timing.heartbeatMs) return;
      checkedAt = now();
      const rev = await threads.revision(name);
      if (rev > last) {
        heard = Math.max(heard, rev);
        await read();
      }
      if (head && !reading && now() - lastFrameAt >= timing.heartbeatMs) {
        await deps.send({ ...name, prev: sent, rev: last, thread: head, items: [] });
      }
    },
    stop() {
      stopped = true;
      clearTimeout(timer);
      flights.clear();
    },
  };
}

const mostFlights = 8;
const firstWindowMs = 50;
const frequentMs = 250;

/**
 * The window until the next frame: doubled when changes had to wait for this one, halved when the
 * thread is quiet again. A thread with a frame now and then has none.
 */
function pace(of: {
  readonly windowMs: number;
  readonly waited: boolean;
  readonly idleMs: number;
  readonly mostMs: number;
}): number {
  if (of.waited) return Math.min(of.mostMs, of.windowMs * 2);
  if (of.windowMs === 0) return of.idleMs < frequentMs ? Math.min(of.mostMs, firstWindowMs) : 0;
  if (of.idleMs < 2 * of.windowMs) return of.windowMs;
  return of.windowMs > firstWindowMs ? of.windowMs / 2 : 0;
}

/** All of a head but its revision: what a reader would see change. */
const publicHead = (thread: ThreadHead): string => JSON.stringify({ ...thread, rev: 0 });
