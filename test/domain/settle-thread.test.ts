import { aPost, aSetting } from '../helpers/factories.js';
import { createLog } from '../helpers/log.js';

const announcement = (title = 'Title', url = 'https://a.example/') =>
  ({ type: 'announce', title, url }) as const;

describe('an announcement', () => {
  it('makes the thread, once', () => {
    const log = createLog();
    const { results, change } = log.settle(announcement(), announcement('Other'), aPost());
    expect(results.map((result) => result.ok && result.outcome.created)).toEqual([
      true,
      false,
      false,
    ]);
    expect(change).toMatchObject({ rev: 1 });
    expect(log.thread()).toMatchObject({ title: 'Other', url: 'https://a.example/', rev: 1 });
    expect(log.run(announcement('Third')).created).toBe(false);
  });

  it('leaves the making to the next one where the first fails', () => {
    const log = createLog();
    const { results } = log.settle(aPost({ announcedOnly: true }), announcement());
    expect(results).toMatchObject([{ ok: false }, { ok: true, outcome: { created: true } }]);
  });

  it('of the same again changes nothing', () => {
    const log = createLog();
    log.run(announcement());
    expect(log.settle(announcement()).change).toBeNull();
    expect(log.thread().rev).toBe(1);
  });

  it('is a change in which the public head stands as it was', () => {
    const log = createLog();
    const { change } = log.settle(announcement());
    expect(change).toMatchObject({ head: false, ids: [], counted: [], desk: [] });
    expect(log.thread()).toMatchObject({ rev: 1, headRev: 0 });
  });
});

describe('a setting', () => {
  const publicly = [
    { state: 'closed' },
    { notice: 'Be kind.' },
    { closesAt: 1 },
    { moderation: 'all' },
  ] as const;
  it.each(publicly)('alters the head and is on record: %o', (set) => {
    const log = createLog();
    const { change, audit } = log.settle(aSetting(set));
    expect(change).toMatchObject({ head: true, ids: [] });
    expect(log.thread()).toMatchObject({ ...set, headRev: 1 });
    const [key] = Object.keys(set);
    expect(audit).toMatchObject([{ action: 'set', target: null, after: set }]);
    expect(Object.keys(audit[0]!.before)).toEqual([key]);
  });

  it('of slow mode is on record and alters nothing that readers see', () => {
    const log = createLog();
    const { change, audit } = log.settle(aSetting({ slowModeSeconds: 30 }));
    expect(change).toMatchObject({ head: false });
    expect(audit).toMatchObject([
      { before: { slowModeSeconds: 0 }, after: { slowModeSeconds: 30 } },
    ]);
  });

  it('of what is so already changes nothing and leaves no entry', () => {
    const log = createLog();
    log.run(aSetting({ notice: 'Be kind.' }));
    expect(log.settle(aSetting({ notice: 'Be kind.', state: 'open' })).change).toBeNull();
    expect(log.audit()).toHaveLength(1);
    const { audit } = log.settle(aSetting({ notice: 'Be kind.', state: 'closed' }));
    expect(audit[0]).toMatchObject({ before: { state: 'open' }, after: { state: 'closed' } });
    expect(audit[0]?.after).not.toHaveProperty('notice');
  });

  it('is not among the decisions that can be undone', () => {
    const log = createLog();
    expect(log.run(aSetting()).decisionId).toBeNull();
    const operation = { type: 'undo', by: aSetting().by, entropy: '0'.repeat(16) } as const;
    const { id } = log.audit()[0]!;
    expect(log.fail({ ...operation, decisionId: id }).code).toBe('NOT_FOUND');
  });
});
