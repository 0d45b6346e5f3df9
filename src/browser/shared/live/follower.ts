import type { CommentView } from '../../../contract/comment.js';
import type { Joined, ThreadChanged } from '../../../contract/events.js';
import type { Changes, Resync, ThreadHead } from '../../../contract/thread.js';
import { createThreadLog, type ItemChange, type KnownItem } from './thread-log.js';

/** What a list carries, whatever it is: a page of roots with their replies, a branch, a context. */
export interface ReadList {
  /** The thread's revision before the rows were read. */
  readonly rev: number;
  readonly thread: ThreadHead;
  readonly items: readonly (KnownItem & {
    readonly replies?: { readonly items: readonly KnownItem[] };
  })[];
}

/** What a follower needs and whom it tells. */
export interface FollowerOptions {
  /** `GET …/changes?since=`; a rejection is tried again. */
  readonly fetchChanges: (since: number) => Promise<Changes | Resync>;
  /** Rows that changed, parents before their replies. */
  readonly onItems: (changes: readonly ItemChange[]) => void;
  /** The head changed. */
  readonly onThread: (thread: ThreadHead) => void;
  /** Too far behind: everything was forgotten; load the list again, then `list()` and join. */
  readonly onResync: () => void;
  /** Waits before a failed read is repeated. */
  readonly wait?: (ms: number) => Promise<void>;
}

/**
 * A reader of one thread: "next change → take it; gap → read from where you are".
 * Order of use: `list(page)` → `joining()` → send `thread:join {since: cursor()}` → `joined(answer)`;
 * frames at any time. After a reconnect: `joining()`, join with the cursor, `joined(answer)`.
 */
export interface Follower {
  /** The last change known, whatever it did; null before the first list. */
  cursor(): number | null;
  thread(): ThreadHead | null;
  get(id: string): KnownItem | null;
  /** Every row that is shown, in no particular order. */
  items(): readonly KnownItem[];
  /** Takes a list. One older than the cursor is merged, then read on from its own revision. */
  list(list: ReadList): void;
  /** Takes own views: `you:changed`, `mine`, the answer to an own post or edit. */
  own(comments: readonly CommentView[]): void;
  /** From here frames wait for `joined`. */
  joining(): void;
  /** The answer to `thread:join`; a refusal only ends the waiting. */
  joined(answer: Joined): void;
  frame(frame: ThreadChanged): void;
  /** Whether nothing is being read or waited for. */
  settled(): boolean;
  /** Forgets everything and ignores what is still under way. */
  reset(): void;
}

/** Items that a reader catches up on one by one; further behind it loads the list again. */
const mostBehind = 500;
const retryMs = 250;
const longestRetryMs = 30_000;

/** A follower that knows nothing yet. */
export function createFollower(options: FollowerOptions): Follower {
  const wait = options.wait ?? ((ms) => new Promise((done) => setTimeout(done, ms)));
  const log = createThreadLog();
  let cursor: number | null = null;
  let thread: ThreadHead | null = null;
  let buffer: ThreadChanged[] | null = null;
  /** Highest revision that a frame spoke of. */
  let wanted = 0;
  let reading = 0;
  let chasing = false;
  let life = 0;

  const tell = (changes: readonly ItemChange[]): void => {
    if (changes.length > 0) options.onItems(changes);
  };

  function head(next: ThreadHead): void {
    if (thread && next.rev <= thread.rev) return;
    thread = next;
    options.onThread(next);
  }

  function forget(): void {
    life += 1;
    cursor = thread = buffer = null;
    wanted = 0;
    chasing = false;
    log.clear();
  }

  function resync(): void {
    forget();
    options.onResync();
  }

  /** A piece of the log that starts at or before the cursor. */
  function take(piece: Pick<Changes, 'rev' | 'thread' | 'items'>): void {
    cursor = Math.max(cursor ?? 0, piece.rev);
    tell(log.changes(piece.items));
    head(piece.thread);
  }

  /** Reads on from `since` until nothing more is there; false when it led to a resync. */
  async function readOn(since: number): Promise<void> {
    const mine = life;
    let behind = 0;
    let failures = 0;
    reading += 1;
    try {
      for (let from = since; mine === life;) {
        const answer = await options.fetchChanges(from).catch(() => null);
        if (mine !== life) return;
        if (answer === null) {
          await wait(Math.min(longestRetryMs, retryMs * 2 ** failures));
          failures += 1;
          continue;
        }
        if ('resync' in answer) return resync();
        behind += answer.items.length;
        if (behind > mostBehind) return resync();
        take(answer);
        from = answer.rev;
        if (!answer.more) return;
      }
    } finally {
      reading -= 1;
    }
  }

  /** Closes the gap that a frame showed. One at a time: what it brings may be enough for all. */
  async function chase(): Promise<void> {
    if (chasing) return;
    chasing = true;
    const mine = life;
    for (let tries = 0; mine === life && cursor !== null && cursor < wanted; tries += 1) {
      if (tries > 0) await wait(Math.min(longestRetryMs, retryMs * 2 ** tries));
      if (mine === life) await readOn(cursor);
    }
    if (mine === life) chasing = false;
  }

  function frame(next: ThreadChanged): void {
    if (buffer) {
      buffer.push(next);
      return;
    }
    if (cursor === null) return;
    if (next.prev <= cursor) return take(next);
    wanted = Math.max(wanted, next.rev);
    void chase();
  }

  function joined(answer: Joined): void {
    const frames = buffer ?? [];
    buffer = null;
    if (cursor === null) return;
    if (answer.ok && 'resync' in answer) return resync();
    if (answer.ok && 'items' in answer) {
      if (answer.prev <= cursor) take(answer);
      else wanted = Math.max(wanted, answer.rev);
      if (answer.more) void readOn(answer.rev);
      if (cursor < wanted) void chase();
    }
    frames.forEach(frame);
  }

  function list(read: ReadList): void {
    const from = cursor ?? read.rev;
    cursor = from;
    tell(log.list(read.items.flatMap(flatten)));
    head(read.thread);
    if (read.rev < from) void readOn(read.rev);
  }

  return {
    cursor: () => cursor,
    thread: () => thread,
    get: (id) => log.get(id),
    items: () => log.items(),
    list,
    own: (comments) => tell(log.own(comments)),
    joining: () => {
      buffer = [];
    },
    joined,
    frame,
    settled: () => reading === 0 && !chasing && buffer === null,
    reset: forget,
  };
}

/** A root and the replies that came with it, each as a row of its own. */
function flatten(item: ReadList['items'][number]): readonly KnownItem[] {
  const { replies, ...row } = item;
  return [row, ...(replies?.items ?? [])];
}
