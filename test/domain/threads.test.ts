import {
  CommentContext,
  CommentPage,
  Mine,
  ReplyPage,
  ThreadView,
} from '../../src/contract/thread.js';
import {
  aBody,
  aModeratorOf,
  aService,
  codeOf,
  openUseCases,
  thread,
  visitor,
  type UseCases,
} from '../helpers/use-cases.js';

let app: UseCases;
beforeEach(async () => {
  app = await openUseCases();
});
afterEach(() => app.close());

const pageOf = { sort: 'oldest', limit: 20, cursor: null } as const;

/** root ← reply (canary, rejected) ← leaf, and a root (canary, rejected). */
async function aConversation() {
  const ada = await app.guest('Ada');
  const eve = await app.guest('Eve');
  const mo = aModeratorOf(await app.member());
  const post = async (who: typeof ada, source: string, parentId: string | null = null) =>
    (await app.comments.post(who, thread, aBody({ source, parentId }), null)).comment.id;
  const reject = (id: string) =>
    app.moderation.decide(mo, thread, id, { action: 'reject', reason: 'abuse' });
  const root = await post(ada, 'root');
  const reply = await post(eve, 'canary reply', root);
  const leaf = await post(ada, 'leaf', reply);
  const gone = await post(eve, 'canary gone');
  await reject(reply);
  await reject(gone);
  return { ada, eve, mo, root, reply, leaf, gone };
}

describe('what everybody reads', () => {
  it('holds a tombstone where a reply is left, and nothing of hidden texts', async () => {
    const { root, reply, leaf, gone } = await aConversation();
    const page = CommentPage.parse(await app.threads.page(thread, pageOf));
    expect(page.items).toMatchObject([
      { id: root, replies: { count: 1, items: [{ id: reply, status: 'deleted' }, { id: leaf }] } },
    ]);
    const branch = ReplyPage.parse(await app.threads.branch(thread, { ...pageOf, parentId: root }));
    expect(branch.items.map(({ id }) => id)).toEqual([reply, leaf]);
    const context = CommentContext.parse(await app.threads.context(thread, leaf));
    expect(context.ancestors.map(({ id }) => id)).toEqual([root, reply]);
    const changes = await app.threads.changes(thread, 0, 100);
    const one = await app.threads.comment(visitor, thread, reply);
    for (const answer of [page, branch, context, changes, one]) {
      expect(JSON.stringify(answer)).not.toMatch(/canary|Eve/);
    }
    expect(JSON.stringify(changes)).toContain(`{"id":"${gone}","rev":6,"gone":true}`);
    expect(page).toMatchObject({ rev: 6, thread: { rev: 6, count: 2 } });
  });

  it('is an empty open thread where nothing has happened', async () => {
    const view = ThreadView.parse(await app.threads.view(thread));
    expect(view).toMatchObject({ rev: 0, count: 0, state: 'open', title: null, pinned: [] });
    expect(await app.threads.page(thread, pageOf)).toMatchObject({ items: [], next: null, rev: 0 });
    expect(await app.threads.revision(thread)).toBe(0);
  });

  it('is of sites that are there', async () => {
    const nowhere = { site: 'nowhere', article: 'a' };
    const calls = [
      ...[app.threads.view(nowhere), app.threads.page(nowhere, pageOf)],
      ...[app.threads.branch(nowhere, { ...pageOf, parentId: 'x' })],
      ...[app.threads.changes(nowhere, 0, 1), app.threads.counts('nowhere', ['a'])],
      ...[app.threads.comment(visitor, nowhere, 'x'), app.threads.context(nowhere, 'x')],
      app.threads.mine(visitor, nowhere, null),
    ];
    for (const call of calls) expect(await codeOf(call)).toBe('NOT_FOUND');
  });

  it('shows nothing around what is hidden, gone, elsewhere or unknown', async () => {
    const { gone, root, leaf } = await aConversation();
    const elsewhere = { site: 'demo', article: 'article-2' };
    for (const [name, id] of [
      [thread, gone],
      [thread, 'nonsense'],
      [elsewhere, root],
    ] as const) {
      expect(await codeOf(app.threads.comment(visitor, name, id))).toBe('NOT_FOUND');
      expect(await codeOf(app.threads.context(name, id))).toBe('NOT_FOUND');
      expect(await codeOf(app.threads.branch(name, { ...pageOf, parentId: id }))).toBe('NOT_FOUND');
    }
    const none = await app.threads.branch(thread, { ...pageOf, parentId: leaf });
    expect(none).toMatchObject({ items: [], next: null });
  });

  it('counts articles, 0 where nothing is, whatever they are called', async () => {
    await aConversation();
    const { counts } = await app.threads.counts('demo', ['article-1', 'never', '__proto__']);
    expect(Object.entries(counts)).toEqual([
      ['article-1', 2],
      ['never', 0],
      ['__proto__', 0],
    ]);
  });
});

describe('mine', () => {
  it('holds own hidden comments with reasons, own votes, and answers to own ones', async () => {
    const { ada, eve, root, reply, leaf, gone } = await aConversation();
    await app.comments.vote(eve, thread, root, 1);
    const answer = await app.comments.post(eve, thread, aBody({ parentId: root }), null);
    const mine = Mine.parse(await app.threads.mine(eve, thread, null));
    expect(mine.votes).toEqual({ [root]: 1 });
    expect(mine.comments.map(({ id }) => id).toSorted()).toEqual([reply, gone].toSorted());
    expect(mine.comments[0]).toMatchObject({ status: 'rejected', reasons: [{ rule: 'abuse' }] });
    expect(mine.replies).toEqual([]);
    expect((await app.threads.mine(ada, thread, 0)).replies.map(({ id }) => id)).toEqual([
      answer.comment.id,
    ]);
    expect((await app.threads.mine(eve, thread, 0)).replies.map(({ id }) => id)).toEqual([leaf]);
  });

  it('shows spam as rejected', async () => {
    const { eve, mo, gone } = await aConversation();
    await app.moderation.decide(mo, thread, gone, { action: 'spam' });
    const { comments } = await app.threads.mine(eve, thread, null);
    expect(new Set(comments.map(({ status }) => status))).toEqual(new Set(['rejected']));
  });

  it('is for people of the site', async () => {
    const ada = await app.guest();
    expect(await codeOf(app.threads.mine(visitor, thread, null))).toBe('UNAUTHENTICATED');
    expect(await codeOf(app.threads.mine({ ...ada, site: 'x' }, thread, null))).toBe(
      'UNAUTHENTICATED',
    );
    expect(await codeOf(app.threads.mine(aService('admin'), thread, null))).toBe('FORBIDDEN');
  });
});

describe('an announcement', () => {
  const article = { title: 'A title', url: 'https://news.example/1' };

  it('makes the thread once, and may rename it', async () => {
    const service = aService('write');
    const first = await app.threads.announce(service, thread, article);
    expect(first).toMatchObject({ created: true, thread: { ...article, rev: 1, count: 0 } });
    expect(await app.threads.announce(service, thread, article)).toMatchObject({
      ...{ created: false, thread: { rev: 1 } },
    });
    const renamed = await app.threads.announce(service, thread, { ...article, title: ' Other\n' });
    expect(renamed.thread).toMatchObject({ title: 'Other', rev: 2 });
  });

  it('of several at once makes the thread once', async () => {
    const calls = Array.from({ length: 10 }, () =>
      app.threads.announce(aService('write'), thread, article),
    );
    const made = (await Promise.all(calls)).filter(({ created }) => created);
    expect(made).toHaveLength(1);
  });

  it('is a service’s that may write, with a title that shows', async () => {
    const actors = [visitor, await app.guest(), aModeratorOf(await app.member()), aService('read')];
    for (const actor of actors) {
      const code = await codeOf(app.threads.announce(actor, thread, article));
      expect(code).toBe(actor.kind === 'visitor' ? 'UNAUTHENTICATED' : 'FORBIDDEN');
    }
    const blank = app.threads.announce(aService('write'), thread, { ...article, title: '\u200b' });
    expect(await codeOf(blank)).toBe('INVALID_INPUT');
  });
});
