import type { Box, Engine, View, Writer } from './model.js';
import { afterDrawing, articleIn } from './focus.js';

/** Focus goes to articles by their id in the drawn tree, after the drawing. */
export function createView(box: Box, root: ShadowRoot): View {
  const { store, parts } = box;
  let engine: Promise<Engine> | undefined;
  let writing: Promise<Writer> | undefined;
  const goTo = (id: string | undefined) => afterDrawing(() => articleIn(root, id)?.focus());
  const start = async () => {
    const { startEngine } = await import('./engine/parts.js');
    const started = startEngine(box, root);
    parts.engine = started;
    return started;
  };
  const follow = () => {
    parts.engine?.rejoin();
    engine ??= start();
    engine.catch(() => (engine = undefined)); // the next one to ask tries again
    return engine;
  };
  const loadWriter = async () => {
    const [{ createWriter }, started] = await Promise.all([
      import('./writing/writing.js'),
      engine ?? follow(),
    ]);
    const writer = createWriter(box, started, root);
    parts.writer = writer;
    store.set('parts', 1);
    return writer;
  };

  return {
    ...box,
    follow,
    useToken: (source) => void engine?.then(({ sessions }) => sessions.use(source)),
    reveal: (parentId) => goTo(parts.engine?.state.reveal(parentId)[0]),
    async showMore() {
      goTo((await box.loadMore())[0]);
    },
    async showReplies(rootId) {
      goTo((await box.loadReplies(rootId))[0]);
    },
    write(action) {
      const here = parts.writer;
      if (here) return action?.(here);
      writing ??= loadWriter();
      writing.then(action, () => {
        writing = undefined; // the next hand tries again
        if (action) store.set('connection', 'lost');
      });
    },
  };
}
