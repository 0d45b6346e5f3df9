import { h, render } from 'preact';
import { en, type MessageKey } from '../locales/en.js';
import { createSay, type Messages, pickLanguage } from '../shared/i18n.js';
import type { TokenSource } from '../shared/sessions.js';
import { createClockwork } from '../shared/time.js';
import { keepSteady } from './anchor.js';
import { createAnnouncer } from './announcer.js';
import { createBox } from './box.js';
import css from './box.css';
import { createConnections } from './connections.js';
import { Frame } from './frame.js';
import { type Live, startLive } from './live.js';
import { readSettings } from './settings.js';
import { createStore } from './store.js';
import type { Arrival } from './thread-state.js';
import { createView } from './view.js';
import { watchCounts as watch } from './watch-counts.js';

/** A mounted box. */
export interface Mounted {
  unmount(): void;
  useToken(source: TokenSource): void;
}

const connect = createConnections();
const sheet = new CSSStyleSheet();
sheet.replaceSync(css);

const locales: Readonly<Record<string, () => Promise<Messages<MessageKey>>>> = {
  en: async () => en,
  sq: async () => (await import('../locales/sq.js')).sq,
};

/** Draws the box of `host` into its shadow root, loads the thread and follows it. */
export async function mount(host: HTMLElement, origin: string): Promise<Mounted> {
  const warn = (message: string) => console.warn(`sayso: ${message}`);
  const canonical = document.querySelector<HTMLLinkElement>('link[rel=canonical]')?.href;
  const settings = readSettings(
    (name) => host.getAttribute(name),
    { canonical, href: location.href },
    warn,
  );
  const ancestor = host.closest('[lang]')?.getAttribute('lang');
  const lang = pickLanguage([settings.lang, ancestor, navigator.language], Object.keys(locales));
  const say = createSay(await (locales[lang] ?? (async () => en))(), lang);
  const root = host.shadowRoot ?? host.attachShadow({ mode: 'open' });
  root.adoptedStyleSheets = [sheet];

  const end = new AbortController();
  const { api, sessions, wire } = connect(origin, settings.site, settings.profile);
  if (settings.token) sessions.use(settings.token);
  const store = createStore();
  store.set('phase', 'loading');
  store.set('sort', settings.sort);
  const announcer = createAnnouncer(host);
  const emit = (name: string, detail: object = {}) =>
    void host.dispatchEvent(
      new CustomEvent(`sayso:${name}`, { bubbles: true, composed: true, detail }),
    );
  const { site, article } = settings;
  let live: Live | undefined;
  const box = createBox({
    store,
    settings,
    say,
    clock: createClockwork(lang),
    api,
    sessions,
    fallback: host.querySelector('a')?.href,
    steady: (change) => keepSteady(root, change),
    announce: announcer.say,
    emit,
    rejoin: () => live?.rejoin(),
    arrived: createSpeech(say, announcer.say),
    random: Math.random,
    newId: () => crypto.randomUUID(),
    ended: end.signal,
  });
  const view = createView(box, root);
  root.replaceChildren();
  render(h('div', { lang, dir: 'auto' }, h(Frame, { box: view })), root);
  const tick = setInterval(() => store.set('now', Date.now()), 30_000);
  store.watch('head', () => emit('count', { article, count: store.get('head')?.count }));

  const start = async () => {
    await box.load();
    if (end.signal.aborted) return;
    emit('ready', { article });
    live = startLive({
      site,
      article,
      follower: box.follower,
      wire,
      poll: (since, signal) =>
        api.send({
          path: `${box.path}/changes?since=${since}&wait=25`,
          signal,
          timeoutMs: 40_000,
        }),
      random: Math.random,
      ended: end.signal,
      connection(state) {
        store.set('connection', state);
        emit('live', { state });
      },
      viewers: (count) => store.set('viewers', count),
      back: () => void box.mine().catch(() => undefined),
    });
  };
  void start();

  return {
    unmount() {
      end.abort();
      clearInterval(tick);
      render(null, root);
    },
    useToken: (source) => sessions.use(source),
  };
}

/** Arrivals are said together, and no more often than every 10 s. */
function createSpeech(
  say: Parameters<typeof createBox>[0]['say'],
  announce: (text: string) => void,
) {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let last = 0;
  let count = 0;
  return (arrival: Arrival) => {
    if (arrival.kind === 'first') return announce(say('firstFrom', { name: arrival.name }));
    if (arrival.kind === 'answer') return announce(say('repliedToYou', { name: arrival.name }));
    if (arrival.kind === 'published') return announce(say('published'));
    count = arrival.count;
    timer ??= setTimeout(
      () => {
        timer = undefined;
        last = Date.now();
        announce(say('newComments', { n: count }));
      },
      Math.max(1_500, last + 10_000 - Date.now()),
    );
    return undefined;
  };
}

/** Keeps the badges marked `data-live` in step with the server at `origin`. */
export const watchCounts = (origin: string): void =>
  watch((site) => connect(origin, site, '').wire);
