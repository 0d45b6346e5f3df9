/** The drawn article of a comment. */
export const articleIn = (root: ShadowRoot, id: string | undefined): HTMLElement | null =>
  root.querySelector<HTMLElement>(`article[data-id="${CSS.escape(id ?? '')}"]`);
