// Makes the pictures of docs/images/ (or of the folder named by --out) from the built server:
// the demo's article, its two phones before and after a comment, dark, Albanian, a busy thread.
// Needs `npm run build` and `chromium` on the PATH.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright-core';

const root = fileURLToPath(new URL('..', import.meta.url));
const args = process.argv.slice(2);
const out = args.includes('--out') ? args[args.indexOf('--out') + 1] : join(root, 'docs/images');
/** The pictures that the README shows; the others are for looking at. */
const kept = ['article', 'phones-before', 'phones-after', 'thread', 'thread-dark', 'thread-phone'];
const all = args.includes('--out');
const only = args.includes('--only') ? args[args.indexOf('--only') + 1] : null;

/** What arrives while a picture is taken: no two alike, which screening would hold. */
const arrivals = {
  thread: 'Who signs for the cities?',
  'thread-dark': 'The first review is in a year, I read.',
  'thread-sq': 'Kush e paguan?',
  'thread-phone': 'Is there a map of who has signed what?',
  'thread-narrow': 'And the courts?',
};

const server = spawn(process.execPath, [join(root, 'dist/main.js')], {
  env: { ...process.env, PORT: '0', DATABASE_URL: 'sqlite::memory:', LOG_LEVEL: 'warn' },
  stdio: ['ignore', 'ignore', 'pipe'],
});
const base = await new Promise((resolve, reject) => {
  let said = '';
  server.stderr.on('data', (bytes) => {
    said += bytes;
    const found = /http:\/\/[\w.:]+/.exec(said);
    if (found) resolve(new URL(found[0]).origin);
  });
  server.on('exit', () => reject(new Error(`The server did not start.\n${said}`)));
});
const browser = await chromium.launch({
  executablePath: (process.env.PATH ?? '')
    .split(delimiter)
    .map((folder) => join(folder, 'chromium'))
    .find(existsSync),
  args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--hide-scrollbars'],
});
await mkdir(out, { recursive: true });

try {
  await articlePictures();
  await phonePictures();
  await busyPictures();
} finally {
  await browser.close();
  server.kill();
}

/** Posts as a guest of that name and gives the comment. */
async function post(article, name, source, parentId) {
  const answer = await fetch(`${base}/api/v1/sites/demo/articles/${article}/comments`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({
      source,
      author: { name },
      article: { title: 'Albania commits to long-term security ties with Ukraine' },
      ...(parentId && { parentId }),
    }),
  });
  if (!answer.ok) throw new Error(`${answer.status} ${await answer.text()}`);
  return answer.json();
}

async function open(path, options = {}) {
  const context = await browser.newContext({ viewport: { width: 1100, height: 900 }, ...options });
  const page = await context.newPage();
  page.on('pageerror', (error) => console.error(error));
  await page.goto(base + path);
  await page.locator('[part=cta]').first().waitFor();
  return page;
}

/** Ends every page, so that the next ones are the only readers. */
async function closeAll() {
  for (const context of browser.contexts()) await context.close();
}

async function save(target, name, options = {}) {
  if ((only && !name.includes(only)) || (!all && !kept.includes(name))) return;
  await target.screenshot({ path: join(out, `${name}.png`), ...options });
  console.log(`${name}.png`);
}

async function articlePictures() {
  const page = await open('/demo');
  await page.locator('#status[data-state=live]').waitFor();
  await save(page, 'article', { clip: { x: 0, y: 0, width: 1100, height: 1100 }, fullPage: true });
  const phone = await open('/demo', { viewport: { width: 360, height: 740 } });
  await save(phone, 'article-phone', { fullPage: true });
  const dark = await open('/t/demo/empty', { colorScheme: 'dark', locale: 'sq' });
  await save(dark, 'empty-dark-sq', { clip: { x: 0, y: 0, width: 1100, height: 420 } });
}

async function phonePictures() {
  await closeAll();
  const page = await open('/demo');
  const phones = page.locator('.phones');
  const [first, second] = await phones.locator('sayso-thread').all();
  await phones.scrollIntoViewIfNeeded();
  await second.locator('[part=cta]').waitFor();
  await save(phones, 'phones-before');
  await first.locator('[part=cta]').click();
  await first.getByLabel('Your name').fill('Ana');
  await first
    .getByLabel('Your comment')
    .fill(
      'Ten years is a long promise for a parliament with a four-year term. What happens after the next election?',
    );
  await first.getByRole('button', { name: 'Post' }).click();
  await second.getByRole('article').waitFor();
  await second.getByRole('button', { name: 'Reply: Ana' }).click();
  await second.getByLabel('Your name').fill('Besa');
  await second
    .getByLabel('Your reply to Ana')
    .fill('The agreement binds the state, not a government: leaving it takes six months’ notice.');
  await save(phones, 'phones-writing');
  await second.getByRole('button', { name: 'Reply', exact: true }).click();
  await first.getByRole('button', { name: '1 new reply' }).waitFor();
  await save(phones, 'phones-after');
}

async function busyPictures() {
  await closeAll();
  const article = 'busy';
  const ana = await post(
    article,
    'Ana',
    'Ten years is a long promise for a parliament with a four-year term. What happens after the next election?',
  );
  const desk = await post(
    article,
    'Drita',
    '> What happens after the next election?\n\nThe agreement binds the state, not a government: leaving it takes six months’ notice. The **full text** is [here](https://example.com/agreement).',
    ana.id,
  );
  await post(article, 'Luan', 'Six months is what most of these agreements have.', desk.id);
  await post(article, 'Teuta', 'And money? The text names none.', ana.id);
  await post(
    article,
    'Genti',
    'Two questions that the article leaves open:\n\n- who pays for it\n- what `Article 12` means in practice',
    ana.id,
  );
  await post(article, 'Liridon', 'Mirë që u votua. Tani le të shohim zbatimin.');
  await post(
    article,
    'Mira',
    'Intelligence sharing was there before; the paper only makes it *official*.',
  );
  for (const [name, options] of [
    ['thread', {}],
    ['thread-dark', { colorScheme: 'dark' }],
    ['thread-sq', { locale: 'sq' }],
    ['thread-phone', { viewport: { width: 360, height: 740 } }],
    ['thread-narrow', { viewport: { width: 280, height: 740 } }],
  ]) {
    const page = await open(`/t/demo/${article}`, options);
    await page.getByRole('article').first().waitFor();
    const box = page.locator('sayso-thread');
    await box.locator('[part=cta]').click();
    const fields = box.locator('form');
    await fields.locator('input').fill('Mira');
    await fields
      .locator('textarea')
      .fill('The part on networks is the one that will matter most in practice, because');
    await post(article, 'Ilir', arrivals[name]);
    await box.locator('.pill').first().waitFor();
    await save(page, name, { fullPage: true });
    await page.context().close();
  }
}
