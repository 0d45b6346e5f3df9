import type { Comment } from './comment.js';

/** Bytes of a view without an author's name, a text and an article's id, rather too many than too few. */
const bareBytes = 640;

/** Bytes of what tells numbers alone, of a tombstone and of a row that is gone, rather too many than too few. */
export const numbersBytes = 320;

/** Bytes that a row takes in a frame or an answer of `changes`, rather too many than too few. */
export const viewBytes = ({
  status,
  article,
  author,
  html,
}: Pick<Comment, 'status' | 'article' | 'author' | 'html'>): number =>
  status === 'approved'
    ? bareBytes + Buffer.byteLength(JSON.stringify([article, author, html]))
    : numbersBytes;
