import { aPost } from '../../helpers/factories.js';
import { inParallel, readRevisions, upTo, type Harness } from './harness.js';
import { name, tk } from './names.js';

/** What opening and closing promise. */
export function describeLifecycle({ store, write, opened }: Harness): void {
  describe('closing', () => {
    it('is fine twice, also at once', async () => {
      await Promise.all([store().close(), store().close()]);
      await store().close();
    });

    it('finishes what is being written', async () => {
      const writing = inParallel(150, () => write(aPost()));
      const closed = store().close();
      expect(await writing).toHaveLength(150);
      await closed;
      const again = await opened().reopen();
      expect((await again.threads.readThread(tk))?.count).toBe(150);
      expect(await readRevisions(again)).toEqual(upTo((await again.threads.readThread(tk))!.rev));
    });

    it('leaves a store that answers STORE_CLOSED to everything', async () => {
      const { threads, directory, ping, close } = store();
      await close();
      const page = { sort: 'newest', limit: 1, cursor: null, previews: 0 } as const;
      const calls: (() => Promise<unknown>)[] = [
        () => threads.write(name, aPost()),
        () => threads.readThread(tk),
        () => threads.readPage(tk, page),
        () => threads.readLog(tk, 0, 1),
        () => threads.readHeads([tk]),
        () => directory.getSite('demo'),
        () => directory.deleteSession('x'),
        () => directory.addressSecret('2026-11', 'secret'),
        () => ping(),
      ];
      for (const call of calls)
        await expect(call()).rejects.toMatchObject({ code: 'STORE_CLOSED' });
    });
  });

  describe('a restart', () => {
    it('keeps everything that was answered', async () => {
      const { comment, thread } = await write(aPost());
      const again = await opened().reopen();
      expect(await again.threads.readComment(tk, comment!.id)).toEqual({ thread, comment });
      expect((await again.threads.write(name, aPost())).thread.rev).toBe(thread.rev + 1);
    });
  });

  describe('ping', () => {
    it('resolves while the store is there', async () => {
      await expect(store().ping()).resolves.toBeUndefined();
    });
  });
}
