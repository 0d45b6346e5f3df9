/**
 * Runs a change of the lists and then scrolls by as much as the first visible comment moved, in
 * the same frame: nothing that the reader sees moves. The browser's own scroll anchoring is off
 * in the box (`overflow-anchor`), so that the two never add up.
 */
export function keepSteady(root: ShadowRoot, change: () => void): void {
  const anchor = firstVisible(root);
  const before = anchor?.getBoundingClientRect().top;
  change();
  if (!anchor || before === undefined) return;
  // Preact draws in a microtask; a later one still runs before the next paint.
  void Promise.resolve()
    .then(() => undefined)
    .then(() => {
      const moved = anchor.isConnected ? anchor.getBoundingClientRect().top - before : 0;
      if (Math.abs(moved) >= 0.5)
        scrollerOf(root.host).scrollBy({ top: moved, behavior: 'instant' });
    });
}

/** The first comment of which something shows, if the box's own top is out of view above it. */
function firstVisible(root: ShadowRoot): Element | undefined {
  const scroller = scrollerOf(root.host);
  const top = scroller === document.scrollingElement ? 0 : scroller.getBoundingClientRect().top;
  if (root.host.getBoundingClientRect().top >= top) return undefined;
  for (const element of root.querySelectorAll('article')) {
    const box = element.getBoundingClientRect();
    if (box.bottom > top) return element;
  }
  return undefined;
}

/** The nearest ancestor that scrolls: a page's own, or a pane's. */
export function scrollerOf(element: Element): Element {
  for (let at = element.parentElement; at; at = at.parentElement) {
    if (at === document.body || at === document.documentElement) break;
    if (/auto|scroll/.test(getComputedStyle(at).overflowY)) return at;
  }
  return document.scrollingElement ?? document.documentElement;
}
