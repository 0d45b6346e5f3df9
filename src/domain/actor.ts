import type { Scope } from '../contract/site.js';
import type { Author } from './comment.js';
import { DomainError } from './errors.js';
import type { AuditActor } from './operation.js';

/** Somebody without credentials. */
export interface Visitor {
  readonly kind: 'visitor';
  /** Keyed hash of the address, for limits and repeats. */
  readonly ipKey: string;
}

/** A reader with a session of one site: a guest, or a member by the publisher's token. */
export interface Person {
  readonly kind: 'guest' | 'member';
  readonly site: string;
  readonly id: string;
  readonly name: string;
  readonly badges: readonly string[];
  /** Member whose token says so, where the site allows it. */
  readonly moderator: boolean;
  /** Which session it is, to end it. */
  readonly sessionId: string;
  readonly ipKey: string;
}

/** A program with a key of one site. */
export interface Service {
  readonly kind: 'service';
  readonly site: string;
  readonly keyId: string;
  readonly name: string;
  readonly scopes: readonly Scope[];
  readonly ipKey: string;
}

/** Who is acting. */
export type Actor = Visitor | Person | Service;

/** Whether the actor is a reader with a session. */
export const isPerson = (actor: Actor): actor is Person =>
  actor.kind === 'guest' || actor.kind === 'member';

/** Our id of whoever acts; a visitor has none but the address key. */
export function idOf(actor: Actor): string {
  if (actor.kind === 'visitor') return actor.ipKey;
  return actor.kind === 'service' ? actor.keyId : actor.id;
}

/** The actor as an audit entry names one. Throws UNAUTHENTICATED for a visitor. */
export function auditActor(actor: Actor): AuditActor {
  if (actor.kind === 'visitor') throw new DomainError('UNAUTHENTICATED');
  const kind = isPerson(actor) ? authorOf(actor).kind : actor.kind;
  return { id: idOf(actor), name: actor.name, kind };
}

/** How a person signs what they write. */
export const authorOf = (person: Person): Author => ({
  id: person.id,
  name: person.name,
  kind: person.moderator ? 'moderator' : person.kind,
  badges: person.badges,
});
