import { afterDrawing, articleIn } from '../focus.js';
import type { Box, Engine, Writer } from '../model.js';
import { createActs } from './acts.js';
import { createErasing } from './erasing.js';
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
  const focus = (selector: string, within: ParentNode | null = root) =>
    afterDrawing(() => within?.querySelector<HTMLElement>(selector)?.focus());

  const erasing = createErasing(box, engine, acts, root);
  const draftKey = (parentId: string | null) => `draft:${parentId ?? box.settings.article}`;
  /** The reader has acted: what was kept still from before the first comment may move. */
  const closeRoot = () => {
    const top = root.querySelector<HTMLElement>('.top');
    delete top?.dataset.height;
    top?.style.removeProperty('min-block-size');
    store.set('composing', null);
  };

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
    kept: (parentId) => {
      const text = engine.storage.read(draftKey(parentId));
      return typeof text === 'string' ? text : '';
    },
    keep(parentId, text) {
      if (text) engine.storage.write(draftKey(parentId), text);
      else engine.storage.remove(draftKey(parentId));
    },
    submit(source, name, parentId) {
      engine.storage.remove(draftKey(parentId));
      if (parentId === null) closeRoot();
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
        closeRoot();
        return focus('[part=cta]');
      }
      const act = store.get(`mode:${id}`);
      store.set(`mode:${id}`, null);
      focus(`[data-act=${act}]`, articleIn(root, id));
    },
    erase: erasing.begin,
    unerase: erasing.end,
  };
}
