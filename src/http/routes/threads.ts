import type { HttpDeps } from '../deps.js';
import type { LongPoll } from '../long-poll.js';
import type { Handlers } from '../mount.js';

type Reads = 'getThread' | 'getMine' | 'listComments' | 'getComment' | 'getContext' | 'getChanges';

/** Calls that read threads, and the announcement of an article. */
export const threadRoutes = ({
  threads,
  longPoll,
}: Pick<HttpDeps, 'threads'> & { readonly longPoll: LongPoll }): Pick<
  Handlers,
  Reads | 'announceThread' | 'getCounts'
> => ({
  getThread: async ({ params }) => ({ body: await threads.view(params) }),
  announceThread: async ({ actor, params, body }) => {
    const { thread, created } = await threads.announce(actor, params, body);
    return { body: thread, status: created ? 201 : 200 };
  },
  getMine: async ({ actor, params, query }) => ({
    body: await threads.mine(actor, params, query.repliesSince ?? null),
  }),
  listComments: async ({ params, query: { sort, limit, cursor = null, parent } }) => ({
    body:
      parent === undefined
        ? await threads.page(params, { sort, limit, cursor })
        : await threads.branch(params, { parentId: parent, limit, cursor }),
  }),
  getComment: async ({ actor, params }) => ({
    body: await threads.comment(actor, params, params.id),
  }),
  getContext: async ({ params }) => ({ body: await threads.context(params, params.id) }),
  getChanges: async ({ params, query: { since, limit, wait }, bucket, signal }) => ({
    body: await longPoll.changes({ thread: params, since, limit, seconds: wait, bucket, signal }),
  }),
  getCounts: async ({ params, query }) => ({
    body: await threads.counts(params.site, query.articles),
  }),
});
