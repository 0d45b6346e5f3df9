import { aService, codeOf, openUseCases, visitor, type UseCases } from '../helpers/use-cases.js';

let app: UseCases;
beforeEach(async () => {
  app = await openUseCases();
});
afterEach(() => app.close());

const dayMs = 86_400_000;
const open = (body: Parameters<UseCases['sessions']['open']>[2], site = 'demo') =>
  app.sessions.open(visitor, site, body);

describe('a guest’s session', () => {
  it('is opened by a name, each a person of its own', async () => {
    const [a, b] = [await open({ name: ' Ada ' }), await open({ name: 'Ada' })];
    expect(a.user).toMatchObject({ name: 'Ada', kind: 'guest', badges: [] });
    expect(a.user.id).not.toBe(b.user.id);
    expect(a.refreshToken).not.toBe(b.refreshToken);
    expect(app.tokens.verify(a.accessToken)).toMatchObject({ site: 'demo', personId: a.user.id });
    expect(a.expiresAt).toBe('2026-11-23T12:15:00.000Z');
  });

  it('is refused where guests are not welcome, for a name of the staff, or without a letter', async () => {
    await app.putSite({ staffNames: ['Desk'] });
    expect(await codeOf(open({ name: 'dеsk' }))).toBe('INVALID_INPUT');
    expect(await codeOf(open({ name: '\u200b' }))).toBe('INVALID_INPUT');
    await app.putSite({ guests: false });
    expect(await codeOf(open({ name: 'Ada' }))).toBe('GUESTS_NOT_WELCOME');
    expect(await codeOf(open({ name: 'Ada' }, 'nowhere'))).toBe('NOT_FOUND');
  });
});

describe('a member’s session', () => {
  it('is opened by the publisher’s token, for the same person each time', async () => {
    const a = await open({ sso: app.sso({ name: 'Mel' }) });
    const b = await open({ sso: app.sso({ name: 'Melanie', badges: ['subscriber'] }) });
    expect(a.user).toMatchObject({ name: 'Mel', kind: 'member' });
    expect(b.user).toMatchObject({ id: a.user.id, name: 'Melanie', badges: ['subscriber'] });
    expect(a.user.id).not.toContain('reader-1');
    expect(await codeOf(open({ sso: 'nonsense' }))).toBe('UNAUTHENTICATED');
  });

  it('shows a role only where the site allows it', async () => {
    const sso = app.sso({ roles: ['moderator'] });
    expect((await open({ sso })).user.kind).toBe('moderator');
    const { sso: keys } = (await app.store.directory.getSite('demo'))!;
    await app.putSite({ sso: { ...keys!, roles: false } });
    expect((await open({ sso: app.sso({ roles: ['moderator'] }) })).user.kind).toBe('member');
  });

  it('cleans name and badges like any text of ours', async () => {
    const { user } = await open({
      sso: app.sso({ name: ' M\u202eel\u200b\n', badges: ['a\u202eb'] }),
    });
    expect(user).toMatchObject({ name: 'Mel', badges: ['ab'] });
    for (const name of ['\u200b', 'x'.repeat(41)]) {
      expect(await codeOf(open({ sso: app.sso({ name }) }))).toBe('INVALID_INPUT');
    }
  });

  it('gives a name of the staff to those alone whom a badge or role marks', async () => {
    await app.putSite({ staffNames: ['Desk'] });
    expect(await codeOf(open({ sso: app.sso({ name: 'Dеsk' }) }))).toBe('INVALID_INPUT');
    expect((await open({ sso: app.sso({ name: 'Desk', badges: ['staff'] }) })).user.name).toBe(
      'Desk',
    );
    const moderator = app.sso({ name: 'Desk', roles: ['moderator'] });
    expect((await open({ sso: moderator })).user.name).toBe('Desk');
  });
});

describe('a refresh token', () => {
  it('opens the same session again, and slides its end by 90 days', async () => {
    const { refreshToken, user, accessToken } = await open({ name: 'Ada' });
    for (let i = 0; i < 3; i += 1) {
      app.clock.advance(89 * dayMs);
      const renewed = await open({ refreshToken });
      expect(renewed).toMatchObject({ refreshToken, user });
      expect(renewed.accessToken).not.toBe(accessToken);
    }
    app.clock.advance(90 * dayMs);
    expect(await codeOf(open({ refreshToken }))).toBe('UNAUTHENTICATED');
  });

  it('is of one site, and void once the session is closed', async () => {
    await app.store.directory.putSite({
      ...(await app.store.directory.getSite('demo'))!,
      id: 'other',
    });
    const { refreshToken, accessToken } = await open({ name: 'Ada' });
    expect(await codeOf(open({ refreshToken }, 'other'))).toBe('UNAUTHENTICATED');
    expect(await codeOf(open({ refreshToken: 'nonsense' }))).toBe('UNAUTHENTICATED');
    const claims = app.tokens.verify(accessToken);
    const ada = { ...claims, id: claims.personId, ipKey: 'address-1' };
    expect(await codeOf(app.sessions.close(ada, 'other'))).toBe('UNAUTHENTICATED');
    expect(await codeOf(app.sessions.close(visitor, 'demo'))).toBe('UNAUTHENTICATED');
    expect(await codeOf(app.sessions.close(aService('admin'), 'demo'))).toBe('FORBIDDEN');
    expect(await codeOf(open({ refreshToken }))).toBe('ok');
    await app.sessions.close(ada, 'demo');
    expect(await codeOf(open({ refreshToken }))).toBe('UNAUTHENTICATED');
  });

  it('follows what the publisher says of the person since', async () => {
    const { refreshToken } = await open({ sso: app.sso({ roles: ['moderator'] }) });
    await open({ sso: app.sso({ name: 'Melanie' }) });
    expect((await open({ refreshToken })).user).toMatchObject({ name: 'Melanie', kind: 'member' });
  });
});

describe('the limit of an address', () => {
  it('holds for new guests alone', async () => {
    await app.close();
    app = await openUseCases({ limited: true });
    const { refreshToken } = await open({ name: 'Ada' });
    for (let i = 1; i < 60; i += 1) await open({ name: 'Ada' });
    expect(await codeOf(open({ name: 'Ada' }))).toBe('RATE_LIMITED');
    expect(await codeOf(app.sessions.open({ ...visitor, ipKey: 'b' }, 'demo', { name: 'A' }))).toBe(
      'ok',
    );
    expect(await codeOf(open({ refreshToken }))).toBe('ok');
    expect(await codeOf(open({ sso: app.sso() }))).toBe('ok');
  });
});
