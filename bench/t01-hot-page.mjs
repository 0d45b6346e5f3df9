import { closedLoop, open, readAnswer, requestText } from './lib/http-load.mjs';
import { prepareHotPage } from './parts/hot-page.mjs';

const path = '/api/v1/sites/bench/articles/a0/comments?sort=newest&limit=50';

export const benchmark = {
  id: 'T1',
  title: 'GET of a hot page of 50 comments',
  units: { 'hello (raw http)': 'req/s', 'page, gzip': 'req/s', 'page, plain': 'req/s' },
  goals: [{ of: 'page, gzip', to: 'hello (raw http)', least: 0.8 }],
  async prepare() {
    const { server, hello, close } = await prepareHotPage();
    const client = await open(server.url);
    const { status, body } = readAnswer(await client.send(requestText('GET', path)));
    if (status !== 200 || JSON.parse(body).items.length !== 50) throw new Error('Not the page.');
    client.close();
    const rate = async (url, text) => {
      const load = { connections: 32, ms: 3_000, next: () => text, status: 200 };
      const { perSecond, odd } = await closedLoop(url, load);
      if (odd > 0) throw new Error(`${odd} answers were no 200.`);
      return perSecond;
    };
    return {
      measures: {
        'hello (raw http)': () => rate(hello.url, requestText('GET', '/')),
        'page, gzip': () =>
          rate(server.url, requestText('GET', path, { 'Accept-Encoding': 'gzip' })),
        'page, plain': () => rate(server.url, requestText('GET', path)),
      },
      close,
    };
  },
};
