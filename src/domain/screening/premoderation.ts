import { hold, isKnown, pass, type Check } from './screening.js';

/** Holds everything where a thread or site asks for it (mode `all`), and the first comments of an author in mode `first`. */
export const checkPremoderation: Check = (subject) => {
  switch (subject.mode) {
    case 'all':
      return hold('premoderation', 'Here every comment is read before it appears.');
    case 'first':
      return isKnown(subject)
        ? pass
        : hold('premoderation', 'The first comments of an author are read before they appear.');
    case 'open':
    case 'links':
      return pass;
  }
};
