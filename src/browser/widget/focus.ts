/** The drawn article of a comment. */
export const articleIn = (root: ShadowRoot, id: string | undefined): HTMLElement | null =>
  root.querySelector<HTMLElement>(`article[data-id="${CSS.escape(id ?? '')}"]`);

/** Preact draws in a microtask: a later one finds everything drawn, and no frame in between. */
export const afterDrawing = (action: () => void): void => void Promise.resolve().then(action);
