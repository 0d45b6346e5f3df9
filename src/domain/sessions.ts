import type { OpenSession, Session } from '../contract/session.js';
import type { Actor } from './actor.js';

/** Sessions of readers: opened by a guest's name, the publisher's token or a refresh token. */
export interface Sessions {
  /** `actor` carries the address key by which new guests are limited. */
  open(actor: Actor, site: string, body: OpenSession): Promise<Session>;
  /** Ends the session that the actor's token belongs to; its refresh token is void. */
  close(actor: Actor, site: string): Promise<void>;
}
