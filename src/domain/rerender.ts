import type { ThreadStore } from './ports.js';
import { plainText } from './text/plain.js';
import { policyVersion } from './text/render.js';
import { sanitize } from './text/sanitize.js';

/** Rows read at a time. */
const pageSize = 64;

/**
 * Brings stored texts of older policies to the present one, as changes of their threads, so that
 * kept pages and connected readers follow. What was cut off goes on where it stopped. `progress`
 * hears how many are done; resolves to how many there were.
 */
export async function rerenderAll(
  threads: ThreadStore,
  progress: (done: number) => void,
): Promise<number> {
  let done = 0;
  let after = '';
  for (;;) {
    const rows = await threads.readOutdated(policyVersion, after, pageSize);
    await Promise.all(
      rows.map(({ site, article, id, source, html }) => {
        const clean = sanitize(html);
        const policy = policyVersion;
        const text = plainText(clean);
        return threads.write(
          { site, article },
          { type: 'rerender', id, source, html: clean, text, policy },
        );
      }),
    );
    done += rows.length;
    progress(done);
    const last = rows.at(-1);
    if (last === undefined) return done;
    after = last.id;
  }
}
