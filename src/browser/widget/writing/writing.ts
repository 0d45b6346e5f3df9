import { articleIn } from '../focus.js';
import type { Box, Engine, Writer } from '../model.js';
import { createActs } from './acts.js';
import { Edit, Reply, Root } from './compose.js';
import { DraftNote } from './draft-note.js';
import { createOutbox } from './outbox.js';
import css from './writing.css';

const sheet = new CSSStyleSheet();
sheet.replaceSync(css);

/** The writing part of one box. */
export function createWriter(box: Box, engine: Engine, root: ShadowRoot): Writer {
  const { store } = box;
  root.adoptedStyleSheets.push(sheet);
  const acts = createActs(box, engine);
  const outbox = createOutbox(box, engine);
  const afterDrawing = (action: () => void) => void setTimeout(action);
  const focus = (selector: string, within: ParentNode | null = root) =>
    afterDrawing(() => within?.querySelector<HTMLElement>(selector)?.focus());

  return {
    ...acts,
    Root,
    Reply,
    Edit,
    DraftNote,
    name() {
      const name = engine.sessions.user()?.name ?? '';
      return name === box.say('guest') ? '' : name;
    },
    retry: outbox.retry,
    discard: outbox.discard,
    submit(source, name, parentId) {
      if (parentId === null) store.set('composing', null);
      else {
        store.set(`mode:${parentId}`, null);
        store.set(`text:${parentId}`, '');
      }
      const id = outbox.post(source, name, parentId);
      afterDrawing(() => articleIn(root, id)?.focus());
    },
    rewrite(draft) {
      outbox.discard(draft);
      if (draft.parentId === null) store.set('composing', draft.source);
      else {
        store.set(`text:${draft.parentId}`, draft.source);
        store.set(`mode:${draft.parentId}`, 'reply');
      }
    },
    close(id) {
      if (id === null) {
        store.set('composing', null);
        return focus('[part=cta]');
      }
      const act = store.get(`mode:${id}`);
      store.set(`mode:${id}`, null);
      focus(`[data-act=${act}]`, articleIn(root, id));
    },
    async erase(id) {
      const all = [...root.querySelectorAll<HTMLElement>('article')];
      const next = all[all.findIndex((each) => each.dataset.id === id) + 1];
      try {
        await acts.remove(id);
      } catch {
        return engine.announce(box.say('trouble'));
      }
      const heading = root.querySelector<HTMLElement>('[part=heading]');
      afterDrawing(() => (articleIn(root, id) ?? (next?.isConnected ? next : heading))?.focus());
    },
  };
}
