/** Waits for a condition, looking every few ms; fails loudly with `what` after `withinMs`. */
export async function until(
  condition: () => boolean | Promise<boolean>,
  what: string | (() => string) = 'a condition',
  withinMs = 10_000,
): Promise<void> {
  const deadline = Date.now() + withinMs;
  while (!(await condition())) {
    if (Date.now() > deadline) {
      throw new Error(
        `Waited ${String(withinMs)} ms for ${typeof what === 'string' ? what : what()}.`,
      );
    }
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}
