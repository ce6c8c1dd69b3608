import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { after, before, describe, it } from 'node:test';
import type { Browser, Page } from 'playwright-core';
import { openBrowser, openMock, PHONE, sit, type Mock } from './stage.ts';

const axe = readFileSync(createRequire(`${process.cwd()}/`).resolve('axe-core/axe.min.js'), 'utf8');

async function faults(page: Page): Promise<string[]> {
  await page.evaluate(axe);
  return page.evaluate(async () => {
    const { axe: tool } = window as unknown as {
      axe: {
        run(
          node: Element,
          options: object,
        ): Promise<{ violations: { id: string; nodes: { html: string; failureSummary: string }[] }[] }>;
      };
    };
    const { violations } = await tool.run(document.querySelector('showfloor-show')!, {
      runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'],
    });
    return violations.flatMap(({ id, nodes }) =>
      nodes.map(({ html, failureSummary }) => `${id}: ${html.slice(0, 160)} ${failureSummary}`),
    );
  });
}

describe('for everybody', () => {
  let mock: Mock;
  let browser: Browser;
  before(async () => {
    [mock, browser] = await Promise.all([openMock({ video: false }), openBrowser()]);
    mock.speak('Mara', 'host', 'It does, noor. Same cone, size 02.', {
      reply_to: { id: 'x', name: 'noor', text: 'Does it fit?' },
    });
    mock.publish({
      t: 'sold',
      at: 1,
      name: 'Ines',
      product_id: mock.products[0]!.id,
      title: 'a Hana set',
      quantity: 1,
    });
  });
  after(async () => {
    await browser.close();
    await mock.close();
  });

  for (const colorScheme of ['light', 'dark'] as const)
    for (const [name, viewport] of [
      ['phone', PHONE],
      ['desk', { width: 1440, height: 900 }],
    ] as const)
      it(`has no fault that axe can find: ${name}, ${colorScheme}`, async () => {
        // The policy forbids the test's own script; its text is what is tested here, not the policy.
        const seat = await sit(browser, mock.url, { colorScheme, viewport, bypassCSP: true, reducedMotion: 'reduce' });
        const { page } = seat;
        const at = async (place: string) => assert.deepEqual(await faults(page), [], place);
        await page.getByRole('button', { name: /^Buy Hana/ }).waitFor();
        await page.getByText('It does, noor.').waitFor();
        await at('live');
        await page.getByRole('button', { name: /^Buy Hana/ }).click();
        await page.getByRole('dialog', { name: 'Hana pour-over set' }).waitFor();
        await at('product');
        await page.getByRole('button', { name: 'Add to bag' }).click();
        await page.getByRole('button', { name: 'In your bag, open it' }).first().click();
        await page.getByRole('dialog', { name: 'Your bag' }).waitFor();
        await at('bag');
        await page.getByRole('dialog').getByRole('button', { name: 'Check out' }).click();
        await page.getByRole('button', { name: /^Pay/ }).click();
        await page.getByText('Write your name.').waitFor();
        await at('checkout');
        await seat.leave();
      });

  it('says what is on, and how a card stands, in words and not by colour alone', async () => {
    const seat = await sit(browser, mock.url);
    await seat.page.getByText('LIVE', { exact: true }).first().waitFor();
    mock.tellStock(0, 1, { available: 0, reserved: 3 });
    await seat.page.getByText('All 3 are being paid for').waitFor();
    mock.tellStock(0, 1, { available: 0, reserved: 0 });
    await seat.page.getByText('Sold out').first().waitFor();
    mock.tellStock(0, 1, { available: 1, reserved: 0 });
    await seat.page.getByText('Last one').waitFor();
    await seat.leave();
  });

  it('moves nothing for those who asked for that', async () => {
    const seat = await sit(browser, mock.url, { reducedMotion: 'reduce' });
    await seat.page.getByRole('button', { name: /^Buy Hana/ }).click();
    await seat.page.getByRole('dialog').waitFor();
    const moving = await seat.page.evaluate(
      () =>
        document
          .querySelector('showfloor-show')!
          .shadowRoot!.getAnimations()
          .filter((a) => a.playState === 'running' && Number(a.effect?.getComputedTiming().duration) > 0).length,
    );
    assert.equal(moving, 0);
    await seat.leave();
  });

  it('never moves the button that a thumb is on its way to', async () => {
    const seat = await sit(browser, mock.url, { reducedMotion: 'reduce' });
    const buy = seat.page.getByRole('button', { name: /^Buy/ });
    await buy.waitFor();
    const place = async () => {
      const box = (await buy.boundingBox())!;
      return [box.x + box.width, box.y, box.height];
    };
    const first = await place();
    mock.publish({
      t: 'pinned_message',
      message: {
        id: 'p',
        at: 1,
        from: { id: 'x', name: 'Mara', role: 'host' },
        text: 'Every set leaves in a gift box this week. '.repeat(4),
      },
    });
    for (let i = 0; i < 12; i++)
      mock.speak('tomek', 'viewer', 'a line that is long enough to need two of them on a phone, or three');
    await seat.page.getByText('Every set leaves').first().waitFor();
    mock.flash(0, 4900, 180, 20, Date.now() - 60_000);
    await seat.page.getByText('Flash price').first().waitFor();
    assert.deepEqual(await place(), first);
    await seat.leave();
  });
});
