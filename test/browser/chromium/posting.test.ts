import type { Page, Route } from 'playwright-core';
import { type Stage, startStage, writeComment } from '../../helpers/browser.js';
import { aCommentView } from '../../helpers/factories.js';

let stage: Stage;
beforeAll(async () => {
  stage = await startStage();
});
afterAll(() => stage.stop());

const posts = '**/api/v1/**/comments';
const isPost = (route: Route) => route.request().method() === 'POST';
const articles = (page: Page) => page.getByRole('article').count();

describe('posting', () => {
  it('draws the comment at once and merges the echo that comes before a late answer', async () => {
    const page = await stage.person('/t/demo/late');
    let release: () => void = () => undefined;
    const held = new Promise<void>((resolve) => (release = resolve));
    await page.route(posts, async (route) => {
      if (!isPost(route)) return route.continue();
      const answer = await route.fetch(); // the server has it and tells the socket
      await held;
      return route.fulfill({ response: answer });
    });
    const other = await stage.person('/t/demo/late');
    await writeComment(page, 'Ana', 'Only once');
    await page.getByText('Sending…').waitFor();
    await other.getByText('Only once').waitFor(); // the frame has gone out
    expect(await articles(page)).toBe(1);
    release();
    await page.getByRole('button', { name: 'Edit: Ana' }).waitFor();
    expect(await articles(page)).toBe(1);
    expect(await page.locator('[part=heading]').textContent()).toBe('1 comment');
  });

  it('repeats a post whose answers are lost with the same key: one comment in the end', async () => {
    const page = await stage.person('/t/demo/lost');
    const keys: string[] = [];
    await page.route(posts, async (route) => {
      if (!isPost(route)) return route.continue();
      keys.push(route.request().headers()['idempotency-key']!);
      if (keys.length > 2) return route.continue();
      await route.fetch();
      return route.abort('connectionreset');
    });
    await writeComment(page, 'Ana', 'Posted three times');
    await page.getByRole('button', { name: 'Edit: Ana' }).waitFor({ timeout: 20_000 });
    expect(keys).toHaveLength(3);
    expect(new Set(keys).size).toBe(1);
    expect(await articles(page)).toBe(1);
    const other = await stage.person('/t/demo/lost');
    await other.getByText('Posted three times').waitFor();
    expect(await articles(other)).toBe(1);
  });

  it('keeps a refused comment in its place, with the reason, and takes it back for editing', async () => {
    const page = await stage.person('/t/demo/refused');
    await page.route(posts, (route) =>
      isPost(route)
        ? route.fulfill({ status: 422, json: { code: 'REFUSED', detail: 'no', status: 422 } })
        : route.continue(),
    );
    await writeComment(page, 'Ana', 'Something refused');
    await page.getByRole('alert').getByText('Not sent: The text was refused').waitFor();
    await page.getByRole('button', { name: 'Edit', exact: true }).click();
    expect(await page.getByLabel('Your comment').inputValue()).toBe('Something refused');
    expect(await articles(page)).toBe(0);
  });

  it('counts down after 429 and posts once it is over', async () => {
    const page = await stage.person('/t/demo/soon');
    let refusals = 1;
    await page.route(posts, (route) => {
      if (!isPost(route) || refusals === 0) return route.continue();
      refusals -= 1;
      return route.fulfill({
        status: 429,
        headers: { 'retry-after': '2' },
        json: { code: 'RATE_LIMITED', detail: '', status: 429 },
      });
    });
    await writeComment(page, 'Ana', 'Too soon');
    await page.getByText('You can post again in 1 second').waitFor();
    const again = page.getByRole('button', { name: 'Try again' });
    await page.waitForFunction(() => {
      const buttons = document
        .querySelector('sayso-thread')!
        .shadowRoot!.querySelectorAll('button');
      return [...buttons].some((each) => each.textContent === 'Try again' && !each.disabled);
    });
    await again.click();
    await page.getByRole('button', { name: 'Edit: Ana' }).waitFor();
  });

  it('waits for the connection and posts when it is back', async () => {
    const page = await stage.person('/t/demo/metro');
    await page.locator('[part=cta]').click();
    await page.getByLabel('Your comment').fill('From the metro');
    await page.getByLabel('Your name').fill('Ana');
    await page.context().setOffline(true);
    await page.getByRole('button', { name: 'Post' }).click();
    await page.getByText('Waiting for connection').waitFor();
    await page.context().setOffline(false);
    await page.getByRole('button', { name: 'Edit: Ana' }).waitFor({ timeout: 20_000 });
    expect(await articles(page)).toBe(1);
  });

  it('renews an expired token once and repeats the call', async () => {
    const page = await stage.person('/t/demo/expired');
    await writeComment(page, 'Ana', 'First');
    await page.getByRole('button', { name: 'Edit: Ana' }).waitFor();
    let renewed = 0;
    await page.route('**/session', (route) => {
      renewed += 1;
      return route.continue();
    });
    let refused = 0;
    await page.route(posts, (route) => {
      if (!isPost(route) || refused > 0) return route.continue();
      refused += 1;
      return route.fulfill({ status: 401, json: { code: 'TOKEN_EXPIRED', status: 401 } });
    });
    await writeComment(page, 'Ana', 'Second');
    await page.getByText('Second').waitFor();
    await page.getByRole('button', { name: 'Edit: Ana' }).nth(1).waitFor();
    expect({ renewed, refused }).toEqual({ renewed: 1, refused: 1 });
  });

  it('REL-18 keeps what was typed over a reload, and the name', async () => {
    const page = await stage.person('/t/demo/kept');
    await writeComment(page, 'Ana', 'Posted');
    await page.getByRole('button', { name: 'Edit: Ana' }).waitFor();
    await page.locator('[part=cta]').click();
    await page.getByLabel('Your comment').fill('Not finished');
    await page.reload();
    await page.locator('[part=cta]').click();
    expect(await page.getByLabel('Your comment').inputValue()).toBe('Not finished');
    expect(await page.getByLabel('Your name').inputValue()).toBe('Ana');
    await page.getByRole('article').getByText('You', { exact: true }).waitFor();
  });

  it('keeps two people of one page apart by their profile', async () => {
    const page = await stage.person('/demo');
    const [first, second] = await page.locator('.phones sayso-thread').all();
    await first!.scrollIntoViewIfNeeded();
    await first!.locator('[part=cta]').click();
    await first!.getByLabel('Your name').fill('Ana');
    await first!.getByLabel('Your comment').fill('From the first phone');
    await first!.getByRole('button', { name: 'Post' }).click();
    await second!.getByRole('article', { name: 'Comment from Ana' }).waitFor();
    await second!.locator('[part=cta]').click();
    expect(await second!.getByLabel('Your name').inputValue()).toBe('');
    expect(await second!.getByRole('button', { name: 'Delete: Ana' }).count()).toBe(0);
  });
});

describe('when something is held or fails', () => {
  it('tells its author that a comment waits for review, also after a reload', async () => {
    const page = await stage.person('/t/demo/held');
    let held: object | undefined;
    await page.route(posts, async (route) => {
      if (!isPost(route)) return route.continue();
      const user = await page.evaluate(() => {
        const key = Object.keys(localStorage).find((name) => name.endsWith(':session'))!;
        return (JSON.parse(localStorage.getItem(key)!) as { user: object }).user;
      });
      held = { ...heldComment, author: user };
      return route.fulfill({ status: 201, json: held });
    });
    await page.route('**/mine', (route) =>
      route.fulfill({ json: { votes: {}, comments: held ? [held] : [], replies: [] } }),
    );
    await writeComment(page, 'Ana', 'Please read this first');
    const note = page.getByRole('article').getByText('Waiting for review. Only you can see this');
    await note.waitFor();
    await page.reload();
    await note.waitFor();
    expect(await articles(page)).toBe(1);
  });

  it('REL-18 says that comments could not be loaded, with the way out, and tries again', async () => {
    const page = await stage.person('about:blank');
    await page.route('**/comments?*', (route) => route.fulfill({ status: 503, json: {} }));
    await page.goto(`${stage.app.url}/demo`);
    const box = page.locator('#box');
    await box.scrollIntoViewIfNeeded();
    await box.getByText('Comments could not be loaded').waitFor();
    expect(await box.getByRole('link', { name: 'Open the discussion' }).getAttribute('href')).toContain('/t/demo/'); // prettier-ignore
    await page.unroute('**/comments?*');
    await box.getByRole('button', { name: 'Try again' }).click();
    await box.locator('[part=cta]').waitFor();
  });

  it('REL-18 leaves what stands inside the element when its script cannot be loaded', async () => {
    const page = await stage.person('about:blank');
    await page.route('**/assets/core*', (route) => route.abort());
    await page.goto(`${stage.app.url}/demo`);
    await page.locator('#box').getByRole('link', { name: 'Open the discussion' }).waitFor();
  });

  it('follows by held requests where WebSocket is blocked', async () => {
    const ana = await stage.person('/t/demo/blocked');
    const besa = await stage.person('about:blank');
    await besa.routeWebSocket(/socket\.io/, (socket) => socket.close());
    await besa.goto(`${stage.app.url}/t/demo/blocked`);
    await besa.getByRole('button', { name: 'Leave the first comment' }).waitFor();
    await writeComment(ana, 'Ana', 'By another way');
    await besa.getByText('By another way').waitFor({ timeout: 15_000 });
  });
});

const heldComment = {
  ...aCommentView('held000000000000000000000000000000000000000', { article: 'held' }),
  html: '<p>Please read this first</p>',
  status: 'pending',
  createdAt: new Date().toISOString(),
  firstRev: null,
  source: 'Please read this first',
  mine: true,
};
