import type { ServiceKey } from '../../../src/domain/ports.js';
import { newSite } from '../../../src/domain/site.js';
import { aPerson } from '../../helpers/factories.js';
import { inParallel, type Harness } from './harness.js';

const aKey = (fields: Partial<ServiceKey> = {}): ServiceKey => ({
  id: 'key-1',
  site: 'demo',
  name: 'Newsroom',
  hash: 'a'.repeat(64),
  scopes: ['read', 'write'],
  createdAt: 1_700_000_000_000,
  revokedAt: null,
  ...fields,
});

/** What the directory promises. */
export function describeDirectory({ store, opened, clock }: Harness): void {
  const directory = () => store().directory;

  describe('sites', () => {
    it('are kept whole, each on its own', async () => {
      const site = {
        ...newSite('demo', 'Demo $ 🗞'),
        origins: ['https://example.org'],
        staffNames: ['The Editors'],
        sso: {
          issuer: 'https://example.org',
          keys: [{ kid: null, algorithm: 'HS256', key: 'a.b' }],
          roles: true,
        },
      } as const;
      await directory().putSite(site);
      await directory().putSite(newSite('alpha'));
      await directory().putSite({ ...newSite('alpha'), guests: false, version: 1 });
      const again = (await opened().reopen()).directory;
      expect(await again.getSite('demo')).toEqual(site);
      expect((await again.listSites()).map(({ id, guests }) => [id, guests])).toEqual([
        ['alpha', false],
        ['demo', true],
      ]);
    });
  });

  describe('keys', () => {
    it('are found by their hash and listed by site', async () => {
      const other = aKey({ id: 'key-2', site: 'other', hash: 'b'.repeat(64) });
      await directory().putKey(aKey());
      await directory().putKey(other);
      expect(await directory().findKey('a'.repeat(64))).toEqual(aKey());
      expect(await directory().listKeys('other')).toEqual([other]);
      expect(await directory().listKeys(null)).toEqual([aKey(), other]);
    });

    it('stay when they are revoked', async () => {
      await directory().putKey(aKey());
      await directory().putKey(aKey({ revokedAt: 1_800_000_000_000 }));
      expect((await directory().findKey('a'.repeat(64)))?.revokedAt).toBe(1_800_000_000_000);
      expect(await directory().listKeys('demo')).toHaveLength(1);
    });
  });

  describe('people', () => {
    it('are made once, however many ask at once', async () => {
      const found = await inParallel(50, (i) =>
        directory().ensurePerson(aPerson({ id: `person-${i}` })),
      );
      expect(new Set(found.map(({ id }) => id)).size).toBe(1);
      expect(await directory().getPerson('demo', found[0]!.id)).toEqual(found[0]);
    });

    it('keep their id and follow name, badges and role', async () => {
      await directory().ensurePerson(aPerson());
      const changed = aPerson({ id: 'x', name: 'Ada L.', badges: ['staff'], moderator: true });
      const followed = await directory().ensurePerson({ ...changed, createdAt: 7 });
      expect(followed).toEqual({ ...changed, id: 'person-1', createdAt: aPerson().createdAt });
      expect(await directory().getPerson('demo', 'person-1')).toEqual(followed);
    });

    it('are found by what the publisher calls them, on its own site', async () => {
      const person = await directory().ensurePerson(aPerson());
      expect(await directory().findPerson('demo', 'reader-1')).toEqual(person);
      expect(await directory().findPerson('demo', person.id)).toBeNull();
      expect(await directory().findPerson('other', 'reader-1')).toBeNull();
    });

    it('of one name by two publishers are two, and unknown to each other', async () => {
      await directory().ensurePerson(aPerson());
      await directory().ensurePerson(aPerson({ id: 'person-2', site: 'other' }));
      expect(await directory().getPerson('other', 'person-1')).toBeNull();
      expect((await directory().getPerson('other', 'person-2'))?.site).toBe('other');
    });

    it('without a name elsewhere are guests, as many as there are', async () => {
      const guest = { kind: 'guest', subject: null } as const;
      await directory().ensurePerson(aPerson({ ...guest, id: 'guest-1' }));
      await directory().ensurePerson(aPerson({ ...guest, id: 'guest-2' }));
      expect((await directory().getPerson('demo', 'guest-1'))?.subject).toBeNull();
      expect((await directory().getPerson('demo', 'guest-2'))?.id).toBe('guest-2');
    });
  });

  describe('sessions', () => {
    it('are found by their hash until they end', async () => {
      const session = {
        id: 'session-1',
        site: 'demo',
        personId: 'person-1',
        hash: 'c'.repeat(64),
        expiresAt: clock.now() + 1_000,
      };
      await directory().putSession(session);
      expect(await directory().findSession(session.hash)).toEqual(session);
      const renewed = { ...session, hash: 'd'.repeat(64) };
      await directory().putSession(renewed);
      expect(await directory().findSession(session.hash)).toBeNull();
      expect(await directory().findSession(renewed.hash)).toEqual(renewed);
      await directory().deleteSession(session.id);
      await directory().deleteSession(session.id);
      expect(await directory().findSession(renewed.hash)).toBeNull();
    });
  });

  describe('secrets of addresses', () => {
    it('are made by the first who asks, one a month', async () => {
      const found = await inParallel(20, (i) =>
        directory().addressSecret('2026-11', `secret-${i}`),
      );
      expect(new Set(found).size).toBe(1);
      expect(await directory().addressSecret('2026-12', 'next')).toBe('next');
      const again = await opened().reopen();
      expect(await again.directory.addressSecret('2026-11', 'late')).toBe(found[0]);
    });
  });
}
