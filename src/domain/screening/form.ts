import { hold, pass, type Check } from './screening.js';

/** Holds what is far taller than it is worth: more than 200 lines. Length and visibility were checked by `renderText`. */
export const checkForm: Check = ({ text }) => {
  const lines = text.split('\n').length;
  return lines > maxLines
    ? hold('form', `The comment has more than ${String(maxLines)} lines.`)
    : pass;
};

const maxLines = 200;
