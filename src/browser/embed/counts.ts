const max = 100; // limits.countedArticles, without the import: the loader counts every byte

/**
 * Fills every `[data-comment-count]` below `root`; the site is on the badge, above it, or on the
 * page's thread. Ids are sorted and asked for 100 at a time, so that pages share cached answers.
 */
export async function refreshCounts(root: ParentNode, origin: string): Promise<void> {
  const badges = [...root.querySelectorAll<HTMLElement>('[data-comment-count]')];
  for (const site of new Set(badges.map(siteOf))) {
    const group = badges.filter((badge) => siteOf(badge) === site);
    const ids = [...new Set(group.map((badge) => badge.dataset.commentCount ?? ''))].sort();
    for (let i = 0; i < ids.length; i += max) {
      const list = ids
        .slice(i, i + max)
        .map(encodeURIComponent)
        .join(',');
      const url = `${origin}/api/v1/sites/${site}/counts?articles=${encodeURIComponent(list)}`;
      const answer = await fetch(url, { credentials: 'omit', referrerPolicy: 'origin' }).catch(
        () => undefined,
      );
      if (!answer?.ok) continue; // badges stay empty
      // Our own server's answer.
      const { counts } = (await answer.json()) as { counts: Record<string, number> };
      writeCounts(group, counts);
    }
  }
}

/** Writes known counts into badges; nothing is written for none. */
export function writeCounts(badges: Iterable<HTMLElement>, counts: Record<string, number>): void {
  for (const badge of badges) {
    const count = counts[badge.dataset.commentCount ?? ''];
    if (count !== undefined) badge.textContent = count ? `${count}` : '';
  }
}

/** The site that a badge counts for. */
export const siteOf = (badge: HTMLElement): string =>
  badge.closest<HTMLElement>('[data-site]')?.dataset.site ??
  document.querySelector('sayso-thread')?.getAttribute('site') ??
  '';
