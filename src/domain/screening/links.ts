import { countLinks } from '../text/links.js';
import { hold, isKnown, pass, refuse, type Check } from './screening.js';

/**
 * Of an author who is not known yet, holds a comment with a link and refuses one with more than two; of a known
 * author, holds more than five. A site that publishes at once (mode `open`) does without.
 */
export const checkLinks: Check = (subject) => {
  if (subject.mode === 'open') return pass;
  const links = countLinks(subject.html);
  if (isKnown(subject)) {
    return links > maxOfKnown
      ? hold('links', `The comment has more than ${String(maxOfKnown)} links.`)
      : pass;
  }
  if (links > maxOfNew) {
    return refuse('links', `A new author’s comment can have ${String(maxOfNew)} links at most.`);
  }
  return links > 0 ? hold('links', 'The comment of a new author has a link.') : pass;
};

const maxOfKnown = 5;
const maxOfNew = 2;
