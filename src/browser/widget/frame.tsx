import type { Sort } from '../../contract/comment.js';
import { keyed } from './keyed.js';
import { Roots } from './list.js';
import type { View } from './model.js';

interface Props {
  readonly box: View;
}

/** The whole box: heading, composer, pill, list, more, foot. */
export const Frame = ({ box }: Props) => (
  <section class="box" part="root" aria-labelledby="heading label">
    <span id="label" hidden>
      {box.settings.label}
    </span>
    <Top box={box} />
    <Write box={box} />
    <Pill box={box} />
    <Roots box={box} />
    <More box={box} />
    <Foot box={box} />
    <slot name="sayso-live" />
  </section>
);

const emptyKeys = ['head', 'roots', 'held', 'phase'] as const;

function isEmpty({ store }: View): boolean {
  return !store.get('head')?.count && !store.get('roots')?.length && !store.get('held')?.length;
}

/**
 * Title line and reading line. When the first comment arrives the words change, but the height
 * stays as it was, so that the button below does not move from under a finger.
 */
const Top = keyed<Props>(
  () => [...emptyKeys, 'viewers'],
  ({ box }) => {
    const { say, settings, store } = box;
    const empty = isEmpty(box);
    const phase = store.get('phase');
    const viewers = store.get('viewers') ?? 0;
    const Heading = `h${settings.headingLevel}` as 'h2'; // 2 to 6, see settings.ts
    const keepHeight = (element: HTMLElement | null) => {
      if (!element || phase !== 'ready') return;
      if (empty) element.dataset.height = `${element.getBoundingClientRect().height}px`;
      const { height } = element.dataset;
      if (!empty && height) element.style.setProperty('min-block-size', height);
    };
    return (
      <div class="top" ref={keepHeight}>
        <div class="title">
          <Heading id="heading" part="heading" tabIndex={-1}>
            {!empty ? (
              <span part="count">{say('comments', { n: store.get('head')?.count ?? 0 })}</span>
            ) : phase === 'loading' ? (
              <span class="unseen">{say('loading')}</span>
            ) : (
              (settings.topic ?? say('opinion'))
            )}
          </Heading>
          {!empty && <SortMenu box={box} />}
        </div>
        <p class="line">
          {!empty && viewers > 1 && (
            <span part="reading">{say('reading', { n: viewers > 100 ? '100+' : viewers })}</span>
          )}
          {empty && phase === 'ready' && `${say('rules')} `}
          {settings.rules && <a href={settings.rules}>{say('houseRules')}</a>}
        </p>
      </div>
    );
  },
);

const Write = keyed<Props>(
  () => [...emptyKeys, 'composing', 'parts'],
  ({ box }) => {
    const { say, store } = box;
    const head = store.get('head');
    const phase = store.get('phase');
    const writer = box.parts.writer;
    if (phase === 'failed') return <Failed box={box} />;
    if (phase === 'loading') return <div class="skeleton" part="skeleton" />;
    return (
      <>
        {head?.notice && (
          <p class="notice" part="notice" dir="auto">
            {head.notice}
          </p>
        )}
        {writer && typeof store.get('composing') === 'string' ? (
          <writer.Root box={box} writer={writer} />
        ) : head?.state === 'closed' ? (
          <p class="notice">{say('closed')}</p>
        ) : (
          <Cta box={box} />
        )}
      </>
    );
  },
);

function Cta({ box }: Props) {
  const empty = isEmpty(box);
  return (
    <button
      class={empty ? 'primary cta' : 'open'}
      part="cta"
      onPointerEnter={() => box.write()}
      onClick={() =>
        box.write(() => {
          box.store.set('composing', '');
          box.emit('open-composer');
        })
      }
    >
      {box.say(empty ? 'first' : 'add')}
    </button>
  );
}

const Pill = keyed<Props>(
  () => ['held'],
  ({ box }) => {
    const n = box.store.get('held')?.length ?? 0;
    const text = box.say('newComments', { n });
    return (
      <div class="pillbox">
        {n > 0 && (
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
  },
);

const More = keyed<Props>(
  () => ['next', 'busy'],
  ({ box }) =>
    box.store.get('next') && (
      <button class="more" disabled={box.store.get('busy')} onClick={() => void box.showMore()}>
        {box.say('more', { n: 20 })}
      </button>
    ),
);

function Failed({ box }: Props) {
  const again = () => {
    box.store.set('phase', 'loading');
    void box.load();
  };
  return (
    <div class="notice" role="alert">
      <p>{box.say('loadError')}</p>
      <p class="acts">
        <button class="primary" onClick={again}>
          {box.say('retry')}
        </button>
        {box.fallback && <a href={box.fallback}>{box.say('open')}</a>}
      </p>
    </div>
  );
}

const Foot = keyed<Props>(
  () => ['connection'],
  ({ box }) => {
    const connection = box.store.get('connection');
    const down = connection && connection !== 'live';
    return (
      <footer class="foot" part="footer">
        {down && (
          <span class="note">{box.say(connection === 'lost' ? 'paused' : 'reconnecting')}</span>
        )}
      </footer>
    );
  },
);

const sorts: readonly Sort[] = ['newest', 'oldest', 'top', 'replies'];

const SortMenu = keyed<Props>(
  () => ['sort'],
  ({ box }) => (
    <select
      class="sort"
      part="sort"
      aria-label={box.say('sort')}
      value={box.store.get('sort')}
      onChange={(event) => box.setSort(event.currentTarget.value as Sort)} // one of the options below
    >
      {sorts.map((each) => (
        <option key={each} value={each}>
          {box.say(each)}
        </option>
      ))}
    </select>
  ),
);
