import type { MessageKey } from '../../locales/en.js';
import type { Say } from '../../shared/i18n.js';
import type { Arrival } from './thread-state.js';

/** Arrivals are said together, and no more often than every 10 s. */
export function createSpeech(say: Say<MessageKey>, announce: (text: string) => void) {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let last = 0;
  let count = 0;
  return (arrival: Arrival) => {
    if (arrival.kind === 'first') return announce(say('firstFrom', { name: arrival.name }));
    if (arrival.kind === 'answer') return announce(say('repliedToYou', { name: arrival.name }));
    if (arrival.kind === 'published') return announce(say('published'));
    count = arrival.count;
    timer ??= setTimeout(
      () => {
        timer = undefined;
        last = Date.now();
        announce(say('newComments', { n: count }));
      },
      Math.max(1_500, last + 10_000 - Date.now()),
    );
    return undefined;
  };
}
