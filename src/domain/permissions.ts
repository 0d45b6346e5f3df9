import { isPerson, type Actor, type Person } from './actor.js';
import { DomainError } from './errors.js';

/** What somebody may want to do on a site. */
export type Action =
  | 'post'
  | 'postForPerson'
  | 'changeOwn'
  | 'vote'
  | 'report'
  | 'preview'
  | 'announce'
  | 'readMine'
  | 'endSession'
  | 'moderate';

type Rank = 'visitor' | 'guest' | 'member' | 'moderator' | 'read' | 'write' | 'moderate';

/** Who may do what: the one table. A service acts by its scopes; `admin` has them all. */
const table: Readonly<Record<Action, readonly Rank[]>> = {
  post: ['visitor', 'guest', 'member', 'moderator', 'write'],
  postForPerson: ['write'],
  changeOwn: ['guest', 'member', 'moderator', 'write'],
  vote: ['guest', 'member', 'moderator'],
  report: ['guest', 'member', 'moderator'],
  preview: ['guest', 'member', 'moderator', 'read', 'write'],
  announce: ['write'],
  readMine: ['guest', 'member', 'moderator'],
  endSession: ['guest', 'member', 'moderator'],
  moderate: ['moderator', 'moderate'],
};

/** Whether the actor may do this on the site, before any rule about the thread or comment. */
export function can(actor: Actor, action: Action, site: string): boolean {
  if (actor.kind !== 'visitor' && actor.site !== site) return false;
  return ranksOf(actor).some((rank) => table[action].includes(rank));
}

/**
 * Throws unless the actor may: UNAUTHENTICATED for visitors and for credentials of another site,
 * FORBIDDEN else.
 */
export function demand(actor: Actor, action: Action, site: string): void {
  if (can(actor, action, site)) return;
  const known = actor.kind !== 'visitor' && actor.site === site;
  throw new DomainError(known ? 'FORBIDDEN' : 'UNAUTHENTICATED');
}

/** As `demand`, and the actor is a reader with a session. */
export function demandPerson(actor: Actor, action: Action, site: string): Person {
  demand(actor, action, site);
  if (isPerson(actor)) return actor;
  throw new DomainError(actor.kind === 'visitor' ? 'UNAUTHENTICATED' : 'FORBIDDEN');
}

function ranksOf(actor: Actor): readonly Rank[] {
  if (actor.kind === 'visitor') return ['visitor'];
  if (actor.kind !== 'service') return [actor.moderator ? 'moderator' : actor.kind];
  return actor.scopes.flatMap((scope): Rank[] =>
    scope === 'admin' ? ['read', 'write', 'moderate'] : [scope],
  );
}
