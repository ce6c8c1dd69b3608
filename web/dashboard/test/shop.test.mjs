import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { order, product, requestsTo, show, useBrowser, visit } from './harness.mjs';

describe('the shop', () => {
  useBrowser();

  it('lets new orders wait behind a button: no row moves by itself', () =>
    visit('/orders', {}, async (page, mock) => {
      await page.getByRole('link', { name: '10482' }).waitFor();
      for (let n = 0; n < 3; n++) mock.newOrder();
      await page.getByRole('button', { name: '3 new orders' }).waitFor();
      assert.equal(await page.getByRole('row').nth(1).getByRole('link').first().textContent(), '10482');
      await page.getByRole('button', { name: '3 new orders' }).click();
      await page.getByRole('link', { name: '10485' }).waitFor();
      assert.equal(await page.getByRole('button', { name: /new order/ }).count(), 0);
    }));

  it('keeps filters, tab and page in the address', () =>
    visit(`/orders?show=${show(1)}&state=sent&q=madsen`, {}, async (page) => {
      await page.getByText('Show: Thursday kiln opening').waitFor();
      assert.equal(await page.getByLabel('Search orders').inputValue(), 'madsen');
      await page.getByRole('cell', { name: 'Henrik Madsen' }).first().waitFor();
      await page.getByRole('navigation', { name: 'Which orders' }).getByRole('link', { name: /^All/ }).click();
      await page.getByLabel('Search orders').fill('');
      await page.getByText('1 to 25 of 71 orders').waitFor();
      await page.getByRole('button', { name: 'Next' }).click();
      await page.getByText('26 to 50 of 71 orders').waitFor();
      await page.reload();
      await page.getByText('26 to 50 of 71 orders').waitFor();
      await page.getByRole('button', { name: 'Back' }).click();
      await page.getByText('1 to 25 of 71 orders').waitFor();
    }));

  it('asks for the password before a refund, and sends the same refund again with the same key', () =>
    visit(`/orders/${order(10482)}`, {}, async (page) => {
      const refunds = requestsTo(page, '/refunds');
      await page.getByRole('button', { name: 'Refund…' }).click();
      await page.getByRole('button', { name: 'One more' }).first().click();
      await page.getByRole('button', { name: 'Refund €39.00' }).click();
      await page.getByLabel('Password').fill('correct horse battery');
      await page.getByRole('button', { name: 'Confirm' }).click();
      await page.getByText('Refunded €39.00 of order 10482').waitFor();
      assert.equal(refunds.length, 2);
      assert.deepEqual(refunds[0].body, {
        amount: { minor: 3900, currency: 'EUR' },
        lines: [{ line: 0, quantity: 1 }],
        restock: true,
        reason: 'Changed their mind',
      });
      assert.deepEqual(refunds[1].body, refunds[0].body);
      assert.ok(refunds[0].headers['idempotency-key']);
      assert.equal(refunds[1].headers['idempotency-key'], refunds[0].headers['idempotency-key']);
    }));

  it('can’t refund more than was charged', () =>
    visit(`/orders/${order(10482)}`, {}, async (page) => {
      await page.getByRole('button', { name: 'Refund…' }).click();
      await page.getByRole('button', { name: 'One more' }).click();
      await page.getByRole('button', { name: 'One more' }).click();
      assert.equal(await page.getByRole('button', { name: 'One more' }).isDisabled(), true);
      await page.getByLabel('Shipping to refund').fill('5.96');
      assert.equal(await page.getByRole('button', { name: /^Refund €/ }).isDisabled(), true);
      await page.getByLabel('Shipping to refund').fill('5.95');
      await page.getByRole('button', { name: 'Refund €83.95' }).waitFor();
    }));

  it('shows a stream key once', () =>
    visit(`/shows/${show(2)}/studio`, { before: (mock) => (mock.world.ingest = 'waiting') }, async (page) => {
      await page.getByRole('button', { name: 'Make a stream key' }).click();
      await page.getByText('live_8Kq2vN4xTz7RwA913f9c').waitFor();
      assert.ok(!page.url().includes('live_'));
      await page.getByRole('button', { name: 'I have stored it' }).click();
      await page.getByText('•••• 3f9c').waitFor();
      await page.reload();
      await page.getByText('•••• 3f9c').waitFor();
      assert.equal(await page.getByText('live_8Kq2').count(), 0);
    }));

  it('counts down before it goes live, and can be stopped until then', () =>
    visit(`/shows/${show(2)}/studio`, {}, async (page) => {
      const posts = requestsTo(page, '/go-live');
      await page.getByRole('button', { name: 'Go live' }).click();
      await page.getByRole('button', { name: /^Live in \d s. Stop/ }).click();
      await page.getByRole('button', { name: 'Go live' }).waitFor();
      assert.equal(posts.length, 0);
      await page.getByRole('button', { name: 'Go live' }).click();
      await page.waitForURL(/\/live$/);
      assert.equal(posts.length, 1);
    }));

  it('saves a show as it is typed, on the version that was read', () =>
    visit(`/shows/${show(4)}`, {}, async (page) => {
      const patches = requestsTo(page, `/v1/admin/shows/${show(4)}`);
      await page.getByLabel('Title').fill('Advent mugs, second drop');
      await page.getByText('Saved at').waitFor();
      await page.getByLabel('Host').fill('Maren');
      await page.waitForResponse((response) => response.request().method() === 'PATCH');
      const sent = patches.filter(({ method }) => method === 'PATCH');
      assert.deepEqual(
        sent.map(({ body, headers }) => [body, headers['if-match']]),
        [
          [{ title: 'Advent mugs, second drop' }, '"1"'],
          [{ host_name: 'Maren' }, '"2"'],
        ],
      );
    }));

  it('shows both versions when somebody else saved first', () =>
    visit(`/shows/${show(4)}`, {}, async (page) => {
      await page.getByLabel('Title').waitFor();
      await page.evaluate(async (id) => {
        await fetch(`/v1/admin/shows/${id}`, {
          method: 'PATCH',
          headers: { 'content-type': 'application/json', 'if-match': '"1"' },
          body: JSON.stringify({ title: 'Theirs' }),
        });
      }, show(4));
      await page.getByLabel('Title').fill('Mine');
      const dialog = page.getByRole('dialog', { name: 'Someone else changed this a moment ago' });
      await dialog.getByRole('row', { name: 'Title Theirs Mine' }).waitFor();
      await dialog.getByRole('button', { name: 'Keep mine' }).click();
      await page.getByText('Saved at').waitFor();
      assert.equal(await page.getByLabel('Title').inputValue(), 'Mine');
    }));

  it('refuses a live price above the shop’s before it is sent', () =>
    visit(`/shows/${show(4)}`, {}, async (page) => {
      const patches = requestsTo(page, '/cues/');
      await page.getByLabel('Live price of Salt-glaze pitcher').fill('92.00');
      await page.getByLabel('Title').click();
      await page.getByText('The live price is above the shop price of €88.00.').waitFor();
      assert.equal(patches.length, 0);
      const answered = page.waitForResponse((response) => response.url().includes('/cues/'));
      await page.getByLabel('Live price of Salt-glaze pitcher').fill('80');
      await page.getByLabel('Title').click();
      await answered;
      assert.deepEqual(
        patches[0].body.live_prices.map(({ price }) => price),
        [{ minor: 8000, currency: 'EUR' }],
      );
    }));

  it('adds a sale to the run of a show that is being planned', () =>
    visit(`/shows/${show(4)}`, {}, async (page) => {
      const made = requestsTo(page, '/cues');
      await page.getByRole('button', { name: 'Add to the show' }).click();
      const dialog = page.getByRole('dialog', { name: 'Add a cue' });
      await dialog.getByRole('button', { name: 'Flash sale', exact: true }).click();
      await dialog.getByRole('radio', { name: /Moon vase/ }).check();
      await dialog.getByLabel('Sale price, EUR').fill('99');
      await dialog.getByLabel('Pieces at most').fill('3');
      await dialog.getByRole('button', { name: 'Add the sale' }).click();
      await page.getByRole('rowheader', { name: 'Flash sale: Moon vase, tall' }).waitFor();
      const { flash } = made.find(({ method }) => method === 'POST').body;
      assert.deepEqual(
        [flash.cap, flash.duration_s, flash.prices[0].price],
        [3, 300, { minor: 9900, currency: 'EUR' }],
      );
    }));

  it('adjusts stock once per intention, and says what it comes to', () =>
    visit(`/products/${product(3)}`, {}, async (page) => {
      const adjustments = requestsTo(page, '/stock-adjustments');
      await page.getByRole('button', { name: 'Adjust the stock of Small, 14 cm' }).click();
      const dialog = page.getByRole('dialog');
      await dialog.getByRole('button', { name: 'Take off' }).click();
      await dialog.getByLabel('Pieces').fill('11');
      await dialog.getByRole('button', { name: 'Take 11 pieces' }).click();
      await dialog.getByText('Only 10 pieces can be taken').waitFor();
      await dialog.getByRole('button', { name: 'Put on the shelf' }).click();
      await dialog.getByLabel('Pieces').fill('12');
      await dialog.getByRole('button', { name: 'Add 12 pieces' }).click();
      await page.getByText('Added 12 pieces to Celadon ramen bowl').waitFor();
      await page.getByText('60 stocked').waitFor();
      assert.equal(adjustments.length, 1);
      assert.ok(adjustments[0].headers['idempotency-key']);
    }));

  it('keeps the page and what was typed when the session ends', () =>
    visit(`/products/${product(3)}`, {}, async (page, mock) => {
      await page.getByLabel('Name', { exact: true }).fill('Celadon bowl');
      mock.world.session = false;
      await page.getByRole('button', { name: 'Save' }).click();
      await page.getByRole('dialog', { name: 'Sign in again to go on' }).waitFor();
      await page.getByLabel('Password of tomas@kilnandco.example').fill('correct horse battery');
      await page.getByRole('dialog').getByRole('button', { name: 'Sign in' }).click();
      await page.getByRole('dialog').waitFor({ state: 'detached' });
      assert.equal(await page.getByLabel('Name', { exact: true }).inputValue(), 'Celadon bowl');
    }));

  it('has no place for what a role may not do', () =>
    visit('/orders', { role: 'host' }, async (page) => {
      await page.getByText('There is nothing at this address').waitFor();
      assert.deepEqual(
        await page
          .getByRole('navigation', { name: 'Main' })
          .getByRole('link')
          .allTextContents()
          .then((names) => names.slice(1, 2)),
        ['Shows9'],
      );
      assert.equal(await page.getByRole('link', { name: 'Orders' }).count(), 0);
    }));
});
