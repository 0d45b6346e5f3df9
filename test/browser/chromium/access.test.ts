import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { AxeResults } from 'axe-core';
import type { Page } from 'playwright-core';
import { type Stage, startStage, writeComment } from '../../helpers/browser.js';

const axe = readFileSync(createRequire(__filename).resolve('axe-core/axe.min.js'), 'utf8');
let stage: Stage;
beforeAll(async () => {
  stage = await startStage();
});
afterAll(() => stage.stop());

async function violations(page: Page): Promise<readonly string[]> {
  await page.evaluate(axe);
  const results = await page.evaluate(() =>
    (window as unknown as { axe: { run(): Promise<AxeResults> } }).axe.run(),
  );
  return results.violations.flatMap(({ id, nodes }) => nodes.map((node) => `${id}: ${node.html}`));
}

const looks = (['light', 'dark'] as const).flatMap((colorScheme) =>
  (['en', 'sq'] as const).map((locale) => ({ colorScheme, locale })),
);

/** One for each look: screening holds what is posted again and again. */
const opinions = [
  'A *calm* word about the treaty',
  'Nobody asked the cities on the coast',
  'Where does the money for this come from?',
  'My grandmother would have laughed at page nine',
];

describe.each(looks)('axe finds nothing, $colorScheme, $locale', (look) => {
  it('in the empty box, with the composer open, and in a list with replies and a pill', async () => {
    const article = `axe-${look.colorScheme}-${look.locale}`;
    const page = await stage.person(`/t/demo/${article}`, { ...look, bypassCSP: true });
    await page.locator('[part=cta]').waitFor();
    expect(await violations(page)).toEqual([]);
    const other = await stage.person(`/t/demo/${article}`, { locale: 'en' });
    await writeComment(
      other,
      'Besa',
      `${opinions[looks.indexOf(look)]} with a [link](https://example.com/)\n\n> and a quote`,
    );
    await other.getByRole('button', { name: 'Reply: Besa' }).click();
    await other
      .getByLabel('Your reply to Besa')
      .fill(`A reply to: ${opinions[looks.indexOf(look)]}`);
    await other.keyboard.press('Control+Enter');
    await page.locator('.pill').waitFor();
    await page.locator('.pill').click();
    await page.locator('article').nth(1).waitFor();
    await writeComment(other, 'Besa', `Another one: ${opinions[looks.indexOf(look)]}`);
    await page.locator('.pill').waitFor();
    expect(await violations(page)).toEqual([]);
    await page.locator('[part=cta]').click();
    await page.locator('textarea').fill('Half a thought');
    expect(await violations(page)).toEqual([]);
  });
});

it('axe finds nothing on the demo, the home page, and the error state', async () => {
  for (const path of ['/demo', '/']) {
    const page = await stage.person(path, { bypassCSP: true });
    await page.locator(path === '/' ? 'h1' : '#box [part=cta]').waitFor();
    expect(await violations(page)).toEqual([]);
  }
  const page = await stage.person('about:blank', { bypassCSP: true });
  await page.route('**/comments?*', (route) => route.fulfill({ status: 503, json: {} }));
  await page.goto(`${stage.app.url}/t/demo/broken`);
  await page.getByRole('alert').waitFor();
  expect(await violations(page)).toEqual([]);
});

it.each([
  [1200, 'w'],
  [768, 'm'],
  [360, 'z'],
  [280, 'k'],
])('nothing scrolls sideways at %i px', async (width, letter) => {
  const page = await stage.person(`/t/demo/wide-${width}`, { viewport: { width, height: 740 } });
  await writeComment(
    page,
    'A'.repeat(40),
    `${letter.repeat(300)} https://example.com/${letter.repeat(200)}`,
  );
  for (let depth = 0; depth < 7; depth += 1) {
    await page
      .getByRole('button', { name: /^Reply: / })
      .last()
      .click();
    await page.locator('form textarea').fill(`Depth ${depth} ${letter.repeat(80)}`);
    await page.keyboard.press('Control+Enter');
    await page
      .getByRole('button', { name: /^Edit: / })
      .nth(depth + 1)
      .waitFor();
  }
  await page.locator('[part=cta]').click();
  const overflow = () =>
    page.evaluate(
      () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
    );
  expect(await overflow()).toBe(0);
  await page.goto(`${stage.app.url}/demo`);
  await page.locator('#box [part=cta]').waitFor();
  expect(await overflow()).toBe(0);
});

it('the keyboard alone posts, replies, votes, edits, deletes and takes back', async () => {
  const page = await stage.person('/t/demo/keys');
  const focused = () =>
    page.evaluate(() => {
      const active = document.querySelector('sayso-thread')!.shadowRoot!.activeElement;
      return active?.getAttribute('aria-label') ?? active?.textContent ?? '';
    });
  const tabTo = async (name: string, key = 'Tab') => {
    for (let presses = 0; presses < 20; presses += 1) {
      if ((await focused()) === name) return;
      await page.keyboard.press(key);
    }
    throw new Error(`Never came to ${name}, but to ${await focused()}`);
  };
  await page.locator('[part=cta]').waitFor();
  await tabTo('Leave the first comment');
  await page.keyboard.press('Enter');
  await page.locator('form').waitFor();
  await page.keyboard.press('Escape');
  await tabTo('Leave the first comment');
  await page.keyboard.press('Enter');
  await page.locator('form').waitFor();
  await page.keyboard.type('With keys alone');
  await page.keyboard.press('Shift+Tab');
  await page.keyboard.type('Ana');
  await page.keyboard.press('Control+Enter');
  await page.getByRole('button', { name: 'Edit: Ana' }).waitFor();
  expect(await focused()).toBe('Comment from Ana');
  await tabTo('Reply: Ana');
  await page.keyboard.press('Enter');
  await page.locator('form').waitFor();
  await page.keyboard.press('Escape');
  await page.locator('form').waitFor({ state: 'detached' });
  expect(await focused()).toBe('Reply: Ana');
  await page.keyboard.press('Enter');
  await page.locator('form').waitFor();
  await page.keyboard.type('And an answer');
  await page.keyboard.press('Control+Enter');
  await page.getByRole('button', { name: 'Edit: Ana' }).nth(1).waitFor();
  expect(await focused()).toBe('Reply from Ana');
  await tabTo('Edit: Ana');
  await page.keyboard.press('Enter');
  await page.locator('form').waitFor();
  await page.keyboard.type(', edited');
  await page.keyboard.press('Control+Enter');
  await page.getByText('And an answer, edited').waitFor();
  await tabTo('Delete: Ana');
  await page.keyboard.press('Enter');
  await page.getByRole('button', { name: 'Undo' }).waitFor();
  expect(await focused()).toBe('Undo');
  await page.keyboard.press('Enter');
  await page.getByText('And an answer, edited').waitFor();
  await page.waitForFunction(() => {
    const active = document.querySelector('sayso-thread')!.shadowRoot!.activeElement;
    return active?.getAttribute('aria-label') === 'Delete: Ana';
  });

  const other = await stage.person('/t/demo/keys');
  await other.getByRole('button', { name: '0 votes for Ana' }).first().focus();
  await other.keyboard.press('Space');
  await other.getByRole('button', { name: '1 vote for Ana', pressed: true }).waitFor();
});

it('nothing the reader sees moves while comments arrive, are edited and deleted above', async () => {
  const article = 'steady';
  const other = await stage.person(`/t/demo/${article}`);
  const call = (name: string, source: string) =>
    fetch(`${stage.app.url}/api/v1/sites/demo/articles/${article}/comments`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ source, author: { name } }),
    });
  for (let i = 0; i < 15; i += 1) await call('Besa', `Comment ${i}\n\nof two paragraphs`);
  await other.getByRole('article').first().waitFor();
  await writeComment(other, 'Ana', 'On top');
  await other.getByRole('button', { name: 'Edit: Ana' }).waitFor();
  const page = await stage.person(`/t/demo/${article}`);
  await page.getByRole('article').nth(10).scrollIntoViewIfNeeded();
  await page
    .getByRole('article')
    .nth(10)
    .evaluate((element) => element.scrollIntoView({ block: 'start' }));
  await page.evaluate(() => {
    const element = document
      .querySelector('sayso-thread')!
      .shadowRoot!.querySelectorAll('article')[10]!;
    const seen = window as unknown as { tops: number[] };
    seen.tops = [];
    const look = () => {
      seen.tops.push(element.getBoundingClientRect().top);
      requestAnimationFrame(look);
    };
    requestAnimationFrame(look);
  });
  await page.waitForFunction(() => (window as unknown as { tops: number[] }).tops.length > 2);
  await other.getByRole('button', { name: 'Edit: Ana' }).click();
  await other.locator('article textarea').fill('On top\n\nand longer\n\nand longer\n\nby far');
  await other.getByRole('button', { name: 'Save' }).click();
  await page.getByText('by far').waitFor({ state: 'attached' });
  for (let i = 0; i < 5; i += 1) await call('Drita', `New ${i}`);
  await page.getByText('5 new comments').waitFor({ state: 'attached' });
  await other.getByRole('button', { name: 'Delete: Ana' }).click();
  await page.getByText('by far').waitFor({ state: 'detached', timeout: 15_000 });
  const count = await page.evaluate(() => (window as unknown as { tops: number[] }).tops.length);
  await page.waitForFunction(
    (n) => (window as unknown as { tops: number[] }).tops.length > n + 3,
    count,
  );
  const tops = await page.evaluate(() => (window as unknown as { tops: number[] }).tops);
  expect(Math.max(...tops) - Math.min(...tops)).toBeLessThan(1);
});
