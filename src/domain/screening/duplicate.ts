import { skeleton } from '../text/unicode.js';
import { hold, pass, refuse, type Check } from './screening.js';

/**
 * Refuses what the same person wrote within 5 minutes, and holds what stands on the site three times within the hour
 * already. Texts are the same when they look the same (the fingerprint); a short "thanks" may be said by many.
 */
export const checkDuplicate: Check = ({ text, history }) => {
  if (history.sameByAuthor > 0)
    return refuse('duplicate', 'You have written the same just before.');
  if (history.sameOnSite < maxSameOnSite || isShort(text)) return pass;
  return hold('duplicate', 'The same text was posted several times within the hour.');
};

const maxSameOnSite = 3;
const shortChars = 16;

function isShort(text: string): boolean {
  return text.length < shortChars && skeleton(text).length < shortChars;
}
