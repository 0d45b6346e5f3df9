import type { VNode } from 'preact';
import { useRef } from 'preact/hooks';
import type { View } from './view.js';
import { Comment } from './comment.js';
import { isComment } from './rows.js';
import { useKey } from './store.js';

const none: readonly string[] = [];

/** The shown roots. */
export function Roots({ box }: { readonly box: View }) {
  const ids = useKey(box.store, 'roots') ?? none;
  const busy = useKey(box.store, 'busy') ?? false;
  const items = useItems(box, ids, 0);
  return ids.length > 0 ? (
    <ol class="list" part="list" aria-busy={busy}>
      {items}
    </ol>
  ) : null;
}

/** One branch: a comment, its replies, and what of them is not shown yet. */
function Branch({
  box,
  id,
  depth,
}: {
  readonly box: View;
  readonly id: string;
  readonly depth: number;
}) {
  const ids = useKey(box.store, `kids:${id}`) ?? none;
  const row = useKey(box.store, `row:${id}`);
  const items = useItems(box, ids, depth + 1);
  const name = isComment(row) ? row.author.name : '';
  return (
    <>
      <Comment box={box} id={id} />
      {ids.length > 0 && (
        <ol
          class={depth < 4 ? 'in' : 'flat'}
          part="replies"
          aria-label={box.say('repliesTo', { name })}
        >
          {items}
        </ol>
      )}
      <MoreReplies box={box} id={id} />
      <HeldReplies box={box} id={id} />
    </>
  );
}

/** One `<li>` an id; kept as they are, so that a new one does not draw the others again. */
function useItems(box: View, ids: readonly string[], depth: number): readonly VNode[] {
  const kept = useRef(new Map<string, VNode>());
  const next = new Map<string, VNode>();
  for (const id of ids) {
    const item = kept.current.get(id) ?? (
      <li key={box.state.keyOf(id)}>
        <Branch box={box} id={id} depth={depth} />
      </li>
    );
    next.set(id, item);
  }
  kept.current = next;
  return [...next.values()];
}

function HeldReplies({ box, id }: { readonly box: View; readonly id: string }) {
  const count = useKey(box.store, `held:${id}`)?.length ?? 0;
  if (!count) return null;
  return (
    <button class="pill small" part="pill" onClick={() => box.reveal(id)}>
      {box.say('newReplies', { n: count })}
    </button>
  );
}

function MoreReplies({ box, id }: { readonly box: View; readonly id: string }) {
  const next = useKey(box.store, `next:${id}`);
  const row = useKey(box.store, `row:${id}`);
  if (!next || !row || !('replyCount' in row)) return null;
  const count = Math.max(1, row.replyCount - shownBelow(box, id));
  return (
    <button class="more small" onClick={() => void box.showReplies(id)}>
      {box.say('moreReplies', { n: count })}
    </button>
  );
}

/** Approved comments below one that are here, shown or behind a pill. */
function shownBelow(box: View, id: string): number {
  const ids = [...(box.store.get(`kids:${id}`) ?? none), ...(box.store.get(`held:${id}`) ?? none)];
  return ids.reduce((sum, kid) => {
    const row = box.store.get(`row:${kid}`);
    return sum + (isComment(row) && row.status === 'approved' ? 1 : 0) + shownBelow(box, kid);
  }, 0);
}
