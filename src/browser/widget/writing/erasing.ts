import { afterDrawing, articleIn } from '../focus.js';
import type { Acts, Box, Engine } from '../model.js';

/** Deletions that may still be called back. */
export interface Erasing {
  begin(id: string): void;
  end(id: string): void;
}

/** Milliseconds in which a deletion can be called back. */
const undoMs = 8_000;

/** Deletes after a while without asking first; who leaves the page before has meant it. */
export function createErasing(box: Box, engine: Engine, acts: Acts, root: ShadowRoot): Erasing {
  const { store } = box;
  const waiting = new Map<string, ReturnType<typeof setTimeout>>();
  const focus = (id: string, selector: string) =>
    afterDrawing(() => articleIn(root, id)?.querySelector<HTMLElement>(selector)?.focus());

  const send = async (id: string) => {
    const article = articleIn(root, id);
    const held = article?.contains(root.activeElement);
    const all = [...root.querySelectorAll<HTMLElement>('article')];
    const next = all[all.findIndex((each) => each === article) + 1];
    stop(id);
    store.set(`mode:${id}`, 'erasing');
    try {
      await acts.remove(id);
    } catch {
      store.set(`mode:${id}`, null);
      return engine.announce(box.say('trouble'));
    }
    const heading = root.querySelector<HTMLElement>('[part=heading]');
    if (held) (next?.isConnected ? next : heading)?.focus();
  };
  const stop = (id: string) => {
    clearTimeout(waiting.get(id));
    waiting.delete(id);
  };
  const leave = () => {
    for (const id of waiting.keys()) void send(id);
  };
  addEventListener('pagehide', leave, { signal: box.ended });

  return {
    begin(id) {
      store.set(`mode:${id}`, 'erased');
      waiting.set(
        id,
        setTimeout(() => void send(id), undoMs),
      );
      focus(id, '.undo');
    },
    end(id) {
      stop(id);
      store.set(`mode:${id}`, null);
      focus(id, '[data-act=delete]');
    },
  };
}
