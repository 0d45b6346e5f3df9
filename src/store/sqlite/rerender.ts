import type { Database } from './driver.js';

/** The present rules for text. */
export interface Renderer {
  readonly policy: number;
  /** What stored HTML becomes under them, and what a reader sees of it. */
  clean(html: string): { readonly html: string; readonly text: string };
}

/**
 * Brings one batch of comments of an older policy to the present one, in one transaction: what was
 * cut off goes on where it stopped. Returns how many there were; 0: all are done.
 */
export function rerenderBatch(db: Database, renderer: Renderer, size = 100): number {
  return inTransaction(db, () => {
    const rows = db.all(
      'select id, html from comments where policy < ? limit ?',
      renderer.policy,
      size,
    );
    for (const row of rows) {
      const { html, text } = renderer.clean(String(row['html']));
      db.run(update, html, text, renderer.policy, String(row['id']));
    }
    return rows.length;
  });
}

/** The same for texts before an edit, which carry no policy: all are looked at. Returns how many changed. */
export function rerenderEarlier(db: Database, renderer: Renderer): number {
  return inTransaction(db, () => {
    const rows = db.all('select comment_id, version, html from earlier_texts');
    const changed = rows.filter((row) => renderer.clean(String(row['html'])).html !== row['html']);
    for (const row of changed) {
      const { html } = renderer.clean(String(row['html']));
      db.run(updateEarlier, html, row['comment_id'] ?? null, row['version'] ?? null);
    }
    return changed.length;
  });
}

const update = 'update comments set html = ?, text = ?, policy = ? where id = ?';
const updateEarlier = 'update earlier_texts set html = ? where comment_id = ? and version = ?';

function inTransaction<T>(db: Database, work: () => T): T {
  db.exec('begin immediate');
  try {
    const result = work();
    db.exec('commit');
    return result;
  } catch (error) {
    db.exec('rollback');
    throw error;
  }
}
