import type { FunctionComponent } from 'preact';
import type { CommentView, Sort } from '../../contract/comment.js';
import type { MessageKey } from '../locales/en.js';
import type { Api } from '../shared/api.js';
import type { Say } from '../shared/i18n.js';
import type { Follower, ReadList } from '../shared/live/follower.js';
import type { Sessions, TokenSource } from '../shared/sessions.js';
import type { Storage } from '../shared/storage.js';
import type { Clockwork } from '../shared/time.js';
import type { ThreadState } from './engine/thread-state.js';
import type { Places } from './places.js';
import type { Draft } from './rows.js';
import type { Settings } from './settings.js';
import type { Store } from './store.js';

/** Reading a thread: what the first paint needs. Following and writing come after it. */
export interface Box {
  readonly origin: string;
  readonly store: Store;
  readonly settings: Settings;
  readonly say: Say<MessageKey>;
  readonly clock: Clockwork;
  readonly api: Api;
  readonly places: Places;
  /** Address of the thread's own page, for when all else fails. */
  readonly fallback: string | undefined;
  /** `/sites/{site}/articles/{article}` */
  readonly path: string;
  /** Dispatches `sayso:<name>` on the element. */
  readonly emit: (name: string, detail?: object) => void;
  readonly random: () => number;
  readonly newId: () => string;
  /** The box was taken from the page. */
  readonly ended: AbortSignal;
  /** Lists that were read before the engine came. */
  readonly early: ReadList[];
  /** What comes after the first paint; `parts` in the store counts the arrivals. */
  readonly parts: Parts;
  /** Reads the first page in the present order. */
  load(): Promise<void>;
  /** Give the ids that were added, in order. */
  loadMore(): Promise<readonly string[]>;
  loadReplies(rootId: string): Promise<readonly string[]>;
  setSort(sort: Sort): void;
}

/** The parts that are here; each is loaded on its own. */
export interface Parts {
  engine?: Engine;
  writer?: Writer;
}

/** The box with the moves that carry the focus, and the parts that come after the first paint. */
export interface View extends Box {
  /** Shows what waits behind a pill and goes to the first of it. */
  reveal(parentId: string | null): void;
  showMore(): Promise<void>;
  showReplies(rootId: string): Promise<void>;
  /** Loads the engine, or joins again if it runs. */
  follow(): Promise<Engine>;
  useToken(source: TokenSource): void;
  /** Does something with the writing part: at once if it is here, else when it has come. */
  write(action?: (writer: Writer) => void): void;
}

/** What makes a read list live: who the reader is, what changes, what is said aloud. */
export interface Engine {
  readonly sessions: Sessions;
  readonly storage: Storage;
  readonly state: ThreadState;
  readonly follower: Follower;
  /** Merges a list that was read; its rows are placed by who read it. */
  list(list: ReadList): void;
  /** Says it in the page's polite region. */
  announce(text: string): void;
  /** Joins anew: the list was read afresh. */
  rejoin(): void;
}

/** What a reader does to a comment that is there. */
export interface Acts {
  /** Throws ApiError. */
  edit(id: string, source: string): Promise<void>;
  /** Throws ApiError. */
  remove(id: string): Promise<void>;
  /** Votes for it, or takes the vote back; drawn at once, undone if refused. */
  vote(id: string): Promise<void>;
}

/** What the writing part's components are given. */
export interface WriterProps {
  readonly box: View;
  readonly writer: Writer;
}

/** All that writes: loaded before the first hand is laid on it. */
export interface Writer extends Acts {
  readonly Root: FunctionComponent<WriterProps>;
  readonly Reply: FunctionComponent<WriterProps & { readonly row: CommentView }>;
  readonly Edit: FunctionComponent<WriterProps & { readonly row: CommentView }>;
  readonly DraftNote: FunctionComponent<WriterProps & { readonly draft: Draft }>;
  /** The remembered name; '' for nobody and for a nameless guest. */
  name(): string;
  /** What was typed and not sent under a comment, or as one of its own; '' for nothing. */
  kept(parentId: string | null): string;
  keep(parentId: string | null, text: string): void;
  /** Sends a comment or a reply, closes its composer, and goes to what was written. */
  submit(source: string, name: string, parentId: string | null): void;
  retry(draft: Draft): void;
  discard(draft: Draft): void;
  /** Takes a failed draft back into a composer. */
  rewrite(draft: Draft): void;
  /** Closes a composer and goes back to the button that opened it. */
  close(id: string | null): void;
  /** Deletes an own comment in 8 s, unless it is called back until then. */
  erase(id: string): void;
  unerase(id: string): void;
}
