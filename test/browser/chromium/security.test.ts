import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Page } from 'playwright-core';
import type { CommentView } from '../../../src/contract/comment.js';
import {
  countRuns,
  type Stage,
  startStage,
  watchRuns,
  writeComment,
} from '../../helpers/browser.js';
import { loadCorpora } from '../../helpers/corpora.js';
import { aCommentView } from '../../helpers/factories.js';

let stage: Stage;
let host: Server;
let hostUrl: string;

/** A publisher's page on its own origin, under the strictest policy that its own code allows. */
const hostPage = (app: string) => `<!doctype html><html lang="en"><title>Host</title>
<body><h1>Host</h1><sayso-thread site="demo" article="strict"><a href="#">Open</a></sayso-thread>
<script src="${app}/embed.js" async></script></body></html>`;
const policy = (app: string) =>
  `default-src 'none'; script-src ${app}; connect-src ${app} ${app.replace('http', 'ws')}; style-src 'self'; ` +
  "require-trusted-types-for 'script'; trusted-types 'none'";

beforeAll(async () => {
  stage = await startStage();
  host = createServer((request, response) => {
    response.setHeader('Content-Type', 'text/html; charset=utf-8');
    if (request.url === '/bare') return response.end('<!doctype html><body></body>');
    response.setHeader('Content-Security-Policy', policy(stage.app.url));
    const page = hostPage(stage.app.url);
    const script = /<script.+/.exec(page)?.[0] ?? '';
    return response.end(request.url === '/twice' ? page + script : page);
  });
  await new Promise<void>((resolve) => host.listen(0, '127.0.0.1', resolve));
  hostUrl = `http://127.0.0.1:${(host.address() as AddressInfo).port}`;
  await stage.app.putSite('demo', { origins: [stage.app.url, hostUrl] });
});
afterAll(async () => {
  host.closeAllConnections();
  host.close();
  await stage.stop();
});

async function openHost(): Promise<{ page: Page; violations: string[]; requests: string[] }> {
  const page = await stage.person('about:blank');
  const violations: string[] = [];
  const requests: string[] = [];
  await page.exposeFunction('violated', (what: string) => violations.push(what));
  await page.addInitScript(() => {
    document.addEventListener('securitypolicyviolation', (event) => {
      const report = (window as unknown as { violated(what: string): void }).violated;
      report(`${event.violatedDirective} ${event.blockedURI} ${event.sample}`);
    });
  });
  page.on('request', (request) => requests.push(request.url()));
  await page.goto(hostUrl);
  return { page, violations, requests };
}

describe('under a strict policy with trusted types', () => {
  it('SEC-11 loads, posts, replies, edits, deletes and follows without one violation or foreign request', async () => {
    const ana = await openHost();
    const besa = await openHost();
    await writeComment(ana.page, 'Ana', 'Some *words* and a [link](https://example.com/)');
    await besa.page.getByRole('button', { name: 'Reply: Ana' }).click();
    await besa.page.getByLabel('Your reply to Ana').fill('A reply');
    await besa.page.getByLabel('Your name').fill('Besa');
    await besa.page.keyboard.press('Control+Enter');
    await ana.page.getByRole('button', { name: '1 new reply' }).click();
    await ana.page.getByRole('button', { name: 'Edit: Ana' }).click();
    await ana.page.getByLabel('Your comment').fill('Other words');
    await ana.page.getByRole('button', { name: 'Save' }).click();
    await besa.page.getByText('Other words').waitFor();
    await besa.page.getByRole('button', { name: 'Delete: Besa' }).click();
    await ana.page.getByText('A reply').waitFor({ state: 'detached', timeout: 15_000 });
    await ana.page.locator('sayso-thread').evaluate((box) => box.setAttribute('lang', 'sq'));
    await ana.page.getByRole('button', { name: 'Shto një koment' }).waitFor();
    expect([...ana.violations, ...besa.violations]).toEqual([]);
    const origins = new Set([...ana.requests, ...besa.requests].map((url) => new URL(url).origin));
    expect([...origins].sort()).toEqual([hostUrl, stage.app.url].sort());
    expect(await ana.page.context().cookies()).toEqual([]);
  });

  it('does not throw when the script is included twice', async () => {
    const page = await stage.person(`${hostUrl}/twice`);
    await page.getByRole('button', { name: 'Add a comment' }).waitFor();
  });
});

const corpora = loadCorpora();
const describeWithCorpora = corpora === null ? describe.skip : describe;

describeWithCorpora('hostile texts', () => {
  const all = (corpora ?? []).map(({ payload }) => payload);
  /** About 2,400 of them, the same in each run. */
  const texts = all.filter((_, index) => index % Math.max(1, Math.floor(all.length / 2_400)) === 0);
  const pages = Array.from({ length: Math.ceil(texts.length / 20) }, (_, i) =>
    texts.slice(i * 20, i * 20 + 20),
  );

  it('are enough, and a page that does use innerHTML runs their scripts, so that the rig is proven', async () => {
    expect(texts.length).toBeGreaterThanOrEqual(2_000);
    const context = await stage.browser.newContext();
    const page = await context.newPage();
    await watchRuns(page);
    await page.goto(`${hostUrl}/bare`);
    await page.evaluate((some) => {
      for (const text of some)
        document.body.appendChild(document.createElement('div')).innerHTML = text;
    }, texts);
    await page.waitForFunction(() => (window as unknown as { runs: number }).runs > 0);
    await context.close();
  });

  it('SEC-12 run nothing when a lying API sends them raw as html and as name', async () => {
    const page = await stage.person('about:blank');
    await watchRuns(page);
    let served: readonly string[] = [];
    await page.route('**/api/v1/**/comments?*', (route) =>
      route.fulfill({ json: commentPage(served) }),
    );
    for (const some of pages) {
      served = some;
      const shown = await shownBy(page, 'lying', some.length);
      expect(shown.names).toEqual(some.toReversed());
      expect(shown.foreign).toEqual([]);
      expect(shown.links.filter((href) => !/^(https?|mailto):/.test(href))).toEqual([]);
      expect(await countRuns(page)).toBe(0);
    }
    await page.context().close();
  }, 240_000);

  it('SEC-2 SEC-10 run nothing when they are posted as body, name and title, and names are shown as they are stored', async () => {
    const page = await stage.person('about:blank');
    await watchRuns(page);
    let count = 0;
    for (const [index, some] of pages.entries()) {
      const names = [];
      for (const text of some) names.unshift(...(await postHostile(`hostile-${index}`, text)));
      const shown = await shownBy(page, `hostile-${index}`, names.length);
      count += names.length;
      expect(shown.names).toEqual(names);
      expect(shown.foreign).toEqual([]);
      expect(shown.links.filter((href) => !/^(https?|mailto):/.test(href))).toEqual([]);
      expect(await countRuns(page)).toBe(0);
    }
    expect(count).toBeGreaterThanOrEqual(2_000);
    await page.context().close();
  }, 240_000);
});

/** Opens a thread's page and reads its box once `count` comments are drawn. */
async function shownBy(page: Page, article: string, count: number) {
  await page.goto(`${stage.app.url}/t/demo/${article}`);
  const drawn = page.waitForFunction(
    (wanted) =>
      document.querySelector('sayso-thread')?.shadowRoot?.querySelectorAll('article').length ===
      wanted,
    count,
  );
  await drawn.catch(async (error: unknown) => {
    const text = await page.locator('sayso-thread').textContent();
    throw new Error(`${count} comments were not drawn; the box says: ${text}`, { cause: error });
  });
  return page.evaluate(readBox);
}

/** Posts a text as body, name and title, or what of it the API takes; gives the stored name. */
async function postHostile(article: string, text: string): Promise<readonly string[]> {
  const url = `${stage.app.url}/api/v1/sites/demo/articles/${article}/comments`;
  const attempt = async (source: string, name: string, title?: string) => {
    const body = { source, author: { name }, ...(title && { article: { title, url: text } }) };
    const answer = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    if (answer.status >= 500) throw new Error(`${answer.status} for ${JSON.stringify(text)}`);
    if (!answer.ok) return undefined;
    const { author, status } = (await answer.json()) as CommentView;
    return status === 'approved' ? author.name : null; // what screening holds is not shown
  };
  let stored: string | null | undefined;
  for (const [source, name, title] of [
    [text, text, text],
    [text, text],
    [text, 'Ana'],
    ['A body', text],
  ] as const)
    stored ??= (await attempt(source, name, title)) ?? undefined;
  return stored === undefined || stored === null ? [] : [stored];
}

/** What stands in the box: names as drawn, elements off the grammar, addresses of links. */
function readBox() {
  const root = document.querySelector('sayso-thread')!.shadowRoot!;
  const allowed = 'p br a strong em s del blockquote code pre ul ol li b i'.split(' ');
  const inWords = [...root.querySelectorAll('.words *')];
  return {
    names: [...root.querySelectorAll('[part=name] bdi')].map((name) => name.textContent ?? ''),
    foreign: inWords
      .filter(
        (element) =>
          !allowed.includes(element.localName) ||
          [...element.attributes].some(
            (attribute) => !['href', 'title', 'rel', 'target'].includes(attribute.name),
          ),
      )
      .map((element) => element.outerHTML),
    links: [...root.querySelectorAll<HTMLAnchorElement>('.words a')].map((link) => link.href),
  };
}

function commentPage(texts: readonly string[]) {
  const items = texts.map((text, index) => ({
    ...aCommentView(`lying${String(index).padStart(37, '0')}`, {
      article: 'lying',
      author: { id: text.slice(0, 8), name: text, kind: 'guest', badges: [] },
      html: text,
    }),
    replies: { items: [], next: null, count: 0 },
  }));
  const thread = {
    rev: 0, count: items.length, state: 'open', moderation: 'open', notice: null, pinned: [], closesAt: null,
  }; // prettier-ignore
  return { items: items.reverse(), next: null, rev: 0, thread };
}
