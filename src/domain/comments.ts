import type {
  CommentView,
  EditComment,
  NewComment,
  NewReport,
  TextFormat,
  VoteResult,
} from '../contract/comment.js';
import { auditActor, idOf, type Actor } from './actor.js';
import type { Author, Comment } from './comment.js';
import { DomainError } from './errors.js';
import { examine, renderBody } from './examine.js';
import { meter, meterWriting } from './meter.js';
import { demand, demandPerson } from './permissions.js';
import type { ThreadStore } from './ports.js';
import { createPosting, type Posted, type PostingDeps } from './posting.js';
import { renderText } from './text/render.js';
import { cleanLine } from './text/unicode.js';
import { threadKey, type ThreadName } from './thread.js';
import { viewOwn } from './views.js';

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

/** The use cases of writing. */
export function createComments(deps: PostingDeps): Comments {
  const { threads, sites, limiter, ids } = deps;
  const { post } = createPosting(deps);

  return {
    post,

    edit: async (actor, name, id, body) => {
      const site = await sites.get(name.site);
      demand(actor, 'changeOwn', site.id);
      const before = await ownComment(threads, actor, name, id);
      await meterWriting(limiter, 'edit', site, actor, before.author);
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
      const person = demandPerson(actor, 'vote', site.id);
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
      const person = demandPerson(actor, 'report', site.id);
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
      await meter(limiter, 'preview', idOf(actor), site.limits.preview);
      return { html: renderText(source, format).html };
    },
  };
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
  if (read === null || author === null || author.id !== idOf(actor)) {
    throw new DomainError('NOT_FOUND');
  }
  return { ...read.comment, author };
}
