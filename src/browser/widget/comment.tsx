import type { CommentView } from '../../contract/comment.js';
import { Up } from './icons.js';
import { keyed } from './keyed.js';
import { type Draft, isComment, isDraft } from './rows.js';
import type { View } from './model.js';
import { Typed, Words } from './words.js';

interface OfId {
  readonly box: View;
  readonly id: string;
}
interface OfRow<R> {
  readonly box: View;
  readonly row: R;
}

/** One comment with its actions; drawn again only when its own row changes. */
export const Comment = keyed<OfId>(
  ({ id }) => [`row:${id}`, `fresh:${id}`, `mode:${id}`, 'parts', 'me'],
  ({ box, id }) => {
    const { say, store } = box;
    const row = store.get(`row:${id}`);
    if (!row) return null;
    const written = isDraft(row) || isComment(row) ? row : undefined;
    const name = written?.author.name ?? '';
    return (
      <article
        class={store.get(`fresh:${id}`) ? 'comment fresh' : 'comment'}
        part="comment"
        tabIndex={-1}
        data-id={id}
        aria-label={
          written ? say(row.parentId ? 'replyName' : 'articleName', { name }) : say('deleted')
        }
      >
        {written ? <By box={box} row={written} /> : <p class="gone">{say('deleted')}</p>}
        {isDraft(row) && <Sending box={box} row={row} />}
        {isComment(row) && <Written box={box} row={row} />}
      </article>
    );
  },
);

function Sending({ box, row }: OfRow<Draft>) {
  const writer = box.parts.writer;
  return (
    <>
      <Typed source={row.source} />
      {writer && <writer.DraftNote box={box} writer={writer} draft={row} />}
    </>
  );
}

function Written({ box, row }: OfRow<CommentView>) {
  const writer = box.parts.writer;
  const mode = box.store.get(`mode:${row.id}`);
  if (writer && mode === 'edit') return <writer.Edit box={box} writer={writer} row={row} />;
  if (writer && (mode === 'erased' || mode === 'erasing')) {
    return (
      <p class="gone acts">
        {box.say('deleted')}
        {mode === 'erased' && (
          <button class="undo" onClick={() => writer.unerase(row.id)}>
            {box.say('undo')}
          </button>
        )}
      </p>
    );
  }
  const reason = row.reasons?.[0]?.message;
  return (
    <>
      <Words html={row.html} />
      {row.status !== 'approved' && (
        <p class="note">
          {box.say(row.status === 'pending' ? 'pending' : 'rejected')}
          {reason && `: ${reason}`}
        </p>
      )}
      <Actions box={box} row={row} />
      {writer && mode === 'reply' && <writer.Reply box={box} writer={writer} row={row} />}
    </>
  );
}

const isMine = (box: View, row: CommentView | Draft) =>
  isDraft(row) || row.mine === true || row.author.id === box.store.get('me');

function By({ box, row }: OfRow<CommentView | Draft>) {
  const { say } = box;
  const comment = isComment(row) ? row : undefined;
  const { name } = row.author;
  const staff = comment?.author.kind === 'moderator' || comment?.author.badges.includes('staff');
  return (
    <header class="by" part="header">
      <span
        class="avatar"
        part="avatar"
        aria-hidden="true"
        style={{ '--h': hueOf(row.author.id || name) }}
      >
        {[...name][0]?.toLocaleUpperCase()}
      </span>
      <b part="name">
        <bdi>{name}</bdi>
      </b>
      {staff && (
        <span class="badge" part="badge">
          {say('staff')}
        </span>
      )}
      {isMine(box, row) && <span class="dim">{say('you')}</span>}
      {row.parentId && <To box={box} id={row.parentId} />}
      <Time box={box} at={isDraft(row) ? row.at : Date.parse(row.createdAt)} />
      {comment?.editedAt && <span class="dim dot">{say('edited')}</span>}
    </header>
  );
}

/** Whom a reply answers, where its place no longer says so (the style shows it there). */
function To({ box, id }: OfId) {
  const parent = box.store.get(`row:${id}`);
  return isComment(parent) ? <span class="dim to">↳ {parent.author.name}</span> : null;
}

/** A hue, 0 to 359, from the author's id: no picture is ever fetched. */
function hueOf(id: string): string {
  let hue = 0;
  for (const letter of id) hue = (hue * 31 + letter.charCodeAt(0)) % 360;
  return `${hue}`;
}

const Time = keyed<{ readonly box: View; readonly at: number }>(
  () => ['now'],
  ({ box, at }) => (
    <time class="dot" part="time" dateTime={new Date(at).toISOString()} title={box.clock.full(at)}>
      {box.clock.short(at, box.api.now()) || box.say('now')}
    </time>
  ),
);

const Actions = keyed<OfRow<CommentView>>(
  ({ row }) => ['head', 'now', 'me', `vote:${row.id}`], // the edit window ends by itself
  ({ box, row }) => {
    const { say, store } = box;
    const open = store.get('head')?.state !== 'closed';
    const own = isMine(box, row);
    const approved = row.status === 'approved';
    const { name } = row.author;
    const editable = row.editableUntil && Date.parse(row.editableUntil) > box.api.now();
    const button = (key: 'reply' | 'edit' | 'delete', onClick: () => void) => (
      <button
        part="action"
        data-act={key}
        aria-label={say('named', { what: say(key), name })}
        onClick={onClick}
      >
        {say(key)}
      </button>
    );
    const show = (mode: 'reply' | 'edit') =>
      button(mode, () => box.write(() => store.set(`mode:${row.id}`, mode)));
    return (
      <div class="acts" part="actions">
        {approved && !own && (
          <button
            part="action"
            aria-pressed={store.get(`vote:${row.id}`) === 1}
            aria-label={say('voteFor', { n: row.up, name })}
            onClick={() => box.write((writer) => void writer.vote(row.id))}
          >
            <Up />
            {row.up > 0 && row.up}
          </button>
        )}
        {approved && own && row.up > 0 && (
          <span class="votes">
            <Up />
            {row.up}
          </span>
        )}
        {approved && open && show('reply')}
        {own && editable && open && show('edit')}
        {own && button('delete', () => box.write((writer) => writer.erase(row.id)))}
      </div>
    );
  },
);
