import type { Clock } from '../../src/domain/ports.js';

/** A clock that stands still until it is moved. */
export interface ManualClock extends Clock {
  advance(ms: number): void;
  set(at: number): void;
}

/** Stands at 2026-11-23T12:00:00Z unless told otherwise (epoch ms). */
export function createClock(at = Date.UTC(2026, 10, 23, 12)): ManualClock {
  let now = at;
  return {
    now: () => now,
    advance: (ms) => {
      now += ms;
    },
    set: (to) => {
      now = to;
    },
  };
}
