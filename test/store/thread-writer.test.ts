import { DomainError } from '../../src/domain/errors.js';
import type { Operation, Outcome } from '../../src/domain/operation.js';
import type { Result } from '../../src/domain/rows.js';
import { emptyThread } from '../../src/domain/thread.js';
import { createThreadWriter, type ThreadAdapter } from '../../src/store/thread-writer.js';
import { aPost, aText } from '../helpers/factories.js';
import { inParallel } from './contract/harness.js';
import { name } from './contract/names.js';

const outcome: Outcome = {
  thread: emptyThread(name),
  comment: null,
  replayed: false,
  decisionId: null,
  created: false,
};
const done: Result = { ok: true, outcome };

/** A writer over commits that a test decides, and the sizes of the batches they were asked for. */
function aWriter(
  decide: (batch: readonly Operation[]) => Promise<readonly Result[]>,
  maxWaiting?: number,
) {
  const sizes: number[] = [];
  const adapter: ThreadAdapter = {
    commit: async (_, waiting) => {
      await new Promise((resolve) => setImmediate(resolve));
      const batch = waiting();
      sizes.push(batch.length);
      return decide(batch);
    },
  };
  const limit = maxWaiting === undefined ? {} : { maxWaiting };
  return { ...createThreadWriter({ adapter, ...limit }), sizes };
}

const isBad = (operation: Operation): boolean =>
  operation.type === 'post' && operation.text.source === 'bad';

describe('the thread writer', () => {
  it('commits what waits, 64 operations at a time', async () => {
    const { write, sizes } = aWriter(async (batch) => batch.map(() => done));
    await inParallel(150, () => write(name, aPost()));
    expect(sizes).toEqual([64, 64, 22]);
  });

  it('puts what did not fit into the next batch, in order', async () => {
    const { write, sizes } = aWriter(async (batch) => batch.slice(0, 2).map(() => done));
    const order: number[] = [];
    await inParallel(5, (i) => write(name, aPost()).then(() => order.push(i)));
    expect(sizes).toEqual([5, 3, 1]);
    expect(order).toEqual([0, 1, 2, 3, 4]);
  });

  it('tries operations one by one when a batch cannot be written, so that a bad one goes alone', async () => {
    const { write, sizes } = aWriter(async (batch) => {
      if (batch.some(isBad)) throw new Error('constraint');
      return batch.map(() => done);
    });
    const texts = ['good', 'bad', 'good', 'good'];
    const settled = await Promise.allSettled(
      texts.map((text) => write(name, aPost({ text: aText(text) }))),
    );
    expect(settled.map(({ status }) => status)).toEqual([
      ...['fulfilled', 'rejected', 'fulfilled', 'fulfilled'],
    ]);
    expect(sizes).toEqual([4, 1, 1, 1, 1]);
  });

  it('refuses all that waits when the store is down, and tries again for the next', async () => {
    let down = true;
    const { write, sizes } = aWriter(async (batch) => {
      if (down) throw new DomainError('STORE_UNAVAILABLE', { retryAfter: 1 });
      return batch.map(() => done);
    });
    const settled = await Promise.allSettled(
      Array.from({ length: 100 }, () => write(name, aPost())),
    );
    expect(settled.every(({ status }) => status === 'rejected')).toBe(true);
    expect(sizes).toEqual([64]);
    down = false;
    await expect(write(name, aPost())).resolves.toBe(outcome);
  });

  it('takes on no more than it can hold, and goes on when there is room', async () => {
    const { write } = aWriter(async (batch) => batch.map(() => done), 10);
    const settled = await Promise.allSettled(
      Array.from({ length: 15 }, (_, i) => write({ ...name, article: `a${i % 3}` }, aPost())),
    );
    expect(settled.filter(({ status }) => status === 'fulfilled')).toHaveLength(10);
    expect(settled.at(-1)).toMatchObject({
      reason: { code: 'OVERLOADED', details: { retryAfter: 1 } },
    });
    await expect(write(name, aPost())).resolves.toBe(outcome);
  });

  it('never hangs on a batch that is answered with nothing', async () => {
    const { write } = aWriter(async () => []);
    await expect(write(name, aPost())).rejects.toThrow('without any result');
  });

  it('finishes what waits when it closes, and takes no more', async () => {
    const { write, close } = aWriter(async (batch) => batch.map(() => done));
    const writing = inParallel(100, () => write(name, aPost()));
    const closed = close();
    await expect(write(name, aPost())).rejects.toMatchObject({ code: 'STORE_CLOSED' });
    await closed;
    expect(await writing).toHaveLength(100);
  });
});
