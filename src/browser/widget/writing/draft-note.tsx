import { useEffect, useState } from 'preact/hooks';
import type { MessageKey } from '../../locales/en.js';
import type { View, WriterProps } from '../model.js';
import type { Draft } from '../rows.js';

/** What became of a comment on its way: its state, or why it failed and what to do. */
export function DraftNote({ box, writer, draft }: WriterProps & { readonly draft: Draft }) {
  const { say } = box;
  const wait = useCountdown(box, draft.retryAt ?? 0);
  if (draft.state !== 'failed') {
    return <p class="note">{say(draft.state === 'queued' ? 'queued' : 'sending')}</p>;
  }
  return (
    <>
      <p class="note failed" role="alert">
        {say('failed')}: {wait ? say('wait', { n: wait }) : say(reasonOf(draft.code))}
      </p>
      <div class="acts">
        <button disabled={wait > 0} onClick={() => writer.retry(draft)}>
          {say('retry')}
        </button>
        <button onClick={() => writer.rewrite(draft)}>{say('edit')}</button>
        <button onClick={() => writer.discard(draft)}>{say('discard')}</button>
      </div>
    </>
  );
}

const reasons: Readonly<Record<string, MessageKey>> = {
  NETWORK: 'offline',
  BANNED: 'banned',
  GUESTS_NOT_WELCOME: 'members',
  NOT_ANNOUNCED: 'closed',
  THREAD_CLOSED: 'closed',
  PARENT_GONE: 'parentGone',
  REFUSED: 'refused',
  MALFORMED_TEXT: 'refused',
  INVALID_INPUT: 'refused',
  EDIT_WINDOW_OVER: 'tooLate',
};

/** The local words for an error code: servers send codes, never sentences for readers. */
export const reasonOf = (code: string | undefined): MessageKey => reasons[code ?? ''] ?? 'trouble';

/** Whole seconds until `at`, counting down. */
function useCountdown(box: View, at: number): number {
  const left = Math.max(0, Math.ceil((at - box.api.now()) / 1000));
  const [, redraw] = useState(0);
  useEffect(() => {
    if (!left) return undefined;
    const timer = setTimeout(() => redraw((n) => n + 1), 1000);
    return () => clearTimeout(timer);
  });
  return left;
}
