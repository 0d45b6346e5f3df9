import { open, readAnswer, requestText } from './lib/http-load.mjs';
import { measure, prepareHotPage } from './parts/hot-page.mjs';

const path = '/api/v1/sites/bench/articles/a0/comments?sort=newest&limit=50';

export const benchmark = {
  id: 'T1',
  title: 'GET of a hot page of 50 comments',
  units: {
    'raw http hello': 'req/s',
    'raw http hello, CPU': 'µs',
    'page, gzip': 'req/s',
    'page, gzip, CPU': 'µs',
    'page, plain': 'req/s',
    'page, plain, CPU': 'µs',
  },
  goals: [{ of: 'page, gzip', to: 'raw http hello', least: 0.8 }],
  async prepare() {
    const { server, hello, close } = await prepareHotPage();
    const client = await open(server.url);
    const { status, body } = readAnswer(await client.send(requestText('GET', path)));
    if (status !== 200 || JSON.parse(body).items.length !== 50) throw new Error('Not the page.');
    client.close();
    const gzip = requestText('GET', path, { 'Accept-Encoding': 'gzip' });
    return {
      measures: {
        hello: () => measure('raw http hello', hello, requestText('GET', '/'), 200),
        gzip: () => measure('page, gzip', server, gzip, 200),
        plain: () => measure('page, plain', server, requestText('GET', path), 200),
      },
      close,
    };
  },
};
