import type { CommentView } from '../../src/contract/comment.js';
import { threadKey } from '../../src/domain/thread.js';
import { checkForm } from '../../src/domain/screening/form.js';
import { forReaders, type Check } from '../../src/domain/screening/screening.js';
import { aReason } from '../helpers/factories.js';
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

/** Holds what says `hold`, refuses what says `refuse`, both of readers; and the form, of all. */
const screening: readonly Check[] = [
  checkForm,
  forReaders(({ source }) =>
    source.includes('refuse')
      ? { kind: 'refuse', reason: { rule: 'words', message: 'A word is not welcome here.' } }
      : { kind: 'pass' },
  ),
  forReaders(({ source }) =>
    source.includes('hold') ? { kind: 'hold', reason: aReason() } : { kind: 'pass' },
  ),
];

let app: UseCases;
beforeEach(async () => {
  app = await openUseCases({ checks: screening });
});
afterEach(() => app.close());

const count = async (): Promise<number> => (await app.threads.view(thread)).count;
const post = async (actor: Parameters<UseCases['comments']['post']>[0], fields = {}) =>
  (await app.comments.post(actor, thread, aBody(fields), null)).comment as CommentView;

describe('posting', () => {
  it('answers a reader with the own view', async () => {
    const ada = await app.guest();
    const posted = await app.comments.post(ada, thread, aBody({ source: 'Hello *you*.' }), null);
    expect(posted).toMatchObject({ replayed: false, session: null });
    expect(posted.comment).toMatchObject({
      ...{ status: 'approved', source: 'Hello *you*.', mine: true },
      author: { id: ada.id, name: 'Ada', kind: 'guest' },
    });
    expect(await count()).toBe(1);
  });

  it('opens a session for a visitor with a name, who may then edit', async () => {
    const { comment, session } = await app.comments.post(
      visitor,
      thread,
      aBody({ author: { name: 'Ada' } }),
      null,
    );
    const claims = app.tokens.verify(session!.accessToken);
    const ada = { ...claims, id: claims.personId, ipKey: 'address-1' };
    const edited = await app.comments.edit(ada, thread, comment.id, aBody({ source: 'Mended.' }));
    expect(edited).toMatchObject({ source: 'Mended.', author: { name: 'Ada' } });
    const renewed = await app.sessions.open(visitor, 'demo', {
      refreshToken: session!.refreshToken,
    });
    expect(renewed.user.id).toBe(claims.personId);
  });

  it('writes nothing where the text is refused', async () => {
    const body = aBody({ source: 'refuse', author: { name: 'Ada' } });
    expect(await codeOf(app.comments.post(visitor, thread, body, null))).toBe('REFUSED');
    expect(await count()).toBe(0);
    expect((await app.threads.view(thread)).rev).toBe(0);
  });

  it('asks a visitor for a name, and a site may welcome members only', async () => {
    expect(await codeOf(app.comments.post(visitor, thread, aBody(), null))).toBe('UNAUTHENTICATED');
    const ada = await app.guest();
    const mel = await app.member();
    await app.putSite({ guests: false });
    const named = aBody({ author: { name: 'Eve' } });
    expect(await codeOf(app.comments.post(visitor, thread, named, null))).toBe(
      'GUESTS_NOT_WELCOME',
    );
    expect(await codeOf(post(ada))).toBe('GUESTS_NOT_WELCOME');
    expect((await post(mel)).author.kind).toBe('member');
  });

  it('lets a guest take another name, a member none, and an id of somebody else from services alone', async () => {
    const ada = await app.guest();
    expect((await post(ada)).author.name).toBe('Ada');
    expect((await post(ada, { author: { name: 'Eve' } })).author.name).toBe('Eve');
    const mel = await app.member();
    expect((await post(mel, { author: { name: 'Eve' } })).author.name).toBe('Mel');
    const body = aBody({ author: { id: 'reader-1', name: 'Mel' } });
    expect(await codeOf(app.comments.post(ada, thread, body, null))).toBe('FORBIDDEN');
    expect(await codeOf(app.comments.post(visitor, thread, body, null))).toBe('UNAUTHENTICATED');
  });

  it('refuses names of the staff and look-alikes', async () => {
    await app.putSite({ staffNames: ['Newsroom'] });
    for (const name of ['Newsroom', 'newsroom', 'Νewsroom', 'News\u200broom']) {
      const body = aBody({ author: { name } });
      expect(await codeOf(app.comments.post(visitor, thread, body, null))).toBe('INVALID_INPUT');
    }
  });

  it('is for actors of this site, and of sites that are there', async () => {
    const ada = { ...(await app.guest()), site: 'other' };
    expect(await codeOf(app.comments.post(ada, thread, aBody(), null))).toBe('UNAUTHENTICATED');
    const nowhere = { site: 'nowhere', article: 'a' };
    expect(await codeOf(app.comments.post(visitor, nowhere, aBody(), null))).toBe('NOT_FOUND');
    expect(await codeOf(app.comments.post(aService('read'), thread, aBody(), null))).toBe(
      'FORBIDDEN',
    );
  });

  it('is held by screening, seen by its author with the reason, and by nobody else', async () => {
    const ada = await app.guest();
    const held = await post(ada, { source: 'hold this' });
    expect(held).toMatchObject({ status: 'pending', reasons: [aReason()], source: 'hold this' });
    expect(await count()).toBe(0);
    expect(await app.threads.comment(ada, thread, held.id)).toEqual(held);
    const others = [visitor, await app.guest('Eve'), aService('read'), { ...ada, site: 'other' }];
    for (const actor of others) {
      expect(await codeOf(app.threads.comment(actor, thread, held.id))).toBe('NOT_FOUND');
    }
  });

  it('names an article by a title that shows, and an address of the site’s own', async () => {
    const ada = await app.guest();
    await post(ada, { article: { title: '\u200b ', url: 'https://evil.example/' } });
    expect(await app.threads.view(thread)).toMatchObject({ title: null, url: null });
    await post(ada, { article: { title: ' A\u202etitle ', url: 'https://news.example/1' } });
    expect(await app.threads.view(thread)).toMatchObject({
      ...{ title: 'Atitle', url: 'https://news.example/1' },
    });
  });
});

describe('a service', () => {
  it('posts in its own name, past the screening of readers', async () => {
    const comment = await post(aService('write'), { source: 'refuse and hold' });
    expect(comment).toMatchObject({
      status: 'approved',
      author: { id: 'key-1', name: 'The importer', kind: 'service' },
    });
  });

  it('meets the form, in its own name and in a person’s', async () => {
    const mel = { author: { id: 'reader-1', name: 'Mel' } };
    for (const fields of [{}, mel]) {
      const held = await post(aService('write'), { ...fields, source: 'a\n'.repeat(201) });
      expect(held).toMatchObject({ status: 'pending', reasons: [{ rule: 'form' }] });
      const passed = await post(aService('write'), { ...fields, source: 'refuse and hold' });
      expect(passed.status).toBe('approved');
    }
  });

  it('posts for a person, who is the same one that the publisher’s token names', async () => {
    const mel = await app.member({ sub: 'reader-1', name: 'Mel' });
    const author = { id: 'reader-1', name: 'Melanie' };
    const comment = await post(aService('write'), { author });
    expect(comment.author).toMatchObject({ id: mel.id, name: 'Melanie', kind: 'member' });
  });

  it('takes neither badges nor role from a person it posts for', async () => {
    const mel = await app.member({ badges: ['editor'], roles: ['moderator'] });
    const author = { id: 'reader-1', name: 'Mel' };
    expect((await post(aService('write'), { author })).author.badges).toEqual(['editor']);
    expect(await app.store.directory.getPerson('demo', mel.id)).toMatchObject({
      ...{ badges: ['editor'], moderator: true },
    });
  });
});

describe('a key', () => {
  const all = <T>(n: number, run: (i: number) => Promise<T>): Promise<T[]> =>
    Promise.all(Array.from({ length: n }, (_, i) => run(i)));

  it('REL-2 sent 100 times at once makes one comment, and uses one turn', async () => {
    await app.putSite({
      limits: { ...(await limitsOf()), guestComment: [{ points: 1, seconds: 60 }] },
    });
    const ada = await app.guest();
    const posted = await all(100, () => app.comments.post(ada, thread, aBody(), 'key'));
    expect(new Set(posted.map(({ comment }) => comment.id)).size).toBe(1);
    expect(posted.filter(({ replayed }) => !replayed)).toHaveLength(1);
    expect(await count()).toBe(1);
  });

  it('sent at once to two nodes makes one comment', async () => {
    const nodes = [app, app.otherNode()];
    const ada = await app.guest();
    const posted = await all(100, (i) =>
      nodes[i % 2]!.comments.post(ada, thread, aBody(), `key-${i % 5}`),
    );
    expect(new Set(posted.map(({ comment }) => comment.id)).size).toBe(5);
    expect(posted.filter(({ replayed }) => !replayed)).toHaveLength(5);
    expect(await count()).toBe(5);
  });

  it('of a visitor makes one guest and one session, told once', async () => {
    const body = aBody({ author: { name: 'Ada' } });
    const posted = await all(20, () => app.comments.post(visitor, thread, body, 'key'));
    expect(posted.filter(({ session }) => session !== null)).toHaveLength(1);
    expect(new Set(posted.map(({ comment }) => comment.id)).size).toBe(1);
  });

  it('is the caller’s own, and the thread’s', async () => {
    const [ada, eve] = [await app.guest('Ada'), await app.guest('Eve')];
    const other = { site: 'demo', article: 'article-2' };
    const ids = new Set<string>();
    for (const [who, where] of [
      [ada, thread],
      [eve, thread],
      [ada, other],
    ] as const) {
      ids.add((await app.comments.post(who, where, aBody(), 'key')).comment.id);
    }
    for (const who of [
      { ...visitor, ipKey: 'a' },
      { ...visitor, ipKey: 'b' },
    ]) {
      const body = aBody({ author: { name: 'Vi' } });
      ids.add((await app.comments.post(who, thread, body, 'key')).comment.id);
    }
    expect(ids.size).toBe(5);
  });

  it('REL-2 with another body is a mistake, one after the other and at once', async () => {
    const ada = await app.guest();
    const codes = await all(10, (i) =>
      codeOf(app.comments.post(ada, thread, aBody({ source: `text ${i}` }), 'key')),
    );
    expect(codes.toSorted()).toEqual([...Array<string>(9).fill('IDEMPOTENCY_MISMATCH'), 'ok']);
  });

  it('is answered with the comment as it is: edited, held, deleted', async () => {
    const ada = await app.guest();
    const again = async () => (await app.comments.post(ada, thread, aBody(), 'key')).comment;
    const { id } = await again();
    await app.comments.edit(ada, thread, id, aBody({ source: 'hold' }));
    expect(await again()).toMatchObject({ id, status: 'pending', source: 'hold' });
    await app.comments.remove(ada, thread, id);
    expect(await again()).toMatchObject({ id, status: 'deleted' });
    expect(await again()).not.toHaveProperty('author');
  });

  it('whose first use was refused may be used again', async () => {
    const ada = await app.guest();
    const refused = app.comments.post(ada, thread, aBody({ source: 'refuse' }), 'key');
    expect(await codeOf(refused)).toBe('REFUSED');
    expect(await codeOf(app.comments.post(ada, thread, aBody(), 'key'))).toBe('ok');
  });

  const limitsOf = async () => (await app.store.directory.getSite('demo'))!.limits;
});

describe('editing', () => {
  it('is the author’s: others do not learn whether it is there', async () => {
    const ada = await app.guest();
    const { id } = await post(ada);
    const body = aBody({ source: 'Mine now.' });
    for (const actor of [
      await app.guest('Eve'),
      aModeratorOf(await app.member()),
      aService('admin'),
    ]) {
      expect(await codeOf(app.comments.edit(actor, thread, id, body))).toBe('NOT_FOUND');
      expect(await codeOf(app.comments.remove(actor, thread, id))).toBe('NOT_FOUND');
    }
    expect(await codeOf(app.comments.edit(visitor, thread, id, body))).toBe('UNAUTHENTICATED');
    expect(await app.threads.comment(visitor, thread, id)).toMatchObject({
      html: '<p>Well said.</p>',
    });
  });

  it('of a service’s own comment is the service’s', async () => {
    const { id } = await post(aService('write'));
    const edited = await app.comments.edit(
      aService('write'),
      thread,
      id,
      aBody({ source: 'Two.' }),
    );
    expect(edited.source).toBe('Two.');
    const other = { ...aService('write'), keyId: 'key-2' };
    expect(await codeOf(app.comments.remove(other, thread, id))).toBe('NOT_FOUND');
  });

  it('SEC-30 runs the screening again: refused it stands as it was, held it leaves the page', async () => {
    const ada = await app.guest();
    const { id } = await post(ada);
    const edit = (source: string) => app.comments.edit(ada, thread, id, aBody({ source }));
    expect(await codeOf(edit('refuse'))).toBe('REFUSED');
    expect(await app.threads.comment(visitor, thread, id)).toMatchObject({
      html: '<p>Well said.</p>',
    });
    expect(await edit('hold')).toMatchObject({ status: 'pending', reasons: [aReason()] });
    expect(await codeOf(app.threads.comment(visitor, thread, id))).toBe('NOT_FOUND');
    expect(await count()).toBe(0);
  });

  it('SEC-30 ends with the site’s window', async () => {
    const ada = await app.guest();
    const { id } = await post(ada);
    app.clock.advance(300_001);
    expect(await codeOf(app.comments.edit(ada, thread, id, aBody()))).toBe('EDIT_WINDOW_OVER');
    await app.comments.remove(ada, thread, id);
    expect(await count()).toBe(0);
  });
});

describe('votes and reports', () => {
  it('are for people: a visitor signs in first, a service has none', async () => {
    const { id } = await post(await app.guest());
    const report = { reason: 'spam' as const };
    for (const [actor, code] of [
      [visitor, 'UNAUTHENTICATED'],
      [aService('admin'), 'FORBIDDEN'],
    ] as const) {
      expect(await codeOf(app.comments.vote(actor, thread, id, 1))).toBe(code);
      expect(await codeOf(app.comments.report(actor, thread, id, report))).toBe(code);
    }
  });

  it('tell the numbers after the vote', async () => {
    const { id } = await post(await app.guest());
    const eve = await app.guest('Eve');
    expect(await app.comments.vote(eve, thread, id, -1)).toEqual({
      score: -1,
      up: 0,
      down: 1,
      mine: -1,
    });
    expect(await app.comments.vote(eve, thread, id, 0)).toEqual({
      score: 0,
      up: 0,
      down: 0,
      mine: 0,
    });
  });

  it('hide at the site’s threshold', async () => {
    await app.putSite({ reportsHide: 2 });
    const { id } = await post(await app.guest());
    for (const ipKey of ['a', 'a', 'b']) {
      expect(await count()).toBe(1);
      const eve = { ...(await app.guest('Eve')), ipKey };
      await app.comments.report(eve, thread, id, { reason: 'abuse', text: 'Look.' });
    }
    expect(await count()).toBe(0);
  });
});

describe('limits', () => {
  beforeEach(async () => {
    await app.close();
    app = await openUseCases({ checks: screening, limited: true });
  });

  it('let a guest post once in 10 s, and mend a slip at once', async () => {
    const ada = await app.guest();
    const { id } = await post(ada);
    expect(await codeOf(post(ada))).toBe('RATE_LIMITED');
    const edit = () => app.comments.edit(ada, thread, id, aBody({ source: 'Mended.' }));
    expect(await codeOf(edit())).toBe('ok');
    expect(await codeOf(edit())).toBe('RATE_LIMITED');
  });

  it('answer a repeat that is over them', async () => {
    const ada = await app.guest();
    const first = await app.comments.post(ada, thread, aBody(), 'key');
    const again = await app.comments.post(ada, thread, aBody(), 'key');
    expect(again).toMatchObject({ replayed: true, comment: { id: first.comment.id } });
    expect(await codeOf(app.comments.post(ada, thread, aBody(), 'other'))).toBe('RATE_LIMITED');
  });

  it('say how long to wait', async () => {
    const ada = await app.guest();
    await post(ada);
    const error: unknown = await post(ada).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({
      code: 'RATE_LIMITED',
      details: { rule: 'comment', retryAfter: 10 },
    });
  });
});

describe('a preview', () => {
  it('renders for whoever has a session, and stores nothing', async () => {
    const body = { source: '*a* <script>', format: 'markdown' } as const;
    const { html } = await app.comments.preview(await app.guest(), 'demo', body);
    expect(html).toContain('<em>a</em>');
    expect(html).not.toContain('<script');
    expect(await codeOf(app.comments.preview(visitor, 'demo', body))).toBe('UNAUTHENTICATED');
    expect(await app.store.threads.readThread(threadKey(thread))).toBeNull();
  });
});
