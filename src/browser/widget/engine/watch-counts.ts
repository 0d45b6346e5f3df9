import { siteOf, writeCounts } from '../../embed/counts.js';
import type { Wire } from './wire.js';

/** Keeps the badges below elements marked `data-live` in step: one subscription a site. */
export function watchBadges(wireOf: (site: string) => Wire): void {
  const badges = [
    ...document.querySelectorAll<HTMLElement>(
      '[data-live] [data-comment-count], [data-comment-count][data-live]',
    ),
  ];
  for (const site of new Set(badges.map(siteOf))) {
    const ours = badges.filter((badge) => siteOf(badge) === site);
    const articles = [...new Set(ours.map((badge) => badge.dataset.commentCount ?? ''))].slice(
      0,
      100,
    );
    const wire = wireOf(site);
    const watch = async () => {
      // The acknowledgement of the typed event; a refusal leaves the badges as they are.
      const answer = (await wire.send('counts:watch', { site, articles }).catch(() => ({}))) as {
        counts?: Record<string, number>;
      };
      if (answer.counts) writeCounts(ours, answer.counts);
    };
    wire.on('counts:changed', (event) => {
      if (event.site === site) writeCounts(ours, event.counts);
    });
    wire.onState((state) => {
      if (state === 'open') void watch();
    });
    if (wire.state() === 'open') void watch();
  }
}
