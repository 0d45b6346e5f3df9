/** Says things through the page's one polite region. */
export interface Announcer {
  say(text: string): void;
}

const slot = 'sayso-live';

/**
 * The region is made once a page, empty, as a light-DOM child of the first box (in a slot that
 * hides it from view): a region that is born with its text is not read out.
 */
export function createAnnouncer(host: Element, lang: string): Announcer {
  const region = () => {
    const found = document.querySelector(`[slot="${slot}"]`);
    if (found) return found;
    const made = document.createElement('div');
    made.slot = slot;
    made.lang = lang;
    made.setAttribute('role', 'status');
    made.setAttribute('aria-live', 'polite');
    host.append(made);
    return made;
  };
  region();
  return {
    say(text) {
      const target = region();
      // The same words again are read again only if they change.
      target.textContent = target.textContent === text ? `${text}\u00a0` : text;
    },
  };
}
