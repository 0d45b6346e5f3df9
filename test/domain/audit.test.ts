import { chain, firstBroken, saltedHash } from '../../src/domain/audit.js';
import type { AuditEntry } from '../../src/domain/operation.js';
import { aDecision, anEdit, aPost, aSetting } from '../helpers/factories.js';
import { createLog } from '../helpers/log.js';

/** Five entries of every kind, over three revisions. */
function aTrail() {
  const log = createLog();
  const { id } = log.post(aPost());
  log.run(anEdit(id));
  log.settle(aDecision(id, { reason: 'abuse' }), aDecision(id, { action: 'approve', note: 'ok' }));
  log.settle(aDecision(id, { action: 'pin' }), aSetting());
  return { entries: log.audit(), head: log.thread().auditHead };
}

const { entries, head } = aTrail();

/** Every single field of an entry, altered. */
const alterations: readonly (readonly [string, (entry: AuditEntry) => AuditEntry])[] = [
  ['id', (entry) => ({ ...entry, id: `${entry.id}x` })],
  ['site', (entry) => ({ ...entry, site: 'other' })],
  ['tk', (entry) => ({ ...entry, tk: 'other' })],
  ['rev', (entry) => ({ ...entry, rev: entry.rev + 1 })],
  ['at', (entry) => ({ ...entry, at: entry.at + 1 })],
  ['who', (entry) => ({ ...entry, by: { ...entry.by, name: 'Somebody' } })],
  ['action', (entry) => ({ ...entry, action: 'other' })],
  ['target', (entry) => ({ ...entry, target: 'other' })],
  ['before', (entry) => ({ ...entry, before: { ...entry.before, more: 1 } })],
  ['after', (entry) => ({ ...entry, after: {} })],
  ['reason', (entry) => ({ ...entry, reason: 'other' })],
  ['note', (entry) => ({ ...entry, note: 'other' })],
  ['prev', (entry) => ({ ...entry, prev: 'other' })],
  ['hash', (entry) => ({ ...entry, hash: 'other' })],
];

const places = entries.map((_, i) => i);

describe('the audit trail', () => {
  it('is whole as it was written, and so is an empty one', () => {
    expect(entries).toHaveLength(5);
    expect(firstBroken(entries, head)).toBeNull();
    expect(firstBroken([], '')).toBeNull();
  });

  it('is whole after a way through JSON, whatever the order of keys', () => {
    const turned = entries.map(
      (entry) => Object.fromEntries(Object.entries(entry).toReversed()) as unknown as AuditEntry,
    );
    expect(firstBroken(JSON.parse(JSON.stringify(turned)) as AuditEntry[], head)).toBeNull();
  });

  it.each(alterations)('SEC-89 shows an altered %s at any place', (_field, alter) => {
    for (const place of places) {
      const altered = entries.with(place, alter(entries[place]!));
      expect(firstBroken(altered, head)).toEqual(altered[place]);
    }
  });

  it('shows that any one entry is missing, the last and the only one too', () => {
    for (const place of places) {
      const broken = firstBroken(entries.toSpliced(place, 1), head);
      expect(broken?.id).toBe((entries[place + 1] ?? entries[place - 1])!.id);
    }
    const [only] = entries;
    expect(firstBroken([], only!.hash)).toEqual({ id: '' });
  });

  it('shows any two that have changed places, and one that was added', () => {
    for (const a of places) {
      for (const b of places.slice(a + 1)) {
        const moved = entries.with(a, entries[b]!).with(b, entries[a]!);
        expect(firstBroken(moved, head)).toEqual(moved[a]);
      }
      expect(firstBroken(entries.toSpliced(a, 0, entries[a]!), head)).not.toBeNull();
    }
  });

  it('shows an entry that was forged with a hash of its own', () => {
    const { prev, hash, ...draft } = entries[2]!;
    const forged = entries.with(2, chain({ ...draft, note: 'forged' }, prev));
    expect(forged[2]!.hash).not.toBe(hash);
    expect(firstBroken(forged, head)?.id).toBe(entries[3]!.id);
  });

  it('tells a text by its hash only with the salt', () => {
    expect(saltedHash('a', 'text')).toBe(saltedHash('a', 'text'));
    expect(saltedHash('a', 'text')).not.toBe(saltedHash('b', 'text'));
    expect(saltedHash('a', 'btext')).not.toBe(saltedHash('ab', 'text'));
  });
});
