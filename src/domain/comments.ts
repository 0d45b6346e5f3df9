import type {
  CommentView,
  EditComment,
  NewComment,
  NewReport,
  TextFormat,
  Tombstone,
  VoteResult,
} from '../contract/comment.js';
import type { Session } from '../contract/session.js';
import { isPerson, type Actor, type Person } from './actor.js';
import type { Author, Comment } from './comment.js';
import { DomainError } from './errors.js';
import { meter } from './meter.js';
import type { AuditActor } from './operation.js';
import { demand } from './permissions.js';
import type { Clock, DirectoryStore, Ids, Limiter, ThreadStore } from './ports.js';
import { createFlights, toRepeat, type Repeat } from './repeats.js';
import type { Check } from './screening/screening.js';
import type { Sessions } from './sessions.js';
import type { Rule, Site } from './site.js';
import type { Sites } from './sites.js';
import { renderText } from './text/render.js';
import { examine, renderBody } from './examine.js';
import { signature } from './signature.js';
import { cleanLine } from './text/unicode.js';
import { threadKey, type ThreadName } from './thread.js';
import { viewOwn } from './views.js';

/** What a post came to. */
export interface Posted {
  /** As its author sees it now; a tombstone where a repeat finds it deleted. */
  readonly comment: CommentView | Tombstone;
  /** The same Idempotency-Key was answered before. */
  readonly replayed: boolean;
  /** Opened by the post of a guest without a token; only in the first answer. */
  readonly session: Session | null;
}

/** Writing: every method checks permission, limits, text and screening, then asks the store. */
export interface Comments {
  post(
    actor: Actor,
    name: ThreadName,
    body: NewComment,
    idempotencyKey: string | null,
  ): Promise<Posted>;
  edit(actor: Actor, name: ThreadName, id: string, body: EditComment): Promise<CommentView>;
  remove(actor: Actor, name: ThreadName, id: string): Promise<void>;
  vote(actor: Actor, name: ThreadName, id: string, value: -1 | 0 | 1): Promise<VoteResult>;
  report(actor: Actor, name: ThreadName, id: string, body: NewReport): Promise<void>;
  preview(
    actor: Actor,
    site: string,
    body: { readonly source: string; readonly format: TextFormat },
  ): Promise<{ readonly html: string }>;
}

interface Deps {
  readonly threads: ThreadStore;
  readonly directory: DirectoryStore;
  readonly sites: Sites;
  readonly sessions: Sessions;
  readonly limiter: Limiter;
  readonly checks: readonly Check[];
  readonly clock: Clock;
  readonly ids: Ids;
}

/** The use cases of writing. */
export function createComments(deps: Deps): Comments {
  const { threads, sites, limiter, ids } = deps;
  const fly = createFlights();

  const postOnce = async (
    actor: Actor,
    site: Site,
    name: ThreadName,
    body: NewComment,
    repeat: Repeat | null,
  ): Promise<Posted> => {
    const known = await findRepeat(threads, name, repeat);
    if (known !== null) return { comment: viewOwn(known, site), replayed: true, session: null };
    const { author, greeted } = await signature(deps, actor, site, body);
    await meterPost(limiter, site, actor, author);
    const rendered = renderBody(body.source, body.format);
    const reasons = await examine(deps, site, name, author, actor, rendered);
    const outcome = await threads.write(name, {
      type: 'post',
      entropy: ids.entropy(),
      author,
      parentId: body.parentId ?? null,
      text: rendered,
      status: reasons.length > 0 ? 'pending' : 'approved',
      reasons,
      idem: repeat?.idem ?? null,
      bodyHash: repeat?.bodyHash ?? null,
      ipKey: actor.kind === 'service' ? null : actor.ipKey,
      article: articleOf(site, body),
      announcedOnly: site.announcedOnly,
      slowMode: actor.kind !== 'service',
    });
    const { comment, replayed } = outcome;
    if (comment === null) throw new Error('A post settles to a comment.');
    const session = greeted === null || replayed ? null : await greeted.keep();
    return { comment: viewOwn(comment, site), replayed, session };
  };

  return {
    post: async (actor, name, body, idempotencyKey) => {
      const site = await sites.get(name.site);
      demand(actor, 'post', site.id);
      if (idempotencyKey === null) return postOnce(actor, site, name, body, null);
      const repeat = toRepeat(actor, idempotencyKey, body);
      return fly(threadKey(name) + repeat.idem, async () => {
        try {
          return await postOnce(actor, site, name, body, repeat);
        } catch (error) {
          // Another node may have settled the same key since: its comment is the answer then.
          const known = isRefusal(error) ? await findRepeat(threads, name, repeat) : null;
          if (known === null) throw error;
          return { comment: viewOwn(known, site), replayed: true, session: null };
        }
      });
    },

    edit: async (actor, name, id, body) => {
      const site = await sites.get(name.site);
      demand(actor, 'changeOwn', site.id);
      const before = await ownComment(threads, actor, name, id);
      await meterPost(limiter, site, actor, before.author);
      const text = renderBody(body.source, body.format);
      // What it said before is no duplicate of it.
      const sameLook = text.fingerprint === before.fingerprint;
      const examined = sameLook ? { ...text, fingerprint: null } : text;
      const reasons = await examine(deps, site, name, before.author, actor, examined);
      const { comment } = await threads.write(name, {
        type: 'edit',
        id,
        by: auditActor(actor),
        text,
        reasons,
        windowMs: site.editWindowSeconds * 1_000,
        entropy: ids.entropy(),
      });
      const view = comment === null ? null : viewOwn(comment, site);
      if (view === null || !('html' in view)) throw new DomainError('NOT_FOUND');
      return view;
    },

    remove: async (actor, name, id) => {
      const site = await sites.get(name.site);
      demand(actor, 'changeOwn', site.id);
      const entropy = ids.entropy();
      await threads.write(name, { type: 'delete', id, by: auditActor(actor), entropy });
    },

    vote: async (actor, name, id, value) => {
      const site = await sites.get(name.site);
      const person = await personMay(actor, 'vote', site);
      await meter(limiter, 'vote', person.id, site.limits.vote);
      const { comment } = await threads.write(name, {
        type: 'vote',
        id,
        actorId: person.id,
        value,
      });
      if (comment === null) throw new DomainError('NOT_FOUND');
      const { score, up, down } = comment;
      return { score, up, down, mine: value };
    },

    report: async (actor, name, id, { reason, text }) => {
      const site = await sites.get(name.site);
      const person = await personMay(actor, 'report', site);
      await meter(limiter, 'report', person.id, site.limits.report);
      await threads.write(name, {
        type: 'report',
        id,
        actorId: person.id,
        ipKey: person.ipKey,
        reason,
        text: cleanLine(text ?? ''),
        hideAt: site.reportsHide,
      });
    },

    preview: async (actor, siteId, { source, format }) => {
      const site = await sites.get(siteId);
      demand(actor, 'preview', site.id);
      await meter(limiter, 'preview', actorKey(actor), site.limits.preview);
      return { html: renderText(source, format).html };
    },
  };
}

async function findRepeat(
  threads: ThreadStore,
  name: ThreadName,
  repeat: Repeat | null,
): Promise<Comment | null> {
  if (repeat === null) return null;
  const known = await threads.findRepeat(threadKey(name), repeat.idem);
  // A deleted comment has lost its bodyHash: any repeat of its key is answered with the tombstone.
  if (known !== null && known.bodyHash !== null && known.bodyHash !== repeat.bodyHash) {
    throw new DomainError('IDEMPOTENCY_MISMATCH');
  }
  return known;
}

const isRefusal = (error: unknown): boolean =>
  error instanceof DomainError && (error.code === 'RATE_LIMITED' || error.code === 'REFUSED');

async function meterPost(
  limiter: Limiter,
  site: Site,
  actor: Actor,
  author: Author,
): Promise<void> {
  const { limits } = site;
  if (actor.kind === 'service') {
    return meter(limiter, 'comment', `${site.id}:${actor.keyId}`, limits.serviceComment);
  }
  const own: readonly Rule[] = author.kind === 'guest' ? limits.guestComment : limits.memberComment;
  await meter(limiter, 'comment', `${site.id}:${author.id}`, own);
  await meter(limiter, 'comment', `${site.id}:${actor.ipKey}`, limits.addressComment);
}

/** The author's own row; NOT_FOUND for everybody else's. */
async function ownComment(
  threads: ThreadStore,
  actor: Actor,
  name: ThreadName,
  id: string,
): Promise<Comment & { readonly author: Author }> {
  const read = await threads.readComment(threadKey(name), id);
  const author = read?.comment.author ?? null;
  if (read === null || author === null || author.id !== auditActor(actor).id) {
    throw new DomainError('NOT_FOUND');
  }
  return { ...read.comment, author };
}

async function personMay(actor: Actor, action: 'vote' | 'report', site: Site): Promise<Person> {
  demand(actor, action, site.id);
  if (!isPerson(actor)) throw new DomainError('FORBIDDEN');
  return actor;
}

function articleOf(site: Site, { article }: NewComment) {
  const title = article?.title === undefined ? null : cleanLine(article.title);
  const url = article?.url === undefined ? null : new URL(article.url);
  return { title, url: url !== null && site.origins.includes(url.origin) ? url.href : null };
}

const actorKey = (actor: Actor): string =>
  actor.kind === 'visitor' ? actor.ipKey : actor.kind === 'service' ? actor.keyId : actor.id;

const auditActor = (actor: Actor): AuditActor => ({
  id: actorKey(actor),
  name: actor.kind === 'visitor' ? '' : actor.name,
  kind: actor.kind,
});
