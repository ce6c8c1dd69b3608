import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { live, requestsTo, useBrowser, visit } from './harness.mjs';

const row = (page, title) =>
  page.getByRole('list', { name: 'Run of show' }).getByRole('listitem').filter({ hasText: title });
const ready = (page) => page.getByText('Camille R.').waitFor();

describe('the control room', () => {
  useBrowser();

  it('shows a pin as sending until the room has it, then as on screen', () =>
    visit(live, { before: (mock) => (mock.world.late = 1500) }, async (page) => {
      await ready(page);
      await page.getByRole('button', { name: 'Pin now: Moon vase, tall' }).click();
      await row(page, 'Moon vase, tall').getByText('SENDING').waitFor();
      await row(page, 'Moon vase, tall').getByText('ON SCREEN').waitFor();
      await page.getByRole('article', { name: 'On screen now' }).getByText('Moon vase, tall').waitFor();
    }));

  it('arms a sale for five seconds, and lets it be called back', () =>
    visit(live, {}, async (page) => {
      await ready(page);
      const starts = requestsTo(page, '/start');
      await page.keyboard.press('n');
      await page.getByText('Flash sale starts in 5 s').waitFor();
      await page.keyboard.press('z');
      await page.getByRole('button', { name: /^Next, planned/ }).waitFor();
      await page.waitForFunction(
        (until) => performance.now() > until,
        await page.evaluate(() => performance.now() + 5200),
      );
      assert.equal(starts.length, 0);
    }));

  it('starts an armed sale once its seconds are over, beside the pin', () =>
    visit(live, {}, async (page) => {
      await ready(page);
      await page.keyboard.press('n');
      await page.getByRole('article', { name: 'Flash sale on screen' }).waitFor();
      await page.getByRole('article', { name: 'On screen now' }).getByText('Celadon ramen bowl').waitFor();
    }));

  it('takes keys for letters only while somebody types, and ends no show by key', () =>
    visit(live, {}, async (page) => {
      await ready(page);
      const posts = requestsTo(page, '/v1/admin/shows/');
      await page.getByLabel('Message', { exact: true }).fill('');
      await page.getByLabel('Message', { exact: true }).pressSequentially('nupdmbza?');
      assert.equal(await page.getByLabel('Message', { exact: true }).inputValue(), 'nupdmbza?');
      await page.keyboard.press('Escape');
      for (const key of 'bcdefghijkmoqrstvwxy'.split('').concat('Delete', 'Backspace', 'End', 'Escape'))
        await page.keyboard.press(key);
      assert.deepEqual(
        posts.filter(({ method }) => method === 'POST'),
        [],
      );
      assert.equal(await page.getByRole('dialog').count(), 0);
    }));

  it('can switch the keys off, and still says how', () =>
    visit(live, {}, async (page) => {
      await ready(page);
      await page.keyboard.press('?');
      await page.getByRole('switch', { name: 'Use these keys' }).click();
      await page.getByRole('button', { name: 'Done', exact: true }).click();
      await page.keyboard.press('a');
      assert.equal(await page.getByRole('dialog').count(), 0);
      await page.getByRole('button', { name: 'Keyboard shortcuts' }).click();
      await page.getByRole('dialog', { name: 'Keyboard shortcuts' }).waitFor();
    }));

  it('moves a cue with the arrow keys on its handle, and takes that back', () =>
    visit(live, {}, async (page) => {
      await ready(page);
      const titles = () => page.locator('[data-cue] .cue__t b').allTextContents();
      const before = await titles();
      await page.getByRole('button', { name: 'Move Moon vase, tall' }).press('ArrowDown');
      await page.getByText('Moved Moon vase, tall down').waitFor();
      assert.deepEqual((await titles()).slice(1, 3), ['Salt-glaze pitcher', 'Moon vase, tall']);
      await page.keyboard.press('Escape');
      await page.locator('h1').click();
      await page.keyboard.press('z');
      await page.waitForFunction(
        (first) => document.querySelectorAll('[data-cue] .cue__t b')[1]?.textContent === first,
        before[1],
      );
      assert.deepEqual(await titles(), before);
    }));

  it('removes a message at once, and can put it back', () =>
    visit(live, {}, async (page) => {
      await page.getByText('cheaper at celadon-outlet').hover();
      await page
        .getByRole('toolbar', { name: 'Message from dea.ls' })
        .getByRole('button', { name: 'Remove the message' })
        .click();
      await page.getByText('You removed a message from dea.ls').waitFor();
      await page.mouse.move(10, 10);
      await page.keyboard.press('z');
      await page.getByText('cheaper at celadon-outlet').waitFor();
    }));

  it('moves no line under a pointer, and counts what came meanwhile', () =>
    visit(live, {}, async (page, mock) => {
      await ready(page);
      await page.getByText('Yusuf').hover();
      const at = async () => (await page.getByText('Yusuf').boundingBox()).y;
      const before = await at();
      for (let n = 0; n < 30; n++) mock.room.say('Bea', `line ${n}`);
      await page.getByRole('button', { name: '30 new messages' }).waitFor();
      assert.equal(await at(), before);
      await page.getByRole('button', { name: '30 new messages' }).click();
      await page.getByText('line 29').waitFor();
    }));

  it('keeps its figures when it is offline, says since when, and lets nobody act', () =>
    visit(live, { mayFail: [/ERR_/] }, async (page, mock) => {
      await ready(page);
      mock.world.down = true;
      mock.room.drop();
      await page.getByText('You are offline since').waitFor();
      await page.getByText(/^as of \d\d:\d\d:\d\d$/).waitFor();
      assert.equal(await page.getByRole('button', { name: 'Pin now: Moon vase, tall' }).isDisabled(), true);
      assert.equal(await page.getByRole('button', { name: /^Next/ }).isDisabled(), true);
      assert.match(await page.locator('.nums').innerText(), /1,284/);
      mock.world.down = false;
      await page.getByRole('button', { name: 'Try now' }).click();
      await page.getByText('You are offline since').waitFor({ state: 'detached' });
      assert.equal(await page.getByRole('button', { name: 'Pin now: Moon vase, tall' }).isDisabled(), false);
    }));

  it('gives back exactly what was said while it was away', () =>
    visit(live, {}, async (page, mock) => {
      await ready(page);
      mock.room.drop();
      mock.room.say('Bea', 'said in the gap');
      await page.getByText('said in the gap').waitFor();
      assert.equal(await page.getByText('said in the gap').count(), 1);
      assert.equal(await page.getByText('Is it €39 for the large one too?').count(), 1);
    }));

  it('asks before it ends a show, with staying as the first choice', () =>
    visit(live, {}, async (page) => {
      await ready(page);
      const ends = requestsTo(page, '/end');
      await page.getByRole('button', { name: 'End show…' }).click();
      await page.getByRole('dialog', { name: 'End the show for 1,284 viewers?' }).waitFor();
      assert.equal(await page.evaluate(() => document.activeElement.textContent), 'Stay live');
      await page.keyboard.press('Escape');
      assert.equal(await page.evaluate(() => document.activeElement.textContent), 'End show…');
      await page.getByRole('button', { name: 'End show…' }).click();
      await page.getByRole('button', { name: 'End show', exact: true }).click();
      await page.getByText('Thursday kiln opening has ended').waitFor();
      assert.deepEqual(
        ends.map(({ body }) => body),
        [{ confirm: true }],
      );
    }));

  it('shows a moderator no way to end a show, and an analyst no chat', async () => {
    await visit(live, { role: 'moderator' }, async (page) => {
      await ready(page);
      assert.equal(await page.getByRole('button', { name: 'End show…' }).count(), 0);
    });
    await visit(live, { role: 'analyst' }, async (page) => {
      await page.getByText('Audience and orders').waitFor();
      assert.equal(await page.getByRole('region', { name: 'Chat' }).count(), 0);
      assert.equal(await page.getByRole('button', { name: /Pin now/ }).count(), 0);
    });
  });

  it('has Pin, Chat and Numbers on a phone, with nothing under 44 pixels to tap', () =>
    visit(live, { width: 390, height: 844 }, async (page) => {
      await page.getByText('On screen,').waitFor();
      for (const tab of ['Pin', 'Chat', 'Numbers']) {
        await page.getByRole('tab', { name: tab, exact: true }).first().click();
        const small = await page.evaluate(() =>
          [...document.querySelectorAll('button:not([disabled]), a[href], textarea')]
            .map((element) => [
              element.getBoundingClientRect(),
              element.textContent || element.getAttribute('aria-label'),
            ])
            .filter(([box]) => box.width > 0 && box.height > 0 && (box.height < 44 || box.width < 44))
            .map(([box, name]) => `${name} ${Math.round(box.width)}×${Math.round(box.height)}`),
        );
        assert.deepEqual(small, [], tab);
      }
    }));
});
