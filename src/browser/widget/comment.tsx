import { useEffect, useState } from 'preact/hooks';
import type { CommentView } from '../../contract/comment.js';
import { ApiError } from '../shared/api.js';
import type { View } from './view.js';
import { Composer } from './composer.js';
import { DraftNote } from './draft-note.js';
import { Up } from './icons.js';
import { type Draft, isComment, isDraft } from './rows.js';
import { useKey } from './store.js';
import { Typed, Words } from './words.js';

/** One comment with its actions; drawn again only when its own row changes. */
export function Comment({ box, id }: { readonly box: View; readonly id: string }) {
  const row = useKey(box.store, `row:${id}`);
  const fresh = useKey(box.store, `fresh:${id}`);
  const mode = useKey(box.store, `mode:${id}`);
  useEffect(() => {
    if (!fresh) return undefined;
    const timer = setTimeout(() => box.store.set(`fresh:${id}`, false), 8_000);
    return () => clearTimeout(timer);
  }, [fresh]);
  if (!row) return null;
  const own = isDraft(row) || (isComment(row) && isMine(box, row));
  const written = isDraft(row) || isComment(row);
  const name = written ? row.author.name : '';
  return (
    <article
      class={fresh ? 'comment fresh' : 'comment'}
      part="comment"
      tabIndex={-1}
      data-id={id}
      aria-label={
        written ? box.say(row.parentId ? 'replyName' : 'articleName', { name }) : box.say('deleted')
      }
    >
      {!written && <p class="gone">{box.say('deleted')}</p>}
      {written && <By box={box} row={row} own={own} />}
      {isDraft(row) && <Typed source={row.source} />}
      {isDraft(row) && <DraftNote box={box} draft={row} />}
      {isComment(row) && mode === 'edit' && <Edit box={box} row={row} />}
      {isComment(row) && mode !== 'edit' && <Words html={row.html} />}
      {isComment(row) && row.status !== 'approved' && (
        <p class="note">
          {box.say(row.status === 'pending' ? 'pending' : 'rejected')}
          {row.reasons?.[0] && `: ${row.reasons[0].message}`}
        </p>
      )}
      {isComment(row) && mode !== 'edit' && <Actions box={box} row={row} own={own} />}
      {isComment(row) && mode === 'reply' && <Reply box={box} row={row} />}
    </article>
  );
}

const isMine = (box: View, row: CommentView) =>
  row.mine === true || row.author.id === box.sessions.user()?.id;

function By({ box, row, own }: { box: View; row: CommentView | Draft; own: boolean }) {
  const { say } = box;
  const staff =
    isComment(row) && (row.author.kind === 'moderator' || row.author.badges.includes('staff'));
  return (
    <header class="by" part="header">
      <Avatar id={row.author.id} name={row.author.name} />
      <b part="name">
        <bdi>{row.author.name}</bdi>
      </b>
      {staff && <span class="badge">{say('staff')}</span>}
      {own && <span class="dim">{say('you')}</span>}
      <Time box={box} at={isDraft(row) ? row.at : Date.parse(row.createdAt)} />
      {isComment(row) && row.editedAt && <span class="dim dot">{say('edited')}</span>}
    </header>
  );
}

/** Initial and a hue from the author's id: no picture is ever fetched. */
function Avatar({ id, name }: { readonly id: string; readonly name: string }) {
  let hue = 0;
  for (const letter of id || name) hue = (hue * 31 + letter.charCodeAt(0)) % 360;
  const initial = [...name][0]?.toLocaleUpperCase() ?? '';
  return (
    <span class="avatar" part="avatar" aria-hidden="true" style={{ '--h': String(hue) }}>
      {initial}
    </span>
  );
}

function Time({ box, at }: { readonly box: View; readonly at: number }) {
  useKey(box.store, 'now');
  return (
    <time class="dot" part="time" dateTime={new Date(at).toISOString()} title={box.clock.full(at)}>
      {box.clock.short(at, box.api.now()) || box.say('now')}
    </time>
  );
}

function Actions({ box, row, own }: { box: View; row: CommentView; own: boolean }) {
  const { say, store } = box;
  const closed = useKey(store, 'head')?.state === 'closed';
  const vote = useKey(store, `vote:${row.id}`) === 1;
  const name = row.author.name;
  const label = (key: 'reply' | 'edit' | 'delete') => ({
    part: 'action',
    'aria-label': say('named', { what: say(key), name }),
    children: say(key),
  });
  const approved = row.status === 'approved';
  const until = row.editableUntil ? Date.parse(row.editableUntil) : 0;
  const editable = useUntil(box, until);
  return (
    <div class="acts" part="actions">
      {approved && (
        <button
          part="action"
          aria-pressed={vote}
          aria-label={say('voteFor', { n: row.up, name })}
          onClick={() => void box.vote(row.id)}
        >
          <Up />
          {row.up > 0 && row.up}
        </button>
      )}
      {approved && !closed && (
        <button
          {...label('reply')}
          data-act="reply"
          onClick={() => store.set(`mode:${row.id}`, 'reply')}
        />
      )}
      {own && editable && !closed && (
        <button
          {...label('edit')}
          data-act="edit"
          onClick={() => store.set(`mode:${row.id}`, 'edit')}
        />
      )}
      {own && <button {...label('delete')} onClick={() => void box.erase(row.id)} />}
    </div>
  );
}

/** True until `at` (epoch ms by the server's clock), then once more drawn and false. */
function useUntil(box: View, at: number): boolean {
  const [, redraw] = useState(0);
  const left = at - box.api.now();
  useEffect(() => {
    if (left <= 0) return undefined;
    const timer = setTimeout(() => redraw((n) => n + 1), left + 50);
    return () => clearTimeout(timer);
  }, [at]);
  return left > 0;
}

function Reply({ box, row }: { readonly box: View; readonly row: CommentView }) {
  const close = () => box.closeMode(row.id, 'reply');
  return (
    <Composer
      box={box}
      label={box.say('yourReply', { name: row.author.name })}
      action={box.say('reply')}
      text={box.store.get(`text:${row.id}`) ?? ''}
      send={(source, name) => box.submit(source, name, row.id)}
      close={close}
    />
  );
}

function Edit({ box, row }: { readonly box: View; readonly row: CommentView }) {
  const [error, setError] = useState('');
  const close = () => box.closeMode(row.id, 'edit');
  const send = async (source: string) => {
    try {
      await box.edit(row.id, source);
      close();
    } catch (problem) {
      setError(problem instanceof ApiError ? problem.code : 'INTERNAL');
    }
  };
  return (
    <>
      <Composer
        box={box}
        named={false}
        label={box.say('yourComment')}
        action={box.say('save')}
        text={row.source ?? ''}
        send={send}
        close={close}
      />
      {error && <p role="alert">{box.say(error === 'EDIT_WINDOW_OVER' ? 'tooLate' : 'trouble')}</p>}
    </>
  );
}
