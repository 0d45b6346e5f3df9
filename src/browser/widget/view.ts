import type { Box } from './box.js';
import type { Draft } from './rows.js';

/** The box with the moves that also carry the focus. */
export interface View extends Box {
  /** Sends a comment or a reply, closes its composer, and goes to what was written. */
  submit(source: string, name: string, parentId: string | null): void;
  /** Takes a failed draft back into a composer. */
  editDraft(draft: Draft): void;
  /** Shows what waits behind a pill and goes to the first of it. */
  reveal(parentId: string | null): void;
  showMore(): Promise<void>;
  showReplies(rootId: string): Promise<void>;
  /** Closes what is open below a comment and goes back to the button that opened it. */
  closeMode(id: string, act: 'reply' | 'edit'): void;
  /** Deletes an own comment and goes on to what stands after it. */
  erase(id: string): Promise<void>;
}

/** Focus goes to articles by their id in the drawn tree, after the drawing. */
export function createView(box: Box, root: ShadowRoot): View {
  const { store } = box;
  const article = (id: string | undefined) =>
    root.querySelector<HTMLElement>(`article[data-id="${CSS.escape(id ?? '')}"]`);
  const afterDrawing = (action: () => void) => void setTimeout(action);
  const goTo = (id: string | undefined) => afterDrawing(() => article(id)?.focus());

  return {
    ...box,
    submit(source, name, parentId) {
      if (parentId === null) store.set('composing', null);
      else {
        store.set(`mode:${parentId}`, null);
        store.set(`text:${parentId}`, '');
      }
      goTo(box.outbox.post(source, name, parentId));
    },
    editDraft(draft) {
      box.discard(draft.id);
      if (draft.parentId === null) store.set('composing', draft.source);
      else {
        store.set(`text:${draft.parentId}`, draft.source);
        store.set(`mode:${draft.parentId}`, 'reply');
      }
    },
    reveal: (parentId) => goTo(box.state.reveal(parentId)[0]),
    async showMore() {
      goTo((await box.loadMore())[0]);
    },
    async showReplies(rootId) {
      goTo((await box.loadReplies(rootId))[0]);
    },
    closeMode(id, act) {
      store.set(`mode:${id}`, null);
      afterDrawing(() => article(id)?.querySelector<HTMLElement>(`[data-act=${act}]`)?.focus());
    },
    async erase(id) {
      const all = [...root.querySelectorAll<HTMLElement>('article')];
      const next = all[all.findIndex((each) => each.dataset.id === id) + 1];
      await box.remove(id);
      const heading = root.querySelector<HTMLElement>('[part=heading]');
      afterDrawing(() => (article(id) ?? (next?.isConnected ? next : heading))?.focus());
    },
  };
}
