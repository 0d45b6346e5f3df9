/** Writes times for readers of one language. Both take epoch ms. */
export interface Clockwork {
  /** "4 minutes ago" within the hour, "19:31" today, else the date; '' under 45 seconds. */
  short(at: number, now: number): string;
  /** The date and time in full. */
  full(at: number): string;
}

/** A 24 hour clock but for English of the United States and its kin, as their readers expect. */
export function createClockwork(lang: string): Clockwork {
  const hour = /^en/.test(lang) ? {} : ({ hourCycle: 'h23' } as const);
  const relative = new Intl.RelativeTimeFormat(lang, { numeric: 'always' });
  const write = (options: Intl.DateTimeFormatOptions) => new Intl.DateTimeFormat(lang, options);
  const clock = write({ hour: '2-digit', minute: '2-digit', ...hour });
  const day = write({ day: 'numeric', month: 'long', hour: '2-digit', minute: '2-digit', ...hour });
  const date = write({ day: 'numeric', month: 'long', year: 'numeric' });
  const full = write({ dateStyle: 'long', timeStyle: 'short', ...hour });
  return {
    full: (at) => full.format(at),
    short(at, now) {
      const seconds = Math.max(0, now - at) / 1000; // a clock that is ahead shows no future
      if (seconds < 45) return '';
      if (seconds < 3570) return relative.format(-Math.max(1, Math.round(seconds / 60)), 'minute');
      const [then, today] = [new Date(at), new Date(now)];
      if (then.toDateString() === today.toDateString()) return clock.format(at);
      return (then.getFullYear() === today.getFullYear() ? day : date).format(at);
    },
  };
}
