import type { TokenSource } from '../shared/sessions.js';
import type * as Core from '../widget/core.js';
import { refreshCounts } from './counts.js';

/** Files of the box's code, its entry last, and the version; written in by the build. */
declare const __CORE__: readonly string[];
declare const __VERSION__: string;

const script = document.currentScript as HTMLScriptElement | null; // never an SVG script
const origin = new URL(script?.src || location.href).origin;
const tag = 'sayso-thread';
const core = async (): Promise<typeof Core> => {
  // All at once: the entry's imports are not waited for one after another.
  const files = await Promise.all(__CORE__.map((file) => import(`${origin}/assets/${file}`)));
  return files.at(-1) as typeof Core; // the entry
};

const warn = () => console.warn('sayso: could not be loaded');

interface Thread extends HTMLElement {
  useToken(source: TokenSource): void;
}

if (!customElements.get(tag)) {
  /** Mounts itself shortly before it comes into view. A custom element has to be a class. */
  class SaysoThread extends HTMLElement implements Thread {
    static observedAttributes = ['site', 'article', 'lang', 'topic', 'profile', 'token', 'sort'];
    #mounted: Promise<Core.Mounted | void> | undefined;
    #token: TokenSource | undefined;
    #sight = new IntersectionObserver(
      (entries) => {
        if (entries.some((entry) => entry.isIntersecting)) this.#mount();
      },
      { rootMargin: '1200px' },
    );
    #mount() {
      this.#sight.disconnect();
      this.#mounted ??= core()
        .then(async ({ mount }) => {
          const mounted = await mount(this, origin);
          if (this.#token) mounted.useToken(this.#token);
          return mounted;
        })
        // What stands inside the element stays visible.
        .catch(warn);
    }
    #unmount() {
      this.#sight.disconnect();
      void this.#mounted?.then((mounted) => mounted?.unmount());
      this.#mounted = undefined;
    }
    connectedCallback() {
      this.#sight.observe(this);
    }
    disconnectedCallback() {
      // A node that is only moved keeps its state.
      queueMicrotask(() => this.isConnected || this.#unmount());
    }
    attributeChangedCallback(_name: string, before: string | null, after: string | null) {
      if (before === after || !this.#mounted) return;
      this.#unmount();
      this.#mount();
    }
    useToken(source: TokenSource) {
      this.#token = source;
      void this.#mounted?.then((mounted) => mounted?.useToken(source));
    }
  }
  customElements.define(tag, SaysoThread);

  const all = () => document.querySelectorAll<Thread>(tag);
  Object.assign(window, {
    Sayso: {
      version: __VERSION__,
      mount(target: Element, options: Record<string, string> = {}) {
        const element = document.createElement(tag);
        for (const [name, value] of Object.entries(options)) element.setAttribute(name, value);
        target.append(element);
        return element;
      },
      unmount: (element: Element) => element.remove(),
      setToken: (source: TokenSource) => all().forEach((element) => element.useToken(source)),
      refreshCounts: (root: ParentNode = document) => refreshCounts(root, origin),
    },
  });
  const ready = () => {
    void refreshCounts(document, origin);
    if (document.querySelector('[data-live] [data-comment-count], [data-live][data-comment-count]'))
      core().then(({ watchCounts }) => watchCounts(origin), warn);
  };
  if (document.readyState === 'loading') addEventListener('DOMContentLoaded', ready);
  else ready();
  addEventListener('sayso:count', (event) => {
    const { article, count } = (event as CustomEvent<{ article: string; count: number }>).detail; // ours
    for (const badge of document.querySelectorAll<HTMLElement>('[data-comment-count]'))
      if (badge.dataset.commentCount === article) badge.textContent = count ? `${count}` : '';
  });
}

if (script?.dataset.site) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(script.dataset))
    element.setAttribute(
      name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`),
      value ?? '',
    );
  script.after(element);
}
