import { open, requestText } from './lib/http-load.mjs';
import { openViewers } from './lib/viewers.mjs';
import { prepareHotPage } from './parts/hot-page.mjs';
import { percentile } from './parts/rooms.mjs';

const path = '/api/v1/sites/bench/articles/a0/comments?sort=newest&limit=50';
const tries = 1_000;

export const benchmark = {
  id: 'T11',
  title: 'catch-up of 50 missed changes at a join, p99',
  units: { 'join with 50 missed': 'ms', 'GET of the page': 'ms' },
  goals: [{ of: 'join with 50 missed', to: 'GET of the page', most: 3 }],
  async prepare() {
    const { server, close } = await prepareHotPage();
    const client = await open(server.url);
    const join = ['thread:join', { site: 'bench', article: 'a0', since: 0 }];
    const crowd = await openViewers(server.url, { count: 1, join });
    const [viewer] = crowd.viewers;
    if (viewer.joined < 20_000) throw new Error('Not the changes.');
    const timed = async (once) => {
      const times = [];
      for (let i = 0; i < tries; i += 1) {
        const began = performance.now();
        await once(i);
        times.push(performance.now() - began);
      }
      return percentile(times, 0.99);
    };
    return {
      measures: {
        'join with 50 missed': () =>
          timed(
            () =>
              new Promise((resolve) => {
                viewer.onAnswer = resolve;
                viewer.send(`42/threads,2${JSON.stringify(join)}`);
              }),
          ),
        'GET of the page': () => timed(() => client.send(requestText('GET', path))),
      },
      close: async () => {
        crowd.close();
        client.close();
        await close();
      },
    };
  },
};
