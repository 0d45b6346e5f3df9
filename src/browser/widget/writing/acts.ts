import type { CommentView, VoteResult } from '../../../contract/comment.js';
import type { Acts, Box, Engine } from '../model.js';
import { isComment } from '../rows.js';

/** Acts in the reader's name; who votes without a name becomes a nameless guest. */
export function createActs(box: Box, engine: Engine): Acts {
  const { store } = box;
  const { sessions, follower } = engine;
  const path = (id: string) => `${box.path}/comments/${id}`;
  const number = (id: string, numbers: Partial<Pick<CommentView, 'up' | 'down' | 'score'>>) => {
    const row = store.get(`row:${id}`);
    if (isComment(row)) store.set(`row:${id}`, { ...row, ...numbers });
  };
  return {
    async edit(id, source) {
      const body = { source };
      follower.own([await sessions.send<CommentView>({ method: 'PATCH', path: path(id), body })]);
      box.emit('edit', { id });
    },
    async remove(id) {
      await sessions.send({ method: 'DELETE', path: path(id), keepalive: true });
      box.emit('delete', { id });
    },
    async vote(id) {
      const row = store.get(`row:${id}`);
      if (!isComment(row)) return;
      const was = store.get(`vote:${id}`) ?? 0;
      const value = was === 1 ? 0 : 1;
      store.set(`vote:${id}`, value);
      number(id, { up: row.up + value - Math.max(0, was) });
      try {
        await sessions.open(box.say('guest'));
        const call = { method: 'PUT', path: `${path(id)}/vote`, body: { value } } as const;
        const { mine, ...numbers } = await sessions.send<VoteResult>(call);
        store.set(`vote:${id}`, mine);
        number(id, numbers);
        box.emit('vote', { id, value });
      } catch {
        store.set(`vote:${id}`, was);
        number(id, { up: row.up });
        engine.announce(box.say('trouble'));
      }
    },
  };
}
