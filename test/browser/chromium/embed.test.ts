import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Page } from 'playwright-core';
import { type Stage, startStage, writeComment } from '../../helpers/browser.js';

let stage: Stage;
let server: Server;
let host: string;
/** What the publisher's server answers with, by path. */
const bodies = new Map<string, string>();

beforeAll(async () => {
  stage = await startStage();
  server = createServer((request, response) => {
    response.setHeader('Content-Type', 'text/html');
    response.end(`<!doctype html><html lang="en"><title>News</title>${bodies.get(request.url ?? '') ?? ''}</html>`); // prettier-ignore
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  host = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  await stage.app.putSite('demo', { origins: [stage.app.url, host] });
});
afterAll(async () => {
  await stage.stop();
  server.closeAllConnections();
  server.close();
});

/** A publisher's page with this body. */
async function hostPage(body: string): Promise<{ page: Page; requests: string[] }> {
  const page = await stage.person('about:blank');
  const requests: string[] = [];
  page.on('request', (request) => requests.push(request.url()));
  const path = `/${bodies.size}`;
  bodies.set(path, `<body>${body}</body>`);
  await page.goto(host + path);
  return { page, requests };
}
const script = (attributes = '') =>
  `<script src="${stage.app.url}/embed.js" ${attributes} async></script>`;

describe('the loader', () => {
  it('puts a box after its own tag, with the tag’s data as attributes', async () => {
    const { page } = await hostPage(
      script('data-site="demo" data-article="one-tag" data-theme="dark" data-heading-level="3"'),
    );
    await page.getByRole('heading', { level: 3, name: 'What is your opinion on this topic?' }).waitFor(); // prettier-ignore
    const scheme = await page.evaluate(
      () => getComputedStyle(document.querySelector('sayso-thread')!).colorScheme,
    );
    expect(scheme).toBe('dark');
  });

  it('loads nothing more until the box is near, and then with few requests', async () => {
    const { page, requests } = await hostPage(
      `<style>#far { block-size: 6000px }</style><div id="far"></div>${script()}`,
    );
    await page.waitForFunction(() => 'Sayso' in window);
    requests.length = 0;
    await page.evaluate(() => {
      const thread = document.createElement('sayso-thread');
      thread.setAttribute('site', 'demo');
      thread.setAttribute('article', 'far');
      document.body.append(thread);
    });
    await page.evaluate(() => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)))); // prettier-ignore
    expect(requests).toEqual([]);
    await page.evaluate(() => scrollTo(0, 5000));
    await page.getByRole('button', { name: 'Leave the first comment' }).waitFor();
  });

  it('fills badges with few requests, sorted ids, and keeps live ones in step', async () => {
    const author = await stage.person('/t/demo/b-000');
    await writeComment(author, 'Ana', 'One');
    await author.getByRole('button', { name: 'Edit: Ana' }).waitFor();
    const badges = Array.from(
      { length: 150 },
      (_, i) => `<i data-comment-count="b-${String(149 - i).padStart(3, '0')}"></i>`,
    ).join('');
    const { page, requests } = await hostPage(
      `<div data-site="demo" data-live>${badges}<i data-comment-count="a,b/c"></i></div>${script()}`,
    );
    const first = page.locator('[data-comment-count="b-000"]');
    await page.waitForFunction(
      () => document.querySelector('[data-comment-count="b-000"]')?.textContent === '1',
    );
    const counts = requests.filter((url) => url.includes('/counts?'));
    expect(counts).toHaveLength(2);
    const ids = decodeURIComponent(counts[0]!.split('articles=')[1]!).split(',');
    expect(ids).toEqual(ids.toSorted());
    expect(ids[0]).toBe('a%2Cb%2Fc');
    expect(await page.locator('[data-comment-count="b-149"]').textContent()).toBe('');

    await writeComment(author, 'Ana', 'Two');
    const { page: second } = await hostPage(
      `<p data-site="demo" data-live><i data-comment-count="b-000"></i></p>${script()}`,
    );
    const badge = second.locator('[data-comment-count]');
    await second.waitForFunction(() => document.querySelector('i')?.textContent === '2');
    await writeComment(author, 'Ana', 'Three');
    await second.waitForFunction(() => document.querySelector('i')?.textContent === '3');
    expect(await badge.textContent()).toBe('3');
    expect(await first.count()).toBe(1);
  });

  it('shares one socket among the boxes of a page, and ends it with the last', async () => {
    const boxes = ['x', 'y', 'z'].map((name) => `<sayso-thread site="demo" article="share-${name}"></sayso-thread>`); // prettier-ignore
    const page = await stage.person('about:blank');
    let open = 0;
    let opened = 0;
    page.on('websocket', (socket) => {
      open += 1;
      opened += 1;
      socket.on('close', () => (open -= 1));
    });
    bodies.set('/shared', `<body>${boxes.join('')}${script()}</body>`);
    await page.goto(`${host}/shared`);
    await page.waitForFunction(() => {
      const drawn = [...document.querySelectorAll('sayso-thread')];
      return drawn.every((box) => box.shadowRoot?.querySelector('[part=cta]'));
    });
    const other = await stage.person('/t/demo/share-z');
    await writeComment(other, 'Ana', 'Live here too');
    await page.getByText('Live here too').waitFor();
    expect([open, opened]).toEqual([1, 1]);
    const ended = page.waitForEvent('console', (line) => line.text() === 'no box left');
    await page.evaluate(() => {
      for (const box of document.querySelectorAll('sayso-thread')) box.remove();
      console.log('no box left');
    });
    await ended;
    for (let tries = 0; open > 0 && tries < 100; tries += 1)
      await page.evaluate(() => new Promise((resolve) => setTimeout(resolve, 20)));
    expect(open).toBe(0);
  });

  it('mounts and unmounts by script, and tells what happens by events', async () => {
    const { page } = await hostPage(script());
    await page.waitForFunction(() => 'Sayso' in window);
    await page.evaluate(() => {
      const seen: string[] = [];
      Object.assign(window, { seen });
      for (const name of ['ready', 'count', 'open-composer', 'comment', 'live'])
        document.addEventListener(`sayso:${name}`, () => seen.push(name));
      const { Sayso } = window as unknown as { Sayso: { mount(target: Element, options: object): void } }; // prettier-ignore
      Sayso.mount(document.body, { site: 'demo', article: 'events', topic: 'And you?' });
    });
    await page.getByRole('heading', { name: 'And you?' }).waitFor();
    await writeComment(page, 'Ana', 'Here');
    await page.getByRole('button', { name: 'Edit: Ana' }).waitFor();
    const seen = await page.evaluate(() => (window as unknown as { seen: string[] }).seen);
    expect(seen).toEqual(expect.arrayContaining(['ready', 'open-composer', 'comment', 'count', 'live'])); // prettier-ignore
  });
});
