import { Comment } from './comment.js';
import { keyed } from './keyed.js';
import { isComment } from './rows.js';
import type { Store } from './store.js';
import type { View } from './model.js';

interface OfRoot {
  readonly box: View;
}
interface OfComment extends OfRoot {
  readonly id: string;
  /** Depth of its replies; 1 below a root. */
  readonly depth: number;
}

const none: readonly string[] = [];

/** The shown roots. */
export const Roots = keyed<OfRoot>(
  () => ['roots', 'busy'],
  ({ box }) => {
    const ids = box.store.get('roots') ?? none;
    return (
      ids.length > 0 && (
        <ol class="list" part="list" aria-busy={box.store.get('busy') ?? false}>
          {ids.map((id) => item(box, id, 1))}
        </ol>
      )
    );
  },
);

const item = (box: View, id: string, depth: number) => (
  <li key={box.places.keyOf(id)}>
    <Comment box={box} id={id} />
    <Replies box={box} id={id} depth={depth} />
    <MoreReplies box={box} id={id} depth={depth} />
    <HeldReplies box={box} id={id} depth={depth} />
  </li>
);

const Replies = keyed<OfComment>(
  ({ id }) => [`kids:${id}`],
  ({ box, id, depth }) => {
    const ids = box.store.get(`kids:${id}`) ?? none;
    const row = box.store.get(`row:${id}`);
    const name = isComment(row) ? row.author.name : '';
    return (
      ids.length > 0 && (
        <ol
          class={depth < 3 ? 'in' : depth < 5 ? 'in far' : 'far deep'}
          part="replies"
          aria-label={box.say('repliesTo', { name })}
        >
          {ids.map((kid) => item(box, kid, depth + 1))}
        </ol>
      )
    );
  },
);

const HeldReplies = keyed<OfComment>(
  ({ id }) => [`held:${id}`],
  ({ box, id }) => {
    const n = box.store.get(`held:${id}`)?.length;
    return (
      !!n && (
        <button class="pill small" part="pill" onClick={() => box.reveal(id)}>
          {box.say('newReplies', { n })}
        </button>
      )
    );
  },
);

const MoreReplies = keyed<OfComment>(
  ({ id }) => [`next:${id}`, `row:${id}`],
  ({ box, id }) => {
    const row = box.store.get(`row:${id}`);
    if (!box.store.get(`next:${id}`) || !row || !('replyCount' in row)) return null;
    const n = Math.max(1, row.replyCount - knownBelow(box.store, id));
    return (
      <button class="more small" onClick={() => void box.showReplies(id)}>
        {box.say('moreReplies', { n })}
      </button>
    );
  },
);

/** Approved comments below one that are here, shown or behind a pill. */
function knownBelow(store: Store, id: string): number {
  const ids = [...(store.get(`kids:${id}`) ?? none), ...(store.get(`held:${id}`) ?? none)];
  return ids.reduce((sum, kid) => {
    const row = store.get(`row:${kid}`);
    return sum + +(isComment(row) && row.status === 'approved') + knownBelow(store, kid);
  }, 0);
}
