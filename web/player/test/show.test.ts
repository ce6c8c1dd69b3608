import assert from 'node:assert/strict';
import { beforeEach, describe, it } from 'node:test';
import type { ChatMessage, PublicProduct, ServerMessage } from '@showfloor/api-client';
import { ShowRoom, type Effect } from '../src/core/show.ts';

const eur = (minor: number) => ({ minor, currency: 'EUR' });
const product = (id: string, more: Partial<PublicProduct['variants'][0]> = {}): PublicProduct => ({
  id,
  title: id,
  description: '',
  images: [],
  options: [],
  variants: [
    {
      id: `${id}_v`,
      sku: id,
      options: {},
      price: eur(7200),
      live_price: eur(5800),
      available: 6,
      reserved: 0,
      ...more,
    },
  ],
});
const message = (
  id: string,
  text: string,
  from = 'vwr_a',
  role: ChatMessage['from']['role'] = 'viewer',
): ChatMessage => ({ id, at: 1, from: { id: from, name: from, role }, text });
const snapshot = (more: object = {}): ServerMessage => ({
  t: 'snapshot',
  offset: 10,
  state: 'live',
  pinned: null,
  banner: null,
  flash: [],
  pinned_message: null,
  slow_s: 0,
  chat: [],
  presence: 7,
  ...more,
});
const at = (frameTime: number | null, now = (frameTime ?? 0) + 2_000, stillMs = 0) => ({ frameTime, now, stillMs });
const kinds = (effects: Effect[]) => effects.map((effect) => effect.do);

describe('the show as a viewer sees it', () => {
  let room: ShowRoom;
  beforeEach(() => {
    room = new ShowRoom();
    room.shelf.stockProducts([product('prd_a'), product('prd_b')], 0);
    room.take(
      {
        t: 'welcome',
        epoch: 1,
        offset: 0,
        recovered: false,
        you: { viewer_id: 'vwr_me', role: 'viewer', name: 'Me' },
        now: 0,
        ping_s: 20,
        ack_every: 0,
      },
      at(0),
    );
  });

  it('shows a pinned product with its frame, not on arrival', () => {
    assert.deepEqual(room.take({ t: 'pin', offset: 1, at: 5_000, product_id: 'prd_a', version: 1 }, at(3_000)), []);
    assert.equal(room.pinned?.productId, undefined);
    assert.deepEqual(room.tick(at(4_999)), []);
    assert.deepEqual(room.tick(at(5_010)), [{ do: 'pinned', productId: 'prd_a', at: 5_000, frameTime: 5_010 }]);
    assert.equal(room.pinned?.productId, 'prd_a');
  });

  it('keeps chat, stock and removals immediate while pins wait', () => {
    room.take({ t: 'pin', offset: 1, at: 9_000, product_id: 'prd_a', version: 1 }, at(3_000));
    room.take({ t: 'chat', offset: 2, message: message('m1', 'hello') }, at(3_000));
    room.take(
      { t: 'stock', offset: 3, product_id: 'prd_a', variant_id: 'prd_a_v', available: 1, reserved: 2, version: 5 },
      at(3_000),
    );
    assert.equal(room.talk.lines.length, 1);
    assert.equal(room.shelf.offer('prd_a')?.left, 1);
    assert.equal(room.pinned, null);
  });

  it('lets the latest version of a thing win, also when an older one comes late', () => {
    room.take({ t: 'pin', offset: 2, at: 2_000, product_id: 'prd_b', version: 2 }, at(3_000));
    room.take({ t: 'pin', offset: 1, at: 1_000, product_id: 'prd_a', version: 1 }, at(3_000));
    assert.equal(room.pinned?.productId, 'prd_b');
    room.take(
      { t: 'stock', offset: 4, product_id: 'prd_a', variant_id: 'prd_a_v', available: 2, reserved: 0, version: 9 },
      at(3_000),
    );
    room.take(
      { t: 'stock', offset: 5, product_id: 'prd_a', variant_id: 'prd_a_v', available: 5, reserved: 0, version: 8 },
      at(3_000),
    );
    assert.equal(room.shelf.offer('prd_a')?.left, 2);
  });

  it('a snapshot also waits for its frame: what was pinned just now is not shown early', () => {
    room.take(snapshot({ pinned: { product_id: 'prd_a', at: 5_000, version: 1 } }), at(4_000));
    assert.equal(room.pinned, null);
    assert.deepEqual(kinds(room.tick(at(5_000))), ['pinned']);
  });

  it('a fresh snapshot takes away what is no longer on', () => {
    room.take(
      snapshot({
        pinned: { product_id: 'prd_a', at: 1_000, version: 1 },
        flash: [
          {
            product_id: 'prd_a',
            at: 1_000,
            ends_at: 90_000,
            cap: 20,
            prices: [{ variant_id: 'prd_a_v', price: eur(4900) }],
            version: 1,
          },
        ],
      }),
      at(4_000),
    );
    assert.equal(room.shelf.offer('prd_a')?.price.minor, 4900);
    const effects = room.take(snapshot({ state: 'paused' }), at(6_000));
    assert.deepEqual(kinds(effects), ['unpinned', 'state']);
    assert.equal(room.pinned, null);
    assert.equal(room.shelf.offer('prd_a')?.price.minor, 5800);
  });

  it('a flash price comes with its frame and goes at its deadline, whoever is looking', () => {
    const told = { ends_at: new Date(65_000).toISOString(), cap: 20, remaining: 11 };
    room.shelf.stockProducts([{ ...product('prd_a'), flash: told }], 0);
    room.take(
      {
        t: 'flash',
        offset: 1,
        product_id: 'prd_a',
        at: 5_000,
        ends_at: 65_000,
        cap: 20,
        prices: [{ variant_id: 'prd_a_v', price: eur(4900) }],
        version: 1,
      },
      at(3_000),
    );
    assert.equal(room.shelf.offer('prd_a')?.price.minor, 5800);
    room.tick(at(5_000));
    const offer = room.shelf.offer('prd_a')!;
    assert.deepEqual(
      [offer.price.minor, offer.flash?.remaining, offer.flash?.then.minor, offer.was?.minor],
      [4900, 11, 5800, 7200],
    );
    assert.equal(room.shelf.expire(64_999), false);
    assert.equal(room.shelf.expire(65_000), true);
    assert.equal(room.shelf.offer('prd_a')?.price.minor, 5800);
    assert.deepEqual(room.shelf.offer('prd_a')?.ended, { price: eur(4900), at: 65_000 });
  });

  it('an overlay does not bring a flash price before its frame', () => {
    const variant = {
      id: 'prd_a_v',
      title: '',
      options: {},
      price: eur(4900),
      was: eur(7200),
      available: 6,
      state: 'available' as const,
    };
    room.shelf.overlay(
      {
        epoch: 1,
        offset: 1,
        at: 0,
        audience: { locale: 'en', currency: 'EUR' },
        show_state: 'live',
        pinned: null,
        banner: null,
        flash: [
          {
            product_id: 'prd_a',
            at: 9e9,
            ends_at: 9e9,
            cap: 1,
            prices: [{ variant_id: 'prd_a_v', price: eur(4900) }],
            version: 1,
          },
        ],
        products: [{ id: 'prd_a', title: '', image: null, variants: [variant] }],
      },
      0,
    );
    assert.equal(room.shelf.offer('prd_a')?.price.minor, 5800);
  });

  it('asks for the overlay when prices change, and for the catalogue when a product is new', () => {
    assert.deepEqual(room.take({ t: 'price', offset: 1, product_id: 'prd_a', version: 1 }, at(1)), [
      { do: 'refetch', what: 'overlay' },
    ]);
    assert.deepEqual(room.take({ t: 'price', offset: 2, product_id: 'prd_new', version: 1 }, at(1)), [
      { do: 'refetch', what: 'products' },
    ]);
  });

  it('says truly how pieces stand: sold out, or all being paid for', () => {
    const stock = (available: number, reserved: number, version: number) =>
      room.take(
        { t: 'stock', offset: version, product_id: 'prd_a', variant_id: 'prd_a_v', available, reserved, version },
        at(1),
      );
    stock(0, 3, 1);
    assert.equal(room.shelf.offer('prd_a')?.state, 'held');
    stock(0, 0, 2);
    assert.equal(room.shelf.offer('prd_a')?.state, 'sold_out');
    stock(2, 1, 3);
    assert.equal(room.shelf.offer('prd_a')?.state, 'available');
  });

  it('shows the viewer’s own words at once, and each of them once', () => {
    room.talk.wrote('r1', 'I’ll take two', 'Me');
    assert.equal(room.talk.lines[0]?.state, 'waiting');
    room.take({ t: 'chat', offset: 1, message: message('m1', 'I’ll take two', 'vwr_me') }, at(1));
    room.take({ t: 'sent', ref: 'r1', message_id: 'm1', offset: 1 }, at(1));
    assert.deepEqual(
      room.talk.lines.map((l) => [l.key, l.mine, l.state]),
      [['m1', true, 'there']],
    );
  });

  it('shows them once too when the confirmation comes before the echo', () => {
    room.talk.wrote('r1', 'hi', 'Me');
    room.take({ t: 'sent', ref: 'r1', message_id: 'm1', offset: 1 }, at(1));
    room.take({ t: 'chat', offset: 1, message: message('m1', 'hi', 'vwr_me') }, at(1));
    assert.equal(room.talk.lines.length, 1);
  });

  it('a refused message stays with its writer and says why', () => {
    room.talk.wrote('r1', 'https://x', 'Me');
    room.take({ t: 'refused', ref: 'r1', reason: 'link', next: '', retry_ms: 2_000 }, at(1, 10_000));
    assert.deepEqual([room.talk.lines[0]?.state, room.talk.lines[0]?.why, room.sayAt], ['refused', 'link', 12_000]);
  });

  it('a removed message loses its text, and its pin', () => {
    room.take({ t: 'chat', offset: 1, message: message('m1', 'rude') }, at(1));
    room.take({ t: 'pinned_message', offset: 2, message: message('m1', 'rude') }, at(1));
    room.take({ t: 'removed', offset: 3, message_id: 'm1' }, at(1));
    assert.deepEqual([room.talk.lines[0]?.kind, room.talk.lines[0]?.text, room.pinnedMessage], ['removed', '', null]);
    room.take({ t: 'restored', offset: 4, message: message('m1', 'kind') }, at(1));
    assert.deepEqual([room.talk.lines[0]?.kind, room.talk.lines[0]?.text], ['said', 'kind']);
  });

  it('tells of a gap once, not once per message', () => {
    room.take({ t: 'skipped', from: 1, to: 5 }, at(1));
    room.take({ t: 'skipped', from: 6, to: 9 }, at(1));
    assert.deepEqual(
      room.talk.lines.map((l) => l.kind),
      ['gap'],
    );
  });
});
