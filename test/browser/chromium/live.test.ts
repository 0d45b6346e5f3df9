import { type Stage, startStage, writeComment } from '../../helpers/browser.js';

let stage: Stage;
beforeAll(async () => {
  stage = await startStage();
});
afterAll(() => stage.stop());

const thread = (name: string) => `/t/demo/${name}`;

describe('a thread that two people have open', () => {
  it('shows the first comment to the other in place, within 250 ms, with nothing disturbed', async () => {
    const ana = await stage.person('/demo');
    const besa = await stage.person('/demo');
    const [boxA, boxB] = [ana.locator('#box'), besa.locator('#box')];
    const first = { name: 'Leave the first comment' } as const;
    await expect(boxA.getByRole('button', first).textContent()).resolves.toBe(first.name);
    await boxB.getByRole('button', first).click();
    await besa.keyboard.type('Half a thought');
    await besa.keyboard.press('ArrowLeft');
    await besa.locator('#status[data-state=live]').waitFor();
    await boxA.getByRole('button', first).click();
    await boxA.getByLabel('Your comment').fill('What happens after the next election?');
    await boxA.getByLabel('Your name').fill('Ana');

    await besa.evaluate(() => {
      const root = document.querySelector('#box')!.shadowRoot!;
      new MutationObserver((_, observer) => {
        if (!root.querySelector('article')) return;
        (window as unknown as { seenAt: number }).seenAt = Date.now();
        observer.disconnect();
      }).observe(root, { childList: true, subtree: true });
    });
    const answered = ana.waitForResponse((answer) => answer.request().method() === 'POST' && answer.url().endsWith('/comments')); // prettier-ignore
    await boxA.getByRole('button', { name: 'Post' }).click();
    await answered;
    const postedAt = Date.now();
    await boxB.getByRole('article', { name: 'Comment from Ana' }).waitFor();
    const seenAt = await besa.evaluate(() => (window as unknown as { seenAt: number }).seenAt);
    expect(seenAt - postedAt).toBeLessThan(250);

    const state = await besa.evaluate(() => {
      const root = document.querySelector('#box')!.shadowRoot!;
      const field = root.activeElement as HTMLTextAreaElement;
      return {
        text: field.value,
        caret: field.selectionStart,
        pills: root.querySelectorAll('.pill').length,
        said: document.querySelector('[slot=sayso-live]')?.textContent,
      };
    });
    expect(state).toEqual({
      text: 'Half a thought',
      caret: 13,
      pills: 0,
      said: 'First comment, from Ana',
    });
    await expect(boxB.locator('[part=heading]').textContent()).resolves.toBe('1 comment');
  });

  it('does not move the button when the first comment of somebody else arrives', async () => {
    const phone = { viewport: { width: 360, height: 740 } };
    const ana = await stage.person(thread('still'), phone);
    const besa = await stage.person(thread('still'), phone);
    const button = besa.locator('[part=cta]');
    await besa.getByRole('button', { name: 'Leave the first comment' }).waitFor();
    const before = await button.boundingBox();
    await writeComment(ana, 'Ana', 'First');
    await besa.getByRole('article').waitFor();
    const after = await button.boundingBox();
    await expect(button.textContent()).resolves.toBe('Add a comment');
    expect(after).toMatchObject({ x: before!.x, y: before!.y, height: before!.height });
  });

  it('holds what arrives behind the pill and shows it on request, the focus on the first of it', async () => {
    const ana = await stage.person(thread('pill'));
    const besa = await stage.person(thread('pill'));
    await writeComment(besa, 'Besa', 'One');
    await besa.getByRole('article', { name: 'Comment from Besa' }).waitFor();
    await ana.getByRole('article', { name: 'Comment from Besa' }).waitFor();
    await writeComment(ana, 'Ana', 'Two');
    await ana.getByText('Two').waitFor();
    await writeComment(ana, 'Ana', 'Three');
    const pill = besa.getByRole('button', { name: '2 new comments, show' });
    await pill.waitFor();
    await expect(besa.getByRole('article').count()).resolves.toBe(1);
    const overlaps = await besa.evaluate(() => {
      const root = document.querySelector('sayso-thread')!.shadowRoot!;
      const pill = root.querySelector('.pill')!.getBoundingClientRect();
      const name = root.querySelector('[part=header]')!.getBoundingClientRect();
      return pill.bottom > name.top;
    });
    expect(overlaps).toBe(false);
    await pill.click();
    await besa.getByText('Three').waitFor();
    const focused = await besa.evaluate(() => document.querySelector('sayso-thread')!.shadowRoot!.activeElement!.textContent); // prettier-ignore
    expect(focused).toContain('Three');
    await expect(besa.getByRole('article').count()).resolves.toBe(3);
  });

  it('holds replies behind a pill under their parent, counts them, and shows edits and deletions in place', async () => {
    const ana = await stage.person(thread('replies'));
    const besa = await stage.person(thread('replies'));
    await writeComment(besa, 'Besa', 'A question');
    const parent = ana.getByRole('article', { name: 'Comment from Besa' });
    await parent.getByRole('button', { name: 'Reply: Besa' }).click();
    await ana.getByLabel('Your reply to Besa').fill('An answer');
    await ana.getByLabel('Your name').fill('Ana');
    await ana.keyboard.press('Control+Enter');
    const own = ana.getByRole('article', { name: 'Reply from Ana' });
    await own.getByRole('button', { name: 'Edit: Ana' }).waitFor();
    await besa.getByRole('button', { name: '1 new reply' }).click();
    const reply = besa.getByRole('article', { name: 'Reply from Ana' });
    await reply.getByText('An answer').waitFor();

    await own.getByRole('button', { name: 'Edit: Ana' }).click();
    await own.getByLabel('Your comment').fill('A better answer');
    await own.getByRole('button', { name: 'Save' }).click();
    await reply.getByText('A better answer').waitFor();
    await reply.getByText('edited').waitFor();

    await reply.getByRole('button', { name: /^0 votes for Ana/ }).click();
    await own.locator('.votes').getByText('1').waitFor();

    await own.getByRole('button', { name: 'Delete: Ana' }).click();
    await own.getByRole('button', { name: 'Undo' }).click();
    await own.getByRole('button', { name: 'Delete: Ana' }).click();
    await reply.waitFor({ state: 'detached', timeout: 15_000 });
    await expect(besa.locator('[part=heading]').textContent()).resolves.toBe('1 comment');
  });

  it('keeps a tombstone where a comment with replies was deleted', async () => {
    const ana = await stage.person(thread('tomb'));
    const besa = await stage.person(thread('tomb'));
    await writeComment(ana, 'Ana', 'To be withdrawn');
    await besa.getByRole('button', { name: 'Reply: Ana' }).click();
    await besa.getByLabel('Your reply to Ana').fill('Kept');
    await besa.getByLabel('Your name').fill('Besa');
    await besa.keyboard.press('Control+Enter');
    await ana.getByRole('button', { name: '1 new reply' }).click();
    await ana.getByRole('button', { name: 'Delete: Ana' }).click();
    await besa.getByText('This comment was deleted').waitFor({ timeout: 15_000 });
    await expect(besa.getByText('To be withdrawn').count()).resolves.toBe(0);
    await expect(besa.getByText('Kept').count()).resolves.toBe(1);
  });

  it('catches up after a time without a connection', async () => {
    const ana = await stage.person(thread('offline'));
    const besa = await stage.person(thread('offline'));
    await writeComment(ana, 'Ana', 'Before');
    await besa.getByText('Before').waitFor();
    await besa.context().setOffline(true);
    await writeComment(ana, 'Ana', 'Meanwhile');
    await ana.getByRole('button', { name: 'Edit: Ana' }).nth(1).waitFor();
    await besa.context().setOffline(false);
    await besa.getByRole('button', { name: '1 new comment, show' }).waitFor();
  });
});
