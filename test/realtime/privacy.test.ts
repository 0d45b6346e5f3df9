import fc from 'fast-check';
import { createMixedChanges } from '../helpers/mixed-changes.js';
import { connected, join, record, startRealtime } from '../helpers/realtime.js';
import { until } from '../helpers/until.js';

const seed = Number(process.env['SAYSO_TEST_SEED'] ?? Date.now() % 2 ** 31);
const name = { site: 'demo', article: 'a' };

describe(`what readers must not see (seed ${String(seed)})`, () => {
  it('SEC-13 SEC-42 never travels: no held, hidden or erased text in any frame, answer or page of any size', async () => {
    const aStep = fc.record({ kind: fc.nat(69), target: fc.nat(50), detail: fc.nat(20) });
    const game = fc.array(aStep, { minLength: 40, maxLength: 80 });
    const property = fc.asyncProperty(game, async (steps) => {
      const server = await startRealtime({
        timing: { windowMs: 5, countsMs: 5 },
        limits: { messagesPerSecond: 1e6, messageBurst: 1e6 },
      });
      try {
        const client = server.official();
        const stream = record(client);
        await connected(client);
        await join(client, 0);
        const changes = createMixedChanges(server.store.threads, name);
        for (const { kind, target, detail } of steps) await changes.apply(kind, target, detail);
        const rev = await server.threads.revision(name);
        const answers: unknown[] = [];
        for (const limit of [1, 2, 7, 100]) {
          for (let since = 0, more = true; more;) {
            const piece = await server.threads.changes(name, since, limit);
            answers.push(piece);
            if ('resync' in piece) break;
            ({ more, rev: since } = piece);
          }
        }
        for (let since = 0; since <= rev; since += 1) answers.push(await join(client, since));
        for (const sort of ['newest', 'oldest', 'top', 'replies'] as const) {
          for (let cursor: string | null = null, first = true; first || cursor; first = false) {
            const page = await server.threads.page(name, { sort, limit: 3, cursor });
            answers.push(page);
            cursor = page.next;
          }
        }
        await until(() => stream.length > 0 || rev === 0);
        const public_ = JSON.stringify([stream, answers]);
        for (const secret of changes.secrets()) expect(public_).not.toContain(secret);
        expect(public_).not.toMatch(/"(source|reasons|ipKey|mine|reports)"/);
        expect(public_).not.toMatch(/"status":"(pending|rejected|spam)"/);
        // What is answered now is the thread as it is now, however far back the question goes.
        const hidden: string[] = [];
        for (const id of changes.ids()) {
          const row = await server.store.threads.readComment(id.slice(0, 16), id);
          if (row !== null && row.comment.status !== 'approved') hidden.push(id);
        }
        for (const id of hidden) {
          const shown = JSON.stringify(answers).match(new RegExp(`\\{"id":"${id}","site"`));
          expect(shown).toBeNull();
        }
      } finally {
        await server.stop();
      }
    });
    await fc.assert(property, { numRuns: 8, seed, endOnFailure: true });
  }, 120_000);
});
