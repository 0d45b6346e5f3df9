import type { NewComment } from '../contract/comment.js';
import type { Session } from '../contract/session.js';
import { authorOf, isPerson, type Actor, type Person, type Service } from './actor.js';
import type { Author } from './comment.js';
import { DomainError } from './errors.js';
import { acceptName } from './names.js';
import { demand } from './permissions.js';
import type { Clock, DirectoryStore, Ids } from './ports.js';
import type { Sessions } from './sessions.js';
import type { Site } from './site.js';
import { ulidAt } from './ulid.js';

interface Deps {
  readonly directory: DirectoryStore;
  readonly sessions: Sessions;
  readonly clock: Clock;
  readonly ids: Ids;
}

/** Who signs a new comment. */
export interface Signature {
  readonly author: Author;
  /** Once the comment stands: keeps a new guest, or a guest's new name. Gives the new guest's session. */
  readonly keep: () => Promise<Session | null>;
}

/** A visitor with a name becomes a guest; a guest may take another name. */
export async function signature(
  deps: Deps,
  actor: Actor,
  site: Site,
  body: NewComment,
): Promise<Signature> {
  if (actor.kind === 'service')
    return { author: await signedFor(deps, actor, site, body), keep: nothing };
  if (body.author?.id !== undefined) demand(actor, 'postForPerson', site.id);
  if (isPerson(actor)) {
    if (actor.kind === 'guest' && !site.guests) throw new DomainError('GUESTS_NOT_WELCOME');
    return named(deps, actor, site, body);
  }
  if (body.author === undefined) throw new DomainError('UNAUTHENTICATED');
  const greeted = await deps.sessions.greet(actor, site, body.author.name, 'author.name');
  return { author: authorOf(greeted.person), keep: greeted.keep };
}

const nothing = async (): Promise<null> => null;

/** A guest signs with the name that is sent; a member's is the publisher's to give. */
function named(
  { directory, clock }: Deps,
  person: Person,
  site: Site,
  body: NewComment,
): Signature {
  const author = authorOf(person);
  if (person.kind !== 'guest' || body.author === undefined) return { author, keep: nothing };
  const name = acceptName(site, body.author.name, 'author.name');
  const { id, kind, badges, moderator } = person;
  const row = { id, site: site.id, kind, subject: null, name, badges, moderator };
  return {
    author: { ...author, name },
    keep: async () => {
      if (name !== person.name) await directory.ensurePerson({ ...row, createdAt: clock.now() });
      return null;
    },
  };
}

/** A service posts for a person it names, or in its own name. */
async function signedFor(
  deps: Deps,
  actor: Service,
  site: Site,
  body: NewComment,
): Promise<Author> {
  const own: Author = { id: actor.keyId, name: actor.name, kind: 'service', badges: [] };
  if (body.author === undefined) return own;
  const name = acceptName(site, body.author.name, 'author.name');
  if (body.author.id === undefined) return { ...own, name };
  const subject = body.author.id;
  const known = await deps.directory.findPerson(site.id, subject);
  // The service brings the name; badges and role are the publisher's token's to give and to take.
  const { id, badges } = await deps.directory.ensurePerson({
    id: ulidAt(deps.clock.now(), deps.ids.entropy()),
    site: site.id,
    kind: 'member',
    subject,
    name,
    badges: known?.badges ?? [],
    moderator: known?.moderator ?? false,
    createdAt: deps.clock.now(),
  });
  return { id, name, kind: 'member', badges };
}
