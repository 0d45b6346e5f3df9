/** An arrow up: a vote. Strokes of 1.5 px in the colour of the words. */
export const Up = () => (
  <svg viewBox="0 0 16 16" width="16" height="16" aria-hidden="true">
    <path d="M8 13V3.5M3.5 8 8 3.5 12.5 8" />
  </svg>
);

/** A small arrow down: there is a menu. */
export const Down = () => (
  <svg viewBox="0 0 16 16" width="16" height="16" aria-hidden="true">
    <path d="M4.5 6.5 8 10l3.5-3.5" />
  </svg>
);
