import { createHash } from 'node:crypto';
import type { ModerationMode } from '../contract/site.js';

/** A comment that stands above the list, and why. */
export interface Pin {
  readonly id: string;
  readonly reason: string;
}

/** A thread as it is stored; reads like a row of its own log. Times are epoch ms. */
export interface Thread {
  /** Thread key, see {@link threadKey}. */
  readonly tk: string;
  readonly site: string;
  readonly article: string;
  readonly title: string | null;
  readonly url: string | null;
  /** Number of its last change; 0: none yet. */
  readonly rev: number;
  /** Number of the last change that altered the public head. */
  readonly headRev: number;
  /** Time of its last change; never runs backwards. */
  readonly at: number;
  /** Approved comments and replies. */
  readonly count: number;
  readonly state: 'open' | 'closed';
  /** Null: as the site says. */
  readonly moderation: ModerationMode | null;
  readonly notice: string | null;
  readonly pinned: readonly Pin[];
  /** Takes no new comments from then on; null: open-ended. */
  readonly closesAt: number | null;
  readonly slowModeSeconds: number;
  /** Hash of the last audit entry of this thread. */
  readonly auditHead: string;
  /** ULID of its newest comment, '' before the first: ids rise within a thread. */
  readonly lastUlid: string;
}

/** What one commit did to a thread: an entry of its log. Holds no text. */
export interface Change {
  readonly tk: string;
  readonly site: string;
  readonly rev: number;
  readonly at: number;
  /** The public head was altered (count, state, notice, pins …). */
  readonly head: boolean;
  /** Rows whose public view was altered. */
  readonly ids: readonly string[];
  /** Rows of which only numbers moved. */
  readonly counted: readonly string[];
  /** Rows altered for the desk or their author alone. */
  readonly desk: readonly string[];
}

/** Which thread is meant: the pair from which its key is made. */
export interface ThreadName {
  readonly site: string;
  readonly article: string;
}

const alphabet = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';

/** 16 base62 characters of SHA-256(site ‖ 0 ‖ article): 95 bits, enough never to meet twice. */
export function threadKey({ site, article }: ThreadName): string {
  const digest = createHash('sha256').update(`${site}\0${article}`).digest();
  let number = digest.readBigUInt64BE(0) * 2n ** 64n + digest.readBigUInt64BE(8);
  let key = '';
  for (let i = 0; i < 16; i += 1) {
    key += alphabet.charAt(Number(number % 62n));
    number /= 62n;
  }
  return key;
}

/** A thread that nothing has happened to yet. */
export const emptyThread = ({ site, article }: ThreadName): Thread => ({
  tk: threadKey({ site, article }),
  site,
  article,
  title: null,
  url: null,
  rev: 0,
  headRev: 0,
  at: 0,
  count: 0,
  state: 'open',
  moderation: null,
  notice: null,
  pinned: [],
  closesAt: null,
  slowModeSeconds: 0,
  auditHead: '',
  lastUlid: '',
});

/** Whether a thread takes no new comments at `now` (epoch ms). */
export const isClosed = (thread: Thread, now: number): boolean =>
  thread.state === 'closed' || (thread.closesAt !== null && thread.closesAt <= now);
