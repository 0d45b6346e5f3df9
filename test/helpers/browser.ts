import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { systemClock } from '../../src/domain/system.js';
import type { Site } from '../../src/domain/site.js';
import { startApp, type TestApp } from './app.js';
import { buildBrowser } from './build-browser.js';
import { launchChromium } from './chromium.js';
import { aFolder } from './folder.js';

/** An app with the built browser files and a site `demo`, and a Chromium beside it. */
export interface Stage {
  readonly app: TestApp;
  readonly browser: Browser;
  /** A person of their own: a fresh context with one page, whose errors make `stop` fail. */
  person(path: string, options?: BrowserContextOptions): Promise<Page>;
  stop(): Promise<void>;
}

/** Starts everything. Fails loudly where there is no Chromium. */
export async function startStage(site: Partial<Site> = {}): Promise<Stage> {
  const folder = aFolder();
  await buildBrowser(folder.path);
  const app = await startApp({ overrides: { clock: systemClock }, browserFolder: folder.path });
  await app.putSite('demo', { origins: [app.url], ...site });
  const browser = await launchChromium();
  const failures: string[] = [];
  return {
    app,
    browser,
    async person(path, options = {}) {
      const context = await browser.newContext({
        viewport: { width: 1000, height: 900 },
        ...options,
      });
      const page = await context.newPage();
      page.on('pageerror', (error) => failures.push(error.stack || error.message));
      await page.goto(new URL(path, app.url).href);
      return page;
    },
    async stop() {
      await browser.close();
      await app.stop();
      folder.remove();
      if (failures.length > 0) throw new Error(`Errors in pages:\n${failures.join('\n')}`);
    },
  };
}

/** Posts through the first box of a page, as a person would. */
export async function writeComment(page: Page, name: string, text: string): Promise<void> {
  const box = page.locator('sayso-thread').first();
  await box.locator('[part=cta]').click();
  await box.getByLabel('Your comment').fill(text);
  const field = box.getByLabel('Your name');
  if (!(await field.inputValue())) await field.fill(name);
  await box.getByRole('button', { name: 'Post' }).click();
}

/** How many scripts ran that `alert`, or a payload's other favourites, would have told of. */
export const countRuns = (page: Page): Promise<number> =>
  page.evaluate(() => (window as unknown as { runs?: number }).runs ?? 0);

/** Makes `alert`, `prompt`, `confirm` and `print` count instead of showing. */
export async function watchRuns(page: Page): Promise<void> {
  await page.addInitScript(() => {
    const window_ = window as unknown as Record<string, unknown>;
    window_.runs = 0;
    for (const name of ['alert', 'prompt', 'confirm', 'print', 'javascript'])
      window_[name] = () => void (window_.runs = Number(window_.runs) + 1);
  });
}
