/**
 * Milliseconds to wait before attempt `n` (0 = the first repeat): full jitter between nothing and
 * a ceiling that doubles up to `capMs`, so that many clients never come back at once.
 */
export const backoffMs = (n: number, baseMs: number, capMs: number, random: () => number): number =>
  random() * Math.min(capMs, baseMs * 2 ** n);

/** Resolves after `ms`, or at once when the signal ends the wait. */
export const pause = (ms: number, signal?: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    const timer = setTimeout(resolve, ms);
    signal?.addEventListener('abort', () => {
      clearTimeout(timer);
      resolve();
    });
  });
