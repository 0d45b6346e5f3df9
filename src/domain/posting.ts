import type { CommentView, NewComment, Tombstone } from '../contract/comment.js';
import type { Session } from '../contract/session.js';
import type { Actor } from './actor.js';
import type { Comment } from './comment.js';
import { DomainError } from './errors.js';
import { examine, renderBody } from './examine.js';
import { meterWriting } from './meter.js';
import { demand } from './permissions.js';
import type { Clock, DirectoryStore, Ids, Limiter, ThreadStore } from './ports.js';
import { createFlights, toRepeat, type Repeat } from './repeats.js';
import type { Check } from './screening/screening.js';
import type { Sessions } from './sessions.js';
import { signature } from './signature.js';
import type { Site } from './site.js';
import type { Sites } from './sites.js';
import { cleanLine, isBlank } from './text/unicode.js';
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

/** What writing needs. */
export interface PostingDeps {
  readonly threads: ThreadStore;
  readonly directory: DirectoryStore;
  readonly sites: Sites;
  readonly sessions: Sessions;
  readonly limiter: Limiter;
  readonly checks: readonly Check[];
  readonly clock: Clock;
  readonly ids: Ids;
}

/** The way of a new comment: repeat, permission, limit, text, screening, store. */
export function createPosting(deps: PostingDeps) {
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
    const { author, keep } = await signature(deps, actor, site, body);
    await meterWriting(limiter, 'comment', site, actor, author);
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
    const session = replayed ? null : await keep();
    return { comment: viewOwn(comment, site), replayed, session };
  };

  return {
    post: async (
      actor: Actor,
      name: ThreadName,
      body: NewComment,
      idempotencyKey: string | null,
    ): Promise<Posted> => {
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

function articleOf(site: Site, { article }: NewComment) {
  const title = cleanLine(article?.title ?? '');
  const url = article?.url === undefined ? null : new URL(article.url);
  return {
    title: isBlank(title) ? null : title,
    url: url !== null && site.origins.includes(url.origin) ? url.href : null,
  };
}
