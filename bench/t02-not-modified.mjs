import { closedLoop, open, readAnswer, requestText } from './lib/http-load.mjs';
import { prepareHotPage } from './parts/hot-page.mjs';

const path = '/api/v1/sites/bench/articles/a0/comments?sort=newest&limit=50';

export const benchmark = {
  id: 'T2',
  title: '304 on a hot page',
  units: { 'hello (raw http)': 'req/s', 'not modified': 'req/s' },
  goals: [{ of: 'not modified', to: 'hello (raw http)', least: 0.95 }],
  async prepare() {
    const { server, hello, close } = await prepareHotPage();
    const client = await open(server.url);
    const { head } = readAnswer(await client.send(requestText('GET', path)));
    const etag = /etag: (.+)/i.exec(head)?.[1]?.trim();
    client.close();
    const rate = async (url, text, status) => {
      const load = { connections: 32, ms: 3_000, next: () => text, status };
      const { perSecond, odd } = await closedLoop(url, load);
      if (odd > 0) throw new Error(`${odd} answers were no ${status}.`);
      return perSecond;
    };
    return {
      measures: {
        'hello (raw http)': () => rate(hello.url, requestText('GET', '/'), 200),
        'not modified': () =>
          rate(server.url, requestText('GET', path, { 'If-None-Match': etag }), 304),
      },
      close,
    };
  },
};
