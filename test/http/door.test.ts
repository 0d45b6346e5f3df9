import { createDoor } from '../../src/http/door.js';
import { createHttpServer, drain, listen } from '../../src/http/http-server.js';
import { Problem } from '../../src/contract/errors.js';
import { createClient } from '../helpers/client.js';

describe('the door', () => {
  it('tells who comes before the app to come back, and leads to the app from then on', async () => {
    const door = createDoor();
    const server = createHttpServer(door);
    const { url } = await listen(server, { port: 0, host: '127.0.0.1' });
    const client = createClient(url);

    const early = await client.get('/api/v1/sites/times/counts?articles=a');
    expect([early.status, early.headers['retry-after']]).toEqual([503, '1']);
    expect(early.headers['content-type']).toContain('application/problem+json');
    expect(Problem.parse(early.json)).toMatchObject({ code: 'STORE_UNAVAILABLE', retryAfter: 1 });

    door.open({ handle: (_request, response) => response.end('open') });
    expect((await client.get('/')).text).toBe('open');
    client.close();
    await drain(server);
  });
});
