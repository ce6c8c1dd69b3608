// Abuse case R3: whatever somebody writes anywhere is text, and only ever text.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { live, order, product, show, useBrowser, visit } from './harness.mjs';

const actions = [
  'alert(1)',
  'window.pwned=1',
  'fetch("//evil.example")',
  'top.location="//evil.example"',
  'document.title="pwned"',
];
const shapes = [
  (js) => `<script>${js}</script>`,
  (js) => `<img src=x onerror='${js}'>`,
  (js) => `"><svg onload='${js}'>`,
  (js) => `</title><iframe srcdoc="<script>${js}</script>">`,
  (js) => `<a href="javascript:${js}">x</a>`,
  (js) => `javascript:${js}`,
  (js) => `{{constructor.constructor('${js}')()}}`,
  (js) => `\${${js}}`,
  (js) => `<details open ontoggle='${js}'>`,
  (js) => `<style>@import'//evil.example'</style>${js}`,
  (js) => `<math><mi//xlink:href="data:x,<script>${js}</script>">`,
  (js) => `<input autofocus onfocus='${js}'>`,
  (js) => `--><body onload='${js}'>`,
  (js) => `'-${js}-'`,
  (js) => `<template><img src=x onerror='${js}'></template>`,
  (js) => `<object data="javascript:${js}">`,
  (js) => `<form action="javascript:${js}"><button>x`,
  (js) => `<base href="//evil.example/">${js}`,
  (js) => `&lt;script&gt;${js}&lt;/script&gt;`,
  (js) => `__proto__[innerHTML]=<img src=x onerror='${js}'>`,
  (js) => `<link rel=stylesheet href="//evil.example">${js}`,
  (js) => `<video><source onerror='${js}'>`,
  (js) => `<marquee onstart='${js}'>`,
  (js) => `\u0000<scr\u0000ipt>${js}</script>`,
  (js) => `<meta http-equiv=refresh content="0;javascript:${js}">`,
];
const payloads = shapes
  .flatMap((shape) => actions.map(shape))
  .concat(shapes.flatMap((shape) => ['alert`1`', 'print()', 'eval(name)'].map(shape)));
const pick = (n) => payloads[n % payloads.length];

/** Markup of strangers would be elements that this app never makes. */
async function nothingNew(page) {
  const found = await page.evaluate(() => ({
    elements: [
      ...document.querySelectorAll(
        'iframe, object, embed, base, marquee, template, math, details, #root script, #root style, #root link, #root meta, [onerror], [onload], [onfocus], a[href^="javascript:"], form[action]',
      ),
    ].map((element) => `${element.localName} ${element.textContent.slice(0, 60)}`),
    pwned: 'pwned' in window || document.title === 'pwned' || !location.host.startsWith('127.0.0.1'),
  }));
  assert.deepEqual(found, { elements: [], pwned: false });
}

/** Every text of the mock's world becomes a payload. */
function poison(mock) {
  let n = 0;
  for (const item of mock.shows)
    Object.assign(item, { title: pick(n++), description: pick(n++), host_name: pick(n++) });
  for (const item of mock.stock) {
    Object.assign(item, { title: pick(n++), description: pick(n++), tags: [pick(n++)] });
    for (const variant of item.variants) Object.assign(variant, { sku: pick(n++), options: { [pick(n)]: pick(n++) } });
    for (const image of item.images) image.alt = pick(n++);
  }
  for (const run of mock.runs.values())
    for (const cue of run.items) Object.assign(cue, { title: pick(n++), ...(cue.text ? { text: pick(n++) } : {}) });
  for (const item of mock.orders.slice(0, 40)) {
    Object.assign(item.customer, { name: pick(n++), email: pick(n++), phone: pick(n++), city: pick(n++) });
    Object.assign(item.customer.address, { line1: pick(n++), city: pick(n++) });
    for (const line of item.lines) Object.assign(line, { title: pick(n++), variant_title: pick(n++), sku: pick(n++) });
    for (const event of item.events) event.text = pick(n++);
    item.mails[0].subject = pick(n++);
    item.payment.id = pick(n++);
    item.show.title = pick(n++);
  }
}

describe('markup from strangers', () => {
  useBrowser();

  it('there are two hundred of them', () => assert.ok(new Set(payloads).size >= 200, String(new Set(payloads).size)));

  it('r3_stays_text_in_chat_names_replies_banners_and_tickers', () =>
    visit(live, { before: poison }, async (page, mock) => {
      await page.getByText('Camille R.').waitFor();
      for (const [index, payload] of payloads.entries()) {
        mock.room.say(payload, payload, index % 3 === 0 ? 'viewer' : 'host');
        if (index % 10 === 0) mock.room.sold(payload, payload, 1, 'prd_x');
      }
      mock.room.banner(pick(3));
      mock.room.state.chat.push({
        id: 'last',
        at: Date.now(),
        from: { id: 'v', name: 'end', role: 'viewer' },
        text: 'the end',
      });
      mock.room.say('end', 'the end');
      await page.getByRole('listitem').filter({ hasText: 'the end' }).waitFor();
      await nothingNew(page);
      const shown = await page.getByRole('log').innerText();
      for (const payload of payloads.slice(0, 40))
        assert.ok(
          shown.includes(payload.replace('\u0000', '').slice(0, 12).trim()) || payload.includes('\u0000'),
          payload,
        );
    }));

  for (const [name, path] of [
    ['shows', '/shows'],
    ['the show editor', `/shows/${show(4)}`],
    ['the studio', `/shows/${show(2)}/studio`],
    ['products', '/products'],
    ['a product', `/products/${product(3)}`],
    ['orders', '/orders'],
    ['an order', `/orders/${order(10482)}`],
    ['searches', `/orders?q=${encodeURIComponent(pick(1))}`],
  ]) {
    it(`r3_stays_text_in_${name.replaceAll(' ', '_')}`, () =>
      visit(path, { before: poison }, async (page) => {
        await page.getByRole('heading', { level: 1 }).waitFor();
        await page.waitForLoadState('networkidle').catch(() => undefined);
        await nothingNew(page);
      }));
  }

  it('r3_a_mail_is_shown_as_plain_text', () =>
    visit(`/orders/${order(10482)}`, { before: poison }, async (page) => {
      await page.getByRole('region', { name: 'Mails' }).getByRole('button').click();
      await page.getByText('Dear Sanne').waitFor();
      await nothingNew(page);
    }));
});
