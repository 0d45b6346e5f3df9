import { h, render } from 'preact';
import { en, type MessageKey } from '../locales/en.js';
import { createApi } from '../shared/api.js';
import { createSay, type Messages, pickLanguage } from '../shared/i18n.js';
import type { TokenSource } from '../shared/sessions.js';
import { createClockwork } from '../shared/time.js';
import css from './box.css';
import { createBox } from './box.js';
import { Frame } from './frame.js';
import { readSettings } from './settings.js';
import { createStore } from './store.js';
import { createView } from './view.js';

/** A mounted box. */
export interface Mounted {
  unmount(): void;
  useToken(source: TokenSource): void;
}

const sheet = new CSSStyleSheet();
sheet.replaceSync(css);

const locales: Readonly<Record<string, () => Promise<Messages<MessageKey>>>> = {
  en: async () => en,
  sq: async () => (await import('../locales/sq.js')).sq,
};

/** Draws the box of `host` into its shadow root, loads the thread and follows it. */
export async function mount(host: HTMLElement, origin: string): Promise<Mounted> {
  const settings = readSettings(
    (name) => host.getAttribute(name),
    document.querySelector<HTMLLinkElement>('link[rel=canonical]')?.href ?? location.href,
    (message) => console.warn(`sayso: ${message}`),
  );
  const around = host.parentElement?.closest('[lang]')?.getAttribute('lang');
  const lang = pickLanguage([settings.lang, around, navigator.language], Object.keys(locales));
  const say = createSay((await locales[lang]?.()) ?? en, lang);
  const root = host.shadowRoot ?? host.attachShadow({ mode: 'open' });
  root.adoptedStyleSheets = [sheet];

  const end = new AbortController();
  const store = createStore();
  store.set('phase', 'loading');
  store.set('sort', settings.sort);
  const emit = (name: string, detail: object = {}) =>
    void host.dispatchEvent(
      new CustomEvent(`sayso:${name}`, { bubbles: true, composed: true, detail }),
    );
  const { article } = settings;
  const box = createBox({
    origin,
    store,
    settings,
    say,
    clock: createClockwork(lang),
    api: createApi(`${origin}/api/v1`),
    fallback: host.querySelector('a')?.href,
    emit,
    random: Math.random,
    newId: () => crypto.randomUUID(),
    ended: end.signal,
    loaded() {
      emit('ready', { article });
      follow();
    },
  });
  const view = createView(box, root);
  /** The list stands without its engine; that is asked for again until it comes. */
  const follow = () => {
    view.follow().then(
      () => view.write(),
      () => {
        store.set('connection', 'lost');
        if (!end.signal.aborted) setTimeout(follow, 10_000);
      },
    );
  };
  root.replaceChildren();
  render(h('div', { lang }, h(Frame, { box: view })), root);
  const tick = setInterval(() => store.set('now', Date.now()), 30_000);
  store.watch('head', () => emit('count', { article, count: store.get('head')?.count }));
  void box.load();

  return {
    unmount() {
      end.abort();
      clearInterval(tick);
      render(null, root);
    },
    useToken: view.useToken,
  };
}

/** Keeps the badges marked `data-live` in step with the server at `origin`. */
export const watchCounts = async (origin: string): Promise<void> =>
  (await import('./engine/parts.js')).watchCounts(origin);
