import type { CommentView } from '../contract/comment.js';
import type { Person } from '../domain/actor.js';
import type { Comment } from '../domain/comment.js';
import { DomainError } from '../domain/errors.js';
import type { Notice, ThreadStore } from '../domain/ports.js';
import type { ThreadName } from '../domain/thread.js';
import type { Threads } from '../domain/threads.js';
import type { SocketLimits } from './settings.js';
import { deliver, encode, type ThreadsSocket } from './wire.js';

/** What the changes for authors alone need. */
export interface OwnChangesDeps {
  readonly tk: string;
  readonly name: ThreadName;
  readonly threads: Pick<Threads, 'comment' | 'revision'>;
  readonly store: Pick<ThreadStore, 'readLog' | 'readComment'>;
  readonly limits: SocketLimits;
  readonly onError: (error: unknown) => void;
}

/** `you:changed` of one thread: tells authors of own comments that others may not see. */
export interface OwnChanges {
  /** Takes note of a socket, if it has shown who it is on this site. */
  add(socket: ThreadsSocket): void;
  delete(socket: ThreadsSocket): void;
  hear(notice: Notice): void;
}

/** Ids of one read of the log. */
const logIds = 100;

/** Tells nobody yet. Costs nothing while no viewer of the thread has a session. */
export function createOwnChanges(deps: OwnChangesDeps): OwnChanges {
  const { tk, name, store } = deps;
  const people = new Map<string, Set<ThreadsSocket>>();
  /** The last change whose rows were looked at; -1: unknown, start with the next one. */
  let told = -1;
  let heard = -1;
  let busy = false;

  /** Looks at every change up to the last one heard of, those between that were not told too. */
  async function follow(): Promise<void> {
    if (busy) return;
    busy = true;
    try {
      while (told < heard && people.size > 0) {
        const log = await store.readLog(tk, told, logIds);
        for (const change of log.changes) {
          await tell([...change.ids, ...change.desk], log.comments);
          told = change.rev;
        }
        if (log.changes.length === 0) told = heard;
      }
    } catch (error) {
      deps.onError(error);
    } finally {
      busy = false;
    }
  }

  async function tell(ids: readonly string[], rows: readonly Comment[]): Promise<void> {
    for (const id of ids) {
      const row = rows.find((one) => one.id === id) ?? (await store.readComment(tk, id))?.comment;
      const sockets = row?.author && isHidden(row) ? people.get(row.author.id) : undefined;
      if (sockets) await show(id, [...sockets]);
    }
  }

  async function show(id: string, sockets: readonly ThreadsSocket[]): Promise<void> {
    const actor = sockets[0]?.data.identity?.actor;
    const comment = actor ? await viewFor(actor, id) : null;
    if (!comment) return;
    const packet = encode('you:changed', { ...name, comments: [comment] });
    for (const socket of sockets) deliver(socket, packet, deps.limits);
  }

  async function viewFor(actor: Person, id: string): Promise<CommentView | null> {
    try {
      const view = await deps.threads.comment(actor, name, id);
      return 'author' in view ? view : null;
    } catch (error) {
      if (error instanceof DomainError && error.code === 'NOT_FOUND') return null;
      throw error;
    }
  }

  return {
    add(socket) {
      const actor = socket.data.identity?.actor;
      if (actor?.site !== name.site) return;
      const sockets = people.get(actor.id);
      if (sockets) sockets.add(socket);
      else people.set(actor.id, new Set([socket]));
    },
    delete(socket) {
      const id = socket.data.identity?.actor.id;
      const sockets = id === undefined ? undefined : people.get(id);
      if (!sockets?.delete(socket) || sockets.size > 0 || id === undefined) return;
      people.delete(id);
      if (people.size === 0) told = heard = -1;
    },
    hear(notice) {
      if (people.size === 0 || notice.rev <= heard) return;
      heard = notice.rev;
      if (told < 0) told = heard - 1;
      void follow();
    },
  };
}

/** Whether its author sees more of it than everybody does. A deleted one has no author left. */
const isHidden = ({ status }: Comment): boolean =>
  status === 'pending' || status === 'rejected' || status === 'spam';
