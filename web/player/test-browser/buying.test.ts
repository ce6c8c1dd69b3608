import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { Browser, Page } from 'playwright-core';
import { fillCheckout, openBrowser, openMock, sit, type Mock } from './stage.ts';

const pay = (page: Page) => page.getByRole('button', { name: /^Pay/ }).click();

describe('buying', () => {
  let mock: Mock;
  let browser: Browser;
  before(async () => {
    // No picture is needed to buy; a silent show must sell too.
    [mock, browser] = await Promise.all([openMock({ video: false }), openBrowser()]);
    mock.pin(3, Date.now() - 60_000);
  });
  after(async () => {
    await browser.close();
    await mock.close();
  });

  async function toCheckout(page: Page): Promise<void> {
    await page.getByRole('button', { name: /^Buy Cone filters/ }).click();
    await page.getByRole('dialog', { name: 'Checkout' }).waitFor();
    await page.getByRole('button', { name: /^Pay/ }).waitFor();
  }
  const lastTotal = () => [...mock.checkouts.values()].at(-1)!.quote.total.minor;

  it('charges the total that is on the button', async () => {
    const seat = await sit(browser, mock.url);
    await toCheckout(seat.page);
    await fillCheckout(seat.page, '4242424242424242');
    const words = await seat.page.getByRole('button', { name: /^Pay/ }).textContent();
    await pay(seat.page);
    await seat.page.getByRole('heading', { name: 'It’s yours, Ana.' }).waitFor();
    assert.equal(Math.round(Number(words!.replace(/[^\d.]/g, '')) * 100), lastTotal());
    assert.deepEqual(seat.trouble, []);
    await seat.leave();
  });

  it('with a card that is declined says so, keeps the hold, and takes another', async () => {
    const seat = await sit(browser, mock.url);
    await toCheckout(seat.page);
    await fillCheckout(seat.page, '4000000000000002');
    await pay(seat.page);
    await seat.page.getByRole('alert').getByText('Your bank said no to this card').waitFor();
    assert.equal(await seat.page.getByLabel('Card number').inputValue(), '');
    await seat.page.getByText('Held for you').waitFor();
    await fillCheckout(seat.page, '4242424242424242');
    await pay(seat.page);
    await seat.page.getByRole('heading', { name: 'It’s yours, Ana.' }).waitFor();
    await seat.leave();
  });

  it('with a card that asks, asks', async () => {
    const seat = await sit(browser, mock.url);
    await toCheckout(seat.page);
    await fillCheckout(seat.page, '4000000000003220');
    await pay(seat.page);
    await seat.page.getByRole('heading', { name: 'Your bank asks: is this you?' }).waitFor();
    await seat.page.getByRole('button', { name: 'Yes, it’s me' }).click();
    await seat.page.getByRole('heading', { name: 'It’s yours, Ana.' }).waitFor();
    await seat.leave();
  });

  it('with a card that answers late says what is happening, and brings the answer to the show', async () => {
    const seat = await sit(browser, mock.url);
    await toCheckout(seat.page);
    await fillCheckout(seat.page, '4000000000000077');
    await pay(seat.page);
    await seat.page.getByRole('heading', { name: 'Your bank is checking.' }).waitFor();
    await seat.page.getByRole('button', { name: 'Back to the show' }).click();
    await seat.page.getByText(/^Order \d+ is paid\.$/).waitFor();
    await seat.page.getByRole('button', { name: 'See it' }).click();
    await seat.page.getByRole('heading', { name: 'It’s yours, Ana.' }).waitFor();
    await seat.leave();
  });

  it('needs no cookie, no storage and no account', async () => {
    const seat = await sit(browser, mock.url, {
      init: () => {
        for (const name of ['localStorage', 'sessionStorage', 'indexedDB'])
          Object.defineProperty(window, name, {
            get() {
              throw new DOMException('blocked', 'SecurityError');
            },
          });
        Object.defineProperty(Document.prototype, 'cookie', {
          get() {
            throw new DOMException('blocked', 'SecurityError');
          },
        });
      },
    });
    await seat.page.getByRole('textbox', { name: 'Message' }).fill('hello from nowhere');
    await seat.page.keyboard.press('Enter');
    await seat.page.getByRole('log').getByText('hello from nowhere').waitFor();
    await toCheckout(seat.page);
    await fillCheckout(seat.page, '4242424242424242');
    await pay(seat.page);
    await seat.page.getByRole('heading', { name: 'It’s yours, Ana.' }).waitFor();
    assert.deepEqual(seat.trouble, []);
    await seat.leave();
  });

  it('finds bag and hold again after a reload', async () => {
    const seat = await sit(browser, mock.url);
    await toCheckout(seat.page);
    await seat.page.reload();
    await seat.page.getByRole('button', { name: 'Bag, 1 item' }).click();
    await seat.page.getByRole('button', { name: 'Continue to pay' }).click();
    await fillCheckout(seat.page, '4242424242424242');
    await pay(seat.page);
    await seat.page.getByRole('heading', { name: 'It’s yours, Ana.' }).waitFor();
    await seat.leave();
  });

  it('goes by keyboard alone, with focus where it belongs', async () => {
    const seat = await sit(browser, mock.url);
    const { page } = seat;
    const focused = () =>
      page.evaluate(() => {
        const inner = document.querySelector('showfloor-show')!.shadowRoot!.activeElement;
        return inner?.getAttribute('aria-label') ?? inner?.textContent?.trim() ?? '';
      });
    await page.getByRole('button', { name: /^Buy Cone filters/ }).focus();
    await page.keyboard.press('Enter');
    await page.getByRole('button', { name: /^Pay/ }).waitFor();
    assert.equal(await focused(), 'Checkout');
    const tabTo = async (label: string) => {
      for (let i = 0; i < 25; i++) {
        await page.keyboard.press('Tab');
        const name = await page.evaluate(() => {
          const inner = document.querySelector('showfloor-show')!.shadowRoot!.activeElement as HTMLInputElement | null;
          return `${inner?.closest('.sheet') ? '' : 'OUTSIDE '}${inner?.labels?.[0]?.textContent ?? inner?.textContent ?? ''}`;
        });
        assert.ok(!name.startsWith('OUTSIDE'), 'focus left the sheet');
        if (name.trim().startsWith(label)) return;
      }
      assert.fail(`${label} is not reachable`);
    };
    for (const [label, value] of [
      ['Name', 'Ana Ruiz'],
      ['E-mail', 'ana@ruiz.example'],
      ['Street', 'Bergstraße 14'],
      ['Postcode', '20095'],
      ['City', 'Hamburg'],
    ] as const) {
      await tabTo(label);
      await page.keyboard.type(value);
    }
    await tabTo('Card number');
    await page.keyboard.type('4242424242424242');
    await tabTo('Valid until');
    await page.keyboard.type('0829');
    await tabTo('Security code');
    await page.keyboard.type('123');
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'It’s yours, Ana.' }).waitFor();
    assert.equal(await focused(), 'It’s yours, Ana.');
    await page.keyboard.press('Escape');
    await page.getByRole('button', { name: /^Buy Cone filters/ }).waitFor();
    assert.match(await focused(), /^Buy Cone filters/);
    await seat.leave();
  });

  it('says that a hold has ended when it has, and holds again', async () => {
    const brief = await openMock({ video: false, holdMs: 3_000 });
    brief.pin(3, Date.now() - 60_000);
    const seat = await sit(browser, brief.url);
    await toCheckout(seat.page);
    await seat.page.getByRole('alertdialog', { name: 'Your hold has ended' }).waitFor();
    await seat.page.getByRole('button', { name: /^Hold again/ }).click();
    await seat.page.getByRole('dialog', { name: 'Checkout' }).getByRole('button', { name: /^Pay/ }).waitFor();
    await seat.leave();
    await brief.close();
  });

  it('lets the page take over: a prevented request goes no further', async () => {
    const seat = await sit(browser, mock.url);
    await seat.page.evaluate(() => {
      const show = document.querySelector('showfloor-show')!;
      show.addEventListener('show-buyrequest', (event) => {
        event.preventDefault();
        (window as unknown as { asked: unknown }).asked = (event as CustomEvent).detail;
      });
    });
    await seat.page.getByRole('button', { name: /^Buy Cone filters/ }).click();
    await seat.page.waitForFunction(() => 'asked' in window);
    const asked = await seat.page.evaluate(
      () => (window as unknown as { asked: { productId: string; quantity: number } }).asked,
    );
    assert.deepEqual([asked.productId, asked.quantity], [mock.products[3]!.id, 1]);
    assert.equal(await seat.page.getByRole('dialog').count(), 0);
    await seat.leave();
  });
});
