import type { Person } from '../../src/domain/actor.js';
import { createFlights, toRepeat } from '../../src/domain/repeats.js';
import { aService, visitor } from '../helpers/use-cases.js';

const reader: Person = {
  ...{ site: 'demo', id: 'address-1', name: 'Ada', badges: [], moderator: false },
  ...{ sessionId: 's', ipKey: 'address-1' },
  kind: 'guest',
};

describe('flights', () => {
  it('of one key follow one another, of others do not wait', async () => {
    const fly = createFlights();
    const seen: string[] = [];
    let land: () => void = () => undefined;
    const landed = new Promise<void>((resolve) => {
      land = resolve;
    });
    const first = fly('a', async () => {
      seen.push('a1 starts');
      await landed;
      seen.push('a1 lands');
    });
    const others = [2, 3].map((n) => fly('a', async () => seen.push(`a${n}`)));
    await fly('b', async () => seen.push('b'));
    expect(seen).toEqual(['a1 starts', 'b']);
    land();
    await Promise.all([first, ...others]);
    expect(seen).toEqual(['a1 starts', 'b', 'a1 lands', 'a2', 'a3']);
  });

  it('are not grounded by one that fails, and each has its own end', async () => {
    const fly = createFlights();
    const ends = await Promise.allSettled([
      fly('a', async () => Promise.reject(new Error('down'))),
      fly('a', async () => 'up'),
      fly('a', async () => Promise.reject(new Error('down again'))),
    ]);
    expect(ends.map(({ status }) => status)).toEqual(['rejected', 'fulfilled', 'rejected']);
    expect(await fly('a', async () => 'later')).toBe('later');
  });
});

describe('an idempotency key', () => {
  it('is another one for every caller, even those called the same', () => {
    const callers = [
      visitor,
      reader,
      { ...aService(), keyId: 'address-1' },
      { ...reader, id: 'b' },
    ];
    const idems = callers.map((actor) => toRepeat(actor, 'key', {}).idem);
    expect(new Set(idems).size).toBe(4);
    expect(toRepeat(visitor, 'key', {})).toEqual(toRepeat({ ...visitor }, 'key', {}));
    expect(toRepeat(visitor, 'key', { a: 1 }).bodyHash).not.toBe(
      toRepeat(visitor, 'key', {}).bodyHash,
    );
    expect(JSON.stringify(toRepeat(visitor, 'secret-key', { source: 'text' }))).not.toMatch(
      /secret|text/,
    );
  });
});
