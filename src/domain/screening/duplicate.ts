import { createHash } from 'node:crypto';
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

/**
 * The same for texts that look the same: case, spaces, look-alikes and the queries of addresses
 * do not count. Null where nothing is left to tell texts apart by.
 */
export function fingerprintOf(text: string): string | null {
  const words = text
    .split(/\s+/u)
    .map((word) => (isAddress(word) ? word.replace(/[?#].*$/su, '') : word));
  const look = skeleton(words.join(''));
  if (look === '') return null;
  return createHash('sha256').update(look).digest('base64url').slice(0, 22);
}

const isAddress = (word: string): boolean => /^\W{0,8}(?:https?:|www\.)/iu.test(word);

const maxSameOnSite = 3;
const shortChars = 16;

function isShort(text: string): boolean {
  return text.length < shortChars && skeleton(text).length < shortChars;
}
