import type { Scope } from '../../src/contract/site.js';
import type { Actor, Person } from '../../src/domain/actor.js';
import { DomainError } from '../../src/domain/errors.js';
import { can, demand, demandPerson, type Action } from '../../src/domain/permissions.js';

const visitor: Actor = { kind: 'visitor', ipKey: 'address' };

const aReader = (fields: Partial<Person> = {}): Person => ({
  ...{ kind: 'guest', site: 'demo', id: 'p1', name: 'Ada', badges: [], moderator: false },
  ...{ sessionId: 's1', ipKey: 'address', ...fields },
});

const aService = (...scopes: Scope[]): Actor => ({
  ...{ kind: 'service', site: 'demo', keyId: 'k1', name: 'Import', scopes, ipKey: 'address' },
});

const actors = {
  visitor,
  guest: aReader(),
  member: aReader({ kind: 'member' }),
  moderator: aReader({ kind: 'member', moderator: true }),
  'service without scopes': aService(),
  'service to read': aService('read'),
  'service to write': aService('write'),
  'service to moderate': aService('moderate'),
  'service to read and moderate': aService('read', 'moderate'),
  administrator: aService('admin'),
} as const satisfies Record<string, Actor>;

/** Who may do what on the own site: every pair that is not here is refused. */
const allowed: Record<keyof typeof actors, readonly Action[]> = {
  visitor: ['post'],
  guest: ['post', 'changeOwn', 'vote', 'report', 'preview', 'readMine', 'endSession'],
  member: ['post', 'changeOwn', 'vote', 'report', 'preview', 'readMine', 'endSession'],
  moderator: [
    'post',
    'changeOwn',
    'vote',
    'report',
    'preview',
    'readMine',
    'endSession',
    'moderate',
  ],
  'service without scopes': [],
  'service to read': ['preview'],
  'service to write': ['post', 'postForPerson', 'changeOwn', 'preview', 'announce'],
  'service to moderate': ['moderate'],
  'service to read and moderate': ['preview', 'moderate'],
  administrator: ['post', 'postForPerson', 'changeOwn', 'preview', 'announce', 'moderate'],
};

const actions: readonly Action[] = [
  ...(['post', 'postForPerson', 'changeOwn', 'vote', 'report'] as const),
  ...(['preview', 'announce', 'readMine', 'endSession', 'moderate'] as const),
];

const table = Object.entries(actors).flatMap(([who, actor]) =>
  actions.map((action) => {
    // keys of a literal
    const may = allowed[who as keyof typeof actors].includes(action);
    return [who, may ? 'may' : 'may not', action, actor, may] as const;
  }),
);

const codeOf = (run: () => unknown): string => {
  try {
    run();
    return 'ok';
  } catch (error) {
    return error instanceof DomainError ? error.code : String(error);
  }
};

describe('permissions', () => {
  it.each(table)('SEC-75 a %s %s %s', (_who, _may, action, actor, may) => {
    expect(can(actor, action, 'demo')).toBe(may);
    const refusal = actor.kind === 'visitor' ? 'UNAUTHENTICATED' : 'FORBIDDEN';
    expect(codeOf(() => demand(actor, action, 'demo'))).toBe(may ? 'ok' : refusal);
  });

  it.each(table.filter(([, , , actor]) => actor.kind !== 'visitor'))(
    'a %s of another site is nobody here (%s there: %s)',
    (_who, _may, action, actor) => {
      expect(can(actor, action, 'other')).toBe(false);
      expect(codeOf(() => demand(actor, action, 'other'))).toBe('UNAUTHENTICATED');
      expect(codeOf(() => demandPerson(actor, action, 'other'))).toBe('UNAUTHENTICATED');
    },
  );

  it('of people are given to people alone', () => {
    expect(demandPerson(actors.guest, 'post', 'demo')).toBe(actors.guest);
    expect(codeOf(() => demandPerson(visitor, 'post', 'demo'))).toBe('UNAUTHENTICATED');
    expect(codeOf(() => demandPerson(actors.administrator, 'post', 'demo'))).toBe('FORBIDDEN');
    expect(codeOf(() => demandPerson(visitor, 'vote', 'demo'))).toBe('UNAUTHENTICATED');
  });
});
