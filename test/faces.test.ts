import { request } from 'node:http';
import { startApp, type TestApp } from './helpers/app.js';

/** The status with which the handshake of a socket from a page of `origin` is answered. */
const shake = (url: string, origin: string): Promise<number> =>
  new Promise((resolve, reject) => {
    const headers = {
      Origin: origin,
      Connection: 'Upgrade',
      Upgrade: 'websocket',
      'Sec-WebSocket-Version': '13',
      'Sec-WebSocket-Key': 'dGhlIHNhbXBsZSBub25jZQ==',
    };
    const sent = request(`${url}/socket.io/?EIO=4&transport=websocket`, { headers });
    sent.on('upgrade', (response, socket) => {
      socket.destroy();
      resolve(response.statusCode ?? 0);
    });
    sent.on('response', (response) => {
      response.resume();
      resolve(response.statusCode ?? 0);
    });
    sent.on('error', reject);
    sent.end();
  });

let app: TestApp;
afterEach(() => app.stop());

describe('the faces', () => {
  it('takes sockets of its own pages, whatever origins the sites list', async () => {
    app = await startApp({ env: { PUBLIC_URL: 'https://talk.example' } });
    // In development the demo lists our own origin.
    await app.putSite('demo');
    await app.putSite('times', { origins: ['https://times.example'] });
    expect(await shake(app.url, 'https://talk.example')).toBe(101);
    expect(await shake(app.url, 'https://times.example')).toBe(101);
    expect(await shake(app.url, 'https://talk.example.evil.example')).toBe(403);
  });
});
