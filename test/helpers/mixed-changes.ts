import type { KnownItem } from '../../src/browser/shared/live/thread-log.js';
import type { ThreadHead } from '../../src/contract/thread.js';
import { DomainError } from '../../src/domain/errors.js';
import type { Operation } from '../../src/domain/operation.js';
import type { ThreadStore } from '../../src/domain/ports.js';
import type { ThreadName } from '../../src/domain/thread.js';
import type { Threads } from '../../src/domain/threads.js';
import {
  aDecision,
  aDeletion,
  aPost,
  aReport,
  aSetting,
  aText,
  aVote,
  anAuthor,
  anEdit,
} from './factories.js';

/** Writes changes of every kind to one thread. */
export interface MixedChanges {
  /** One operation, chosen and aimed by three numbers. Refusals of the domain are part of the game. */
  apply(kind: number, target: number, detail: number): Promise<void>;
  /** Ids of all comments that were ever made. */
  ids(): readonly string[];
  /** Texts that must never be public: of comments held from the start and never approved. */
  secrets(): readonly string[];
}

/** A game of changes; a write whose answer was lost is repeated with its key until it is known. */
export function createMixedChanges(
  store: Pick<ThreadStore, 'write'>,
  name: ThreadName,
): MixedChanges {
  const ids: string[] = [];
  const secrets = new Map<string, string>();
  let keys = 0;

  async function write(operation: Operation): Promise<string | null> {
    for (;;) {
      try {
        const { comment } = await store.write(name, operation);
        return comment?.id ?? null;
      } catch (error) {
        if (!(error instanceof DomainError)) throw error;
        if (error.code !== 'STORE_UNAVAILABLE') return null;
      }
    }
  }

  async function post(parentId: string | null, status: 'approved' | 'pending'): Promise<void> {
    keys += 1;
    const source = `${status} text ${String(keys)}.`;
    const id = await write(
      aPost({
        parentId,
        status,
        text: aText(source),
        author: anAuthor({ id: `author-${String(keys % 5)}` }),
        idem: `key-${String(keys)}`,
        bodyHash: 'same',
      }),
    );
    if (id === null) return;
    ids.push(id);
    if (status === 'pending') secrets.set(id, source);
  }

  return {
    ids: () => ids,
    secrets: () => [...secrets.values()],
    async apply(kind, target, detail) {
      const id = ids.length === 0 ? null : ids[target % ids.length]!;
      const choice = kind % 16;
      if (id === null || choice < 4) return post(null, 'approved');
      if (choice < 7) return post(id, 'approved');
      if (choice === 7) return post(detail % 2 === 0 ? id : null, 'pending');
      if (choice === 8) {
        if (detail % 2 === 0) secrets.delete(id);
        await write(aDecision(id, { action: detail % 2 === 0 ? 'approve' : 'reject' }));
      } else if (choice === 9) {
        const text = `edited ${String(detail)}.`;
        if (secrets.has(id)) return;
        await write(anEdit(id, { text: aText(text) }));
      } else if (choice === 10) await write(aDeletion(id));
      else if (choice === 11) {
        const action = (['pin', 'unpin', 'feature', 'spam'] as const)[detail % 4]!;
        await write(aDecision(id, { action, reason: 'other' }));
      } else if (choice === 12) {
        const state = detail % 3 === 0 ? 'closed' : 'open';
        await write(aSetting({ state, notice: `Notice ${String(detail)}.` }));
        if (state === 'closed') await write(aSetting({ state: 'open' }));
      } else if (choice === 13) {
        await write(aReport(id, { ipKey: `ip-${String(detail % 3)}`, hideAt: 2 }));
      } else {
        const value = ([-1, 0, 1] as const)[detail % 3]!;
        await write(aVote(id, { actorId: `voter-${String(detail % 7)}`, value }));
      }
    },
  };
}

/** Every row of a thread as a fresh reader gets it: all pages, and all replies of every root. */
export async function readWhole(
  threads: Pick<Threads, 'page' | 'branch'>,
  name: ThreadName,
): Promise<{
  readonly rev: number;
  readonly thread: ThreadHead;
  readonly items: ReadonlyMap<string, KnownItem>;
}> {
  const items = new Map<string, KnownItem>();
  let head: ThreadHead | null = null;
  for (let cursor: string | null = null, first = true; first || cursor !== null; first = false) {
    const page = await threads.page(name, { sort: 'oldest', limit: 100, cursor });
    head ??= page.thread;
    cursor = page.next;
    for (const { replies, ...root } of page.items) {
      items.set(root.id, root);
      for (const reply of replies.items) items.set(reply.id, reply);
      for (let next = replies.next; next !== null;) {
        const branch = await threads.branch(name, { parentId: root.id, limit: 100, cursor: next });
        for (const reply of branch.items) items.set(reply.id, reply);
        next = branch.next;
      }
    }
  }
  if (head === null) throw new Error('A thread has at least one page.');
  return { rev: head.rev, thread: head, items };
}
