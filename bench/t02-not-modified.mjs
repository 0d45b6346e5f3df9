import { open, readAnswer, requestText } from './lib/http-load.mjs';
import { measure, prepareHotPage } from './parts/hot-page.mjs';

const path = '/api/v1/sites/bench/articles/a0/comments?sort=newest&limit=50';

export const benchmark = {
  id: 'T2',
  title: '304 on a hot page',
  units: {
    'raw http hello': 'req/s',
    'raw http hello, CPU': 'µs',
    'not modified': 'req/s',
    'not modified, CPU': 'µs',
  },
  goals: [{ of: 'not modified', to: 'raw http hello', least: 0.95 }],
  async prepare() {
    const { server, hello, close } = await prepareHotPage();
    const client = await open(server.url);
    const { head } = readAnswer(await client.send(requestText('GET', path)));
    client.close();
    const etag = /etag: (.+)/i.exec(head)?.[1]?.trim();
    const text = requestText('GET', path, { 'If-None-Match': etag });
    return {
      measures: {
        hello: () => measure('raw http hello', hello, requestText('GET', '/'), 200),
        'not modified': () => measure('not modified', server, text, 304),
      },
      close,
    };
  },
};
