import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it } from 'node:test';
import type { Checkout, Money } from '@showfloor/api-client';
import { Session } from '../src/core/api.ts';
import { keepFor, type Keep } from '../src/core/keep.ts';
import { allowedUrl, ApiError, ask, secret } from '../src/core/api.ts';
import { Bag } from '../src/shop/bag.ts';
import type { Card } from '../src/shop/card.ts';
import { useKit } from '../src/shop/kit.ts';
import { Till } from '../src/shop/till.ts';
import type { Kit } from '../src/kit.ts';

useKit({ allowedUrl, ApiError, ask, secret } as Kit);

const eur = (minor: number): Money => ({ minor, currency: 'EUR' });
const card: Card = { number: '4242424242424242', exp_month: 8, exp_year: 2029, cvc: '123' };
const contact = { name: 'Ana Ruiz', email: 'ana@ruiz.example' };
const address = { line1: 'Bergstraße 14', postal_code: '20095', city: 'Hamburg', country: 'DE' };
const memory = (): Keep =>
  keepFor('shw_1', () => {
    throw new Error('blocked');
  });

/** A shop and a card provider in a few lines: each test sets what they answer. */
class Server {
  asked: { method: string; url: URL; headers: Headers; body: unknown }[] = [];
  lines = [
    {
      variant_id: 'var_1',
      product_id: 'prd_1',
      title: 'Hana set',
      variant_title: 'Oat',
      quantity: 1,
      unit_price: eur(5800),
      was: eur(7200),
      line_total: eur(5800),
      available: 6,
    },
  ];
  checkout: Checkout = {
    id: 'chk_1',
    version: 1,
    state: 'open',
    held_until: '2026-11-20T20:00:00Z',
    quote: {
      id: 'quo_1',
      hash: 'h1',
      lines: [],
      subtotal: eur(5800),
      discount: null,
      shipping: { label: 'Standard', price: eur(490) },
      tax: { label: 'VAT 19 %', rate_bps: 1900, amount: eur(1004), included: true },
      total: eur(6290),
    },
  };
  answers = new Map<string, (body: never) => unknown>();

  fetch = async (input: string | URL, init: RequestInit = {}): Promise<Response> => {
    const url = new URL(input);
    const method = init.method ?? 'GET';
    const body: unknown = init.body ? JSON.parse(String(init.body)) : undefined;
    this.asked.push({ method, url, headers: new Headers(init.headers), body });
    const key = `${method} ${url.pathname}`;
    const answer = this.answers.get(key);
    const said = answer ? answer(body as never) : this.usual(key);
    if (said instanceof Error) throw said;
    if (said instanceof Response) return said;
    return Response.json(said);
  };

  cart() {
    const total = eur(this.lines.reduce((sum, line) => sum + line.line_total.minor, 0));
    return {
      id: 'crt_1',
      show_id: 'shw_1',
      currency: 'EUR',
      lines: this.lines,
      subtotal: total,
      total,
      count: this.lines.length,
    };
  }

  usual(key: string): unknown {
    if (key.endsWith('/viewer-tokens'))
      return { token: 'a.e30.c', expires_at: '', viewer_id: 'vwr_1', renew_until: '' };
    if (key === 'POST /v1/carts') return { ...this.cart(), secret: 'sesame' };
    if (key.includes('/v1/carts/crt_1/checkouts')) return this.checkout;
    if (key.includes('/v1/carts/crt_1')) return this.cart();
    if (key === 'PUT /v1/checkouts/chk_1')
      return (this.checkout = { ...this.checkout, contact, address, version: this.checkout.version + 1 });
    if (key === 'POST /v1/checkouts/chk_1/payments')
      return {
        id: 'pay_1',
        provider: 'sandbox',
        provider_url: 'http://localhost:9',
        intent_id: 'pi_1',
        client_secret: 's',
        attempts_left: 2,
      };
    if (key.startsWith('GET /v1/checkouts/chk_1')) return this.checkout;
    if (key.includes('/confirm')) return { status: 'succeeded' };
    return new Response('{}', { status: 404 });
  }

  is(change: Partial<Checkout>) {
    this.checkout = { ...this.checkout, ...change, version: this.checkout.version + 1 };
  }
}

const problem = (status: number, slug: string, detail = '') =>
  Response.json({ type: `https://showfloor.dev/problems/${slug}`, title: slug, status, detail, next: '' }, { status });

describe('the till', () => {
  const usualFetch = globalThis.fetch;
  let server: Server;
  let bag: Bag;
  let till: Till;
  let paid: Checkout[];
  const now = Date.parse('2026-11-20T19:50:00Z');

  beforeEach(() => {
    server = new Server();
    globalThis.fetch = server.fetch as typeof fetch;
    paid = [];
    bag = new Bag(
      new Session('https://shop.example', 'shw_1', memory(), null),
      () => 'EUR',
      () => undefined,
    );
    till = new Till({
      bag,
      onChange: () => undefined,
      onPaid: (checkout) => paid.push(checkout),
      wait: () => new Promise((done) => setImmediate(done)),
    });
  });
  afterEach(() => void (globalThis.fetch = usualFetch));

  async function atForm() {
    await bag.add('var_1', 1);
    await till.open('DE', now);
    await till.send(contact, address);
  }
  const payments = () => server.asked.filter((r) => r.url.pathname.endsWith('/payments'));

  it('holds the pieces when it opens and pays the quote that was on the button', async () => {
    await atForm();
    assert.equal(till.stage, 'form');
    const paying = till.pay(card);
    server.is({ state: 'paid', order: { id: 'ord_1', number: 1042, secret: 'x' } });
    await paying;
    assert.equal(till.stage, 'paid');
    assert.deepEqual(payments()[0]?.body, { quote_hash: 'h1', method: 'card' });
    assert.equal(paid[0]?.order?.number, 1042);
    assert.equal(bag.cart, null);
  });

  it('sends card details to the provider and nowhere else, and never the cart’s secret to the provider', async () => {
    await atForm();
    const paying = till.pay(card);
    server.is({ state: 'paid' });
    await paying;
    for (const { url, body, headers } of server.asked) {
      const provider = url.origin === 'http://localhost:9';
      assert.equal(JSON.stringify(body ?? '').includes(card.number), provider, url.href);
      if (provider) assert.deepEqual([headers.get('showfloor-cart'), headers.get('authorization')], [null, null]);
      else assert.equal(url.origin, 'https://shop.example');
    }
  });

  it('asks for no price, ever: only variants, quantities and the hash (abuse case C15)', async () => {
    await atForm();
    const paying = till.pay(card);
    server.is({ state: 'paid' });
    await paying;
    for (const { body, url } of server.asked)
      if (url.origin === 'https://shop.example')
        assert.doesNotMatch(JSON.stringify(body ?? {}), /price|minor|total|amount/, url.href);
  });

  it('gives every hold and every payment a key of its own', async () => {
    await atForm();
    server.answers.set('POST /v1/payment_intents/pi_1/confirm', () => ({
      status: 'requires_payment_method',
      error: { code: 'card_declined', message: '' },
    }));
    await till.pay(card);
    await till.pay(card);
    const keys = server.asked.map((r) => r.headers.get('idempotency-key')).filter(Boolean);
    assert.equal(keys.length, 3);
    assert.equal(new Set(keys).size, 3);
  });

  it('says no as the bank did, keeps the hold, and lets another card try', async () => {
    await atForm();
    server.answers.set('POST /v1/payment_intents/pi_1/confirm', () => ({
      status: 'requires_payment_method',
      error: { code: 'card_declined', message: '' },
    }));
    await till.pay(card);
    assert.deepEqual([till.stage, till.alert?.title, till.holding(now)], ['form', 'declined', true]);
    server.answers.delete('POST /v1/payment_intents/pi_1/confirm');
    const paying = till.pay(card);
    server.is({ state: 'paid' });
    await paying;
    assert.equal(till.stage, 'paid');
  });

  it('knows a card without money', async () => {
    await atForm();
    server.answers.set('POST /v1/payment_intents/pi_1/confirm', () => ({
      status: 'requires_payment_method',
      error: { code: 'insufficient_funds', message: '' },
    }));
    await till.pay(card);
    assert.equal(till.alert?.title, 'noFunds');
  });

  it('asks the buyer when the bank does, and takes no for an answer', async () => {
    await atForm();
    server.answers.set('POST /v1/payment_intents/pi_1/confirm', () => ({
      status: 'requires_action',
      next_action: { url: 'http://localhost:9/c' },
    }));
    server.answers.set('POST /v1/payment_intents/pi_1/challenge', (body: { answer: string }) =>
      body.answer === 'pass' ? { status: 'succeeded' } : { status: 'requires_payment_method' },
    );
    await till.pay(card);
    assert.equal(till.stage, 'challenge');
    await till.answer(false);
    assert.deepEqual([till.stage, till.alert?.title], ['form', 'declined']);
    await till.pay(card);
    const answered = till.answer(true);
    server.is({ state: 'paid' });
    await answered;
    assert.equal(till.stage, 'paid');
  });

  it('does not ask again when the news that the bank asks comes after the answer', async () => {
    await atForm();
    server.answers.set('POST /v1/payment_intents/pi_1/confirm', () => ({
      status: 'requires_action',
      next_action: { url: 'http://localhost:9/c' },
    }));
    server.answers.set('POST /v1/payment_intents/pi_1/challenge', () => ({ status: 'succeeded' }));
    await till.pay(card);
    const answered = till.answer(true);
    server.is({ state: 'action_required' });
    while (till.checkout?.state !== 'action_required') await new Promise((done) => setImmediate(done));
    server.is({ state: 'paid' });
    await answered;
    assert.equal(till.stage, 'paid');
  });

  it('waits for a late bank without a spinner, and goes on waiting when the sheet is closed', async () => {
    await atForm();
    server.answers.set('POST /v1/payment_intents/pi_1/confirm', () => ({ status: 'processing' }));
    const paying = till.pay(card);
    while (till.stage !== 'checking') await new Promise((done) => setImmediate(done));
    till.leave();
    assert.equal(till.stage, 'checking');
    server.is({ state: 'paid' });
    await paying;
    assert.deepEqual([till.stage, paid.length], ['paid', 1]);
  });

  it('does not pay when the total changed with the address; it says the new one', async () => {
    await bag.add('var_1', 1);
    await till.open('DE', now);
    server.answers.set('PUT /v1/checkouts/chk_1', () => ({
      ...server.checkout,
      contact,
      address,
      quote: { ...server.checkout.quote, hash: 'h2', total: eur(6700) },
    }));
    assert.equal(await till.send(contact, { ...address, country: 'FR' }), false);
    assert.deepEqual([till.alert?.title, till.alert?.amount?.minor, payments().length], ['totalChanged', 6700, 0]);
  });

  it('does not pay a quote that the shop has replaced', async () => {
    await atForm();
    server.answers.set('POST /v1/checkouts/chk_1/payments', () => problem(409, 'quote-changed'));
    server.checkout = { ...server.checkout, quote: { ...server.checkout.quote, hash: 'h9', total: eur(6500) } };
    await till.pay(card);
    assert.deepEqual([till.stage, till.alert?.title, till.alert?.amount?.minor], ['form', 'totalChanged', 6500]);
    assert.ok(!server.asked.some((r) => r.url.pathname.includes('/confirm')));
  });

  it('says that the hold has ended before a card is touched', async () => {
    await atForm();
    server.answers.set('POST /v1/checkouts/chk_1/payments', () => problem(410, 'hold-ended'));
    await till.pay(card);
    assert.equal(till.stage, 'ended');
    assert.ok(!server.asked.some((r) => r.url.pathname.includes('/confirm')));
  });

  it('an answer lost on the way is asked for, not paid for again', async () => {
    await atForm();
    let confirms = 0;
    server.answers.set('POST /v1/payment_intents/pi_1/confirm', () => {
      confirms++;
      return new TypeError('network');
    });
    server.answers.set('GET /v1/payment_intents/pi_1', () => ({ status: 'succeeded' }));
    const paying = till.pay(card);
    server.is({ state: 'paid' });
    await paying;
    assert.deepEqual([till.stage, confirms], ['paid', 1]);
  });

  it('gives the money’s way back its own words', async () => {
    await atForm();
    const paying = till.pay(card);
    server.is({ state: 'refunded' });
    await paying;
    assert.equal(till.stage, 'refunded');
  });

  it('a bag that cannot be held says so and shows what is left', async () => {
    await bag.add('var_1', 1);
    server.answers.set('POST /v1/carts/crt_1/checkouts', () => problem(409, 'not-enough-left'));
    await till.open('DE', now);
    assert.deepEqual([till.stage, till.alert?.title], ['closed', 'someGone']);
  });

  it('goes on with the same hold after a look at the show, and holds anew when the bag has changed', async () => {
    await atForm();
    till.leave();
    await till.open('DE', now);
    const holds = () => server.asked.filter((r) => r.url.pathname.endsWith('/checkouts')).length;
    assert.equal(holds(), 1);
    till.leave();
    server.lines = server.lines.map((line) => ({ ...line, quantity: 2 }));
    await bag.refresh();
    await till.open('DE', now);
    assert.equal(holds(), 2);
  });

  it('refuses a provider at an address that is not one to talk to', async () => {
    await atForm();
    server.answers.set('POST /v1/checkouts/chk_1/payments', () => ({
      id: 'p',
      provider: 'sandbox',
      provider_url: 'http://evil.example',
      intent_id: 'i',
      client_secret: 's',
      attempts_left: 1,
    }));
    await till.pay(card);
    assert.equal(till.alert?.title, 'noAnswer');
    assert.ok(!server.asked.some((r) => r.url.hostname === 'evil.example'));
  });

  it('is found again after a reload, with its hold', async () => {
    const keep = memory();
    bag = new Bag(
      new Session('https://shop.example', 'shw_1', keep, null),
      () => 'EUR',
      () => undefined,
    );
    till = new Till({ bag, onChange: () => undefined, onPaid: () => undefined, wait: async () => undefined });
    await atForm();
    const again = new Bag(
      new Session('https://shop.example', 'shw_1', keep, null),
      () => 'EUR',
      () => undefined,
    );
    const later = new Till({
      bag: again,
      onChange: () => undefined,
      onPaid: () => undefined,
      wait: async () => undefined,
    });
    await again.restore();
    await later.restore();
    assert.deepEqual([again.count, later.holding(now), later.details?.contact.name], [1, true, 'Ana Ruiz']);
  });
});

describe('the bag', () => {
  const usualFetch = globalThis.fetch;
  afterEach(() => void (globalThis.fetch = usualFetch));

  it('carries its secret in a header, never in an address', async () => {
    const server = new Server();
    globalThis.fetch = server.fetch as typeof fetch;
    const bag = new Bag(
      new Session('https://shop.example', 'shw_1', memory(), null),
      () => 'EUR',
      () => undefined,
    );
    await bag.add('var_1', 1);
    assert.equal(server.asked.at(-1)?.headers.get('showfloor-cart'), 'sesame');
    assert.ok(server.asked.every((r) => !r.url.href.includes('sesame')));
  });

  it('starts anew when the kept cart is over', async () => {
    const server = new Server();
    globalThis.fetch = server.fetch as typeof fetch;
    let first = true;
    server.answers.set('PUT /v1/carts/crt_1/lines/var_1', () =>
      first ? ((first = false), problem(404, 'not-found')) : server.cart(),
    );
    const bag = new Bag(
      new Session('https://shop.example', 'shw_1', memory(), null),
      () => 'EUR',
      () => undefined,
    );
    await bag.add('var_1', 1);
    assert.equal(server.asked.filter((r) => r.method === 'POST' && r.url.pathname === '/v1/carts').length, 2);
    assert.equal(bag.count, 1);
  });

  it('asks for at most 99 of a thing', async () => {
    const server = new Server();
    globalThis.fetch = server.fetch as typeof fetch;
    const bag = new Bag(
      new Session('https://shop.example', 'shw_1', memory(), null),
      () => 'EUR',
      () => undefined,
    );
    await bag.set('var_1', 100);
    assert.deepEqual(server.asked.at(-1)?.body, { quantity: 99 });
  });
});
