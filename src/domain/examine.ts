import type { Reason, TextFormat } from '../contract/comment.js';
import type { Actor } from './actor.js';
import type { Author } from './comment.js';
import type { StoredText } from './operation.js';
import type { Clock, ThreadStore } from './ports.js';
import { fingerprintOf } from './screening/duplicate.js';
import { screen, type Check } from './screening/screening.js';
import type { Site } from './site.js';
import { renderText } from './text/render.js';
import { threadKey, type ThreadName } from './thread.js';

interface Deps {
  readonly threads: ThreadStore;
  readonly checks: readonly Check[];
  readonly clock: Clock;
}

/** Renders a text and takes its fingerprint. */
export function renderBody(source: string, format: TextFormat): StoredText {
  const { source: kept, html, text, policy } = renderText(source, format);
  return { source: kept, html, text, policy, fingerprint: fingerprintOf(text) };
}

/** Screening: the reasons to hold a text; REFUSED where a rule refuses it. */
export async function examine(
  deps: Deps,
  site: Site,
  name: ThreadName,
  author: Author,
  actor: Actor,
  text: StoredText,
): Promise<readonly Reason[]> {
  const [thread, history] = await Promise.all([
    deps.threads.readThread(threadKey(name)),
    deps.threads.readHistory(site.id, author.id, text.fingerprint, deps.clock.now()),
  ]);
  const { source, html } = text;
  const mode = thread?.moderation ?? site.moderation;
  // A service answers for what it posts, in whosever name: it meets the checks of the staff.
  const answerable: Author = actor.kind === 'service' ? { ...author, kind: 'service' } : author;
  return screen(deps.checks, {
    ...{ source, html, text: text.text, site, mode, history },
    author: answerable,
  });
}
