import { useId, useLayoutEffect, useRef } from 'preact/hooks';
import type { View } from './view.js';
import { Composer } from './composer.js';
import { Roots } from './list.js';
import { SortMenu } from './sort-menu.js';
import { useKey } from './store.js';

/** The whole box: heading, composer, pill, list, more, foot. */
export function Frame({ box }: { readonly box: View }) {
  const heading = useId();
  const phase = useKey(box.store, 'phase');
  return (
    <section class="box" part="root" aria-labelledby={heading}>
      <Top box={box} id={heading} />
      {phase === 'failed' && <Failed box={box} />}
      {phase === 'loading' && <Skeleton box={box} />}
      {phase === 'ready' && <Notice box={box} />}
      {phase === 'ready' && <Write box={box} />}
      <Pill box={box} />
      <Roots box={box} />
      <More box={box} />
      <Foot box={box} />
      <slot name="sayso-live" />
    </section>
  );
}

function useEmpty(box: View): boolean {
  const count = useKey(box.store, 'head')?.count ?? 0;
  const roots = useKey(box.store, 'roots')?.length ?? 0;
  const held = useKey(box.store, 'held')?.length ?? 0;
  return count + roots + held === 0;
}

/**
 * Title line and reading line. When the first comment arrives the words change, but the height
 * stays as it was, so that the button below does not move from under a finger.
 */
function Top({ box, id }: { readonly box: View; readonly id: string }) {
  const { say, settings, store } = box;
  const empty = useEmpty(box);
  const count = useKey(store, 'head')?.count ?? 0;
  const phase = useKey(store, 'phase');
  const viewers = useKey(store, 'viewers') ?? 0;
  const top = useRef<HTMLDivElement>(null);
  const wasEmpty = useRef(0);
  useLayoutEffect(() => {
    const element = top.current;
    if (!element || phase !== 'ready') return;
    if (empty) wasEmpty.current = element.offsetHeight;
    else if (wasEmpty.current) element.style.setProperty('min-block-size', `${wasEmpty.current}px`);
  });
  const Heading = `h${settings.headingLevel}` as 'h2'; // 2 to 6, see settings.ts
  return (
    <div class="top" ref={top}>
      <div class="title">
        <Heading id={id} part="heading" tabIndex={-1}>
          {phase === 'loading' && <span class="unseen">{say('loading')}</span>}
          {phase !== 'loading' && empty && (settings.topic ?? say('opinion'))}
          {!empty && <span part="count">{say('comments', { n: count })}</span>}
        </Heading>
        {!empty && <SortMenu box={box} />}
      </div>
      <p class="line">
        {!empty && viewers > 1 && (
          <span class="dot" part="reading">
            {say('reading', { n: viewers > 100 ? '100+' : viewers })}
          </span>
        )}
        {empty && phase === 'ready' && <span>{say('rules')} </span>}
        {settings.rules && <a href={settings.rules}>{say('houseRules')}</a>}
      </p>
    </div>
  );
}

function Notice({ box }: { readonly box: View }) {
  const notice = useKey(box.store, 'head')?.notice;
  return notice ? (
    <p class="notice" part="notice" dir="auto">
      {notice}
    </p>
  ) : null;
}

function Write({ box }: { readonly box: View }) {
  const { say, store } = box;
  const empty = useEmpty(box);
  const open = useKey(store, 'composing');
  const closed = useKey(store, 'head')?.state === 'closed';
  const trigger = useRef<HTMLButtonElement>(null);
  const cancelled = useRef(false);
  useLayoutEffect(() => {
    if (cancelled.current) trigger.current?.focus();
    cancelled.current = false;
  });
  if (typeof open === 'string') {
    return (
      <Composer
        box={box}
        label={say('yourComment')}
        action={say('post')}
        text={open}
        send={(source, name) => box.submit(source, name, null)}
        close={() => {
          cancelled.current = true;
          store.set('composing', null);
        }}
      />
    );
  }
  if (closed) return <p class="notice">{say('closed')}</p>;
  return (
    <button
      class={empty ? 'primary cta' : 'open'}
      part="cta"
      ref={trigger}
      onClick={() => {
        store.set('composing', '');
        box.emit('open-composer');
      }}
    >
      {say(empty ? 'first' : 'add')}
    </button>
  );
}

function Pill({ box }: { readonly box: View }) {
  const count = useKey(box.store, 'held')?.length ?? 0;
  const text = box.say('newComments', { n: count });
  return (
    <div class="pillbox">
      {count > 0 && (
        <button
          class="pill"
          part="pill"
          aria-label={box.say('show', { what: text })}
          onClick={() => box.reveal(null)}
        >
          {text}
        </button>
      )}
    </div>
  );
}

function More({ box }: { readonly box: View }) {
  const next = useKey(box.store, 'next');
  const busy = useKey(box.store, 'busy') ?? false;
  return next ? (
    <button class="more" disabled={busy} onClick={() => void box.showMore()}>
      {box.say('more', { n: 20 })}
    </button>
  ) : null;
}

function Failed({ box }: { readonly box: View }) {
  return (
    <div class="notice" role="alert">
      <p>{box.say('loadError')}</p>
      <p class="acts">
        <button
          class="primary"
          onClick={() => {
            box.store.set('phase', 'loading');
            void box.load();
          }}
        >
          {box.say('retry')}
        </button>
        {box.fallback && <a href={box.fallback}>{box.say('open')}</a>}
      </p>
    </div>
  );
}

function Skeleton({ box }: { readonly box: View }) {
  return (
    <div class="skeleton" part="skeleton">
      <span class="unseen">{box.say('loading')}</span>
    </div>
  );
}

function Foot({ box }: { readonly box: View }) {
  const connection = useKey(box.store, 'connection');
  const phase = useKey(box.store, 'phase');
  const down = phase === 'ready' && connection && connection !== 'live';
  return (
    <footer class="foot" part="footer">
      {down && (
        <span class="note">{box.say(connection === 'lost' ? 'paused' : 'reconnecting')}</span>
      )}
    </footer>
  );
}
