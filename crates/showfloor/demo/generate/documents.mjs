// Writes programme.json (what the scripted host does, when) and shop.json (what the demo shop is and sells).
// Moments come from acting.js and script.txt, so that cues, picture and voice cannot drift apart.
// usage: node documents.mjs WORK_DIR OUT_DIR   (reads WORK_DIR/speech.json)
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { CHAPTERS, LOOP_S } from './acting.js';

const [work, out] = process.argv.slice(2);
const speech = JSON.parse(readFileSync(join(work, 'speech.json'), 'utf8'));
const ms = (s) => Math.round(s * 1000);
const chapter = (slug) => CHAPTERS.find((c) => c.slug === slug);
const said = (words) => speech.find((line) => line.text.includes(words)).at_ms;

const cues = [
  // The set stands before her from the first frame, so the loop begins with it: there is always something to buy.
  { at_ms: 0, action: 'pin', product: 'hana' },
  { at_ms: 900, action: 'banner', text: 'Every set leaves in a gift box this week.' },
  { at_ms: 2600, action: 'chat', text: 'Hello everyone, the kettle is on. Ask me anything.' },
  { at_ms: said('€72'), action: 'chat', text: 'The Hana set is €58 while we are live. Oat, moss, ink or clay.' },
  { at_ms: ms(chapter('ridge').pin), action: 'pin', product: 'ridge' },
  { at_ms: said('For the next forty seconds'), action: 'flash_sale', product: 'ridge', price_minor: 2800, currency: 'EUR', duration_s: 40, cap: 12 },
  { at_ms: said('For the next forty seconds') + 2400, action: 'chat', text: 'Twelve pairs of Ridge mugs at €28, for forty seconds.' },
  { at_ms: ms(chapter('tomo').pin), action: 'pin', product: 'tomo' },
  { at_ms: 44_000, action: 'banner', text: 'Code KILN10 takes 10% off your bag.' },
  { at_ms: ms(chapter('filters').pin), action: 'pin', product: 'filters' },
  { at_ms: 50_500, action: 'chat', text: 'One cone, size 02, fits both Hana sizes.' },
  { at_ms: ms(chapter('beans').pin), action: 'pin', product: 'beans' },
  { at_ms: ms(chapter('grinder').pin), action: 'pin', product: 'grinder' },
  { at_ms: said('Ask me anything in'), action: 'chat', text: 'Ask me anything. We ship from Germany, €4.90 at home, free from €100.' },
].sort((a, b) => a.at_ms - b.at_ms);

/** What the host answers in chat when a viewer's line holds one of the words. The first that matches is used. */
const answers = [
  { any: ['norway', 'norwegen'], text: 'We do ship to Norway, €12.90, about a week.' },
  { any: ['ship', 'deliver', 'postage', 'versand'], text: 'We ship from Germany: €4.90 at home and free from €100, €7.90 in the EU.' },
  { any: ['filter', 'cone', 'size'], text: 'Size 02 cones, one size fits both Hana sets.' },
  { any: ['food safe', 'lead', 'glaze'], text: 'All four glazes are food safe, tested lead free.' },
  { any: ['dishwasher', 'wash', 'clean'], text: 'Everything glazed may go in the dishwasher. The kettle likes a soft cloth.' },
  { any: ['return', 'send back', 'refund'], text: 'You have thirty days to send it back, free of charge.' },
  { any: ['induction', 'stove', 'hob', 'litre', 'liter'], text: 'The Tomo kettle holds one litre and works on every hob, induction too.' },
  { any: ['code', 'discount', 'coupon'], text: 'KILN10 takes 10% off your bag.' },
  { any: ['beans', 'roast'], text: 'Roasted on Monday: cocoa, plum, a little honey. Good for filter and moka.' },
  { any: ['hello', 'hi', 'hey', 'hallo'], text: 'Hello and welcome! Lovely to have you here.' },
];

/** EUR, USD and GBP in minor units; the dollar a little above the euro, the pound below, both at round prices. */
const price = (eur, usd = Math.round((eur * 1.12) / 100) * 100, gbp = Math.round((eur * 0.86) / 100) * 100) => ({ EUR: eur, USD: usd, GBP: gbp });

const glazes = ['Oat', 'Moss', 'Ink', 'Clay'];
const sizes = [
  { size: '2 cups', code: '2', regular: price(7200, 7900, 6200), live: price(5800, 6400, 5000), weight_g: 1180, stock: [24, 18, 12, 9] },
  { size: '4 cups', code: '4', regular: price(9200, 9900, 7900), live: price(7800, 8400, 6700), weight_g: 1640, stock: [10, 8, 0, 6] },
];
const single = (sku, prices, weight_g, stock) => [{ sku, options: {}, prices, compare_at: {}, live_price: {}, weight_g, stock }];

const shop = {
  shop: { name: 'Fern & Kiln', country: 'DE', currency: 'EUR', timezone: 'Europe/Berlin', locale: 'en' },
  host: { name: 'Mara Okoye', avatar: 'images/mara.jpg' },
  show: {
    title: 'Slow coffee, warm hands',
    description: 'An hour of quiet coffee with Mara: a new pour-over set, the mugs that go with it, and the kettle everyone asks about.',
    cover: 'cover-wide.jpg',
    cover_tall: 'cover-tall.jpg',
  },
  products: [
    {
      slug: 'hana', title: 'Hana pour-over set', image: 'images/hana.jpg', tags: ['coffee', 'stoneware'],
      description: 'Stoneware dripper and carafe, thrown by hand from speckled clay and dipped in one of four glazes. Takes size 02 cones. Food safe, lead free, dishwasher safe.',
      options: [{ name: 'Glaze', values: glazes }, { name: 'Size', values: sizes.map((s) => s.size) }],
      variants: sizes.flatMap((s) => glazes.map((glaze, i) => ({
        sku: `HANA-${glaze.toUpperCase()}-${s.code}`, options: { Glaze: glaze, Size: s.size },
        prices: s.regular, compare_at: {}, live_price: s.live, weight_g: s.weight_g, stock: s.stock[i],
      }))),
    },
    {
      slug: 'ridge', title: 'Ridge mugs, pair', image: 'images/ridge.jpg', tags: ['coffee', 'stoneware'],
      description: 'Two mugs of 240 ml, one oat, one moss. The thrown ridge keeps your fingers cool and the coffee warm.',
      options: [], variants: single('RIDGE-PAIR', price(3400, 3800, 2900), 720, 60),
    },
    {
      slug: 'tomo', title: 'Tomo kettle', image: 'images/tomo.jpg', tags: ['coffee', 'steel'],
      description: 'A gooseneck kettle of brushed steel, one litre, with a beech handle that stays cool. Works on every hob, induction too.',
      options: [], variants: single('TOMO-1L', price(8400, 9200, 7200), 960, 24),
    },
    {
      slug: 'filters', title: 'Cone filters, 100', image: 'images/filters.jpg', tags: ['coffee', 'paper'],
      description: 'One hundred unbleached paper cones, size 02. They fit every Hana.',
      options: [], variants: single('CONE-02-100', price(700, 800, 600), 180, 200),
    },
    {
      slug: 'beans', title: 'House beans', image: 'images/beans.jpg', tags: ['coffee'],
      description: 'A 250 g bag, roasted on Monday: cocoa, plum and a little honey. Whole beans.',
      options: [], variants: single('BEANS-250', price(1400, 1600, 1200), 270, 48),
    },
    {
      slug: 'grinder', title: 'Hand grinder', image: 'images/grinder.jpg', tags: ['coffee', 'steel'],
      description: 'Steel burrs in a steel body, a beech knob, thirty settings. Quiet enough for the morning.',
      options: [], variants: single('GRIND-HAND', price(9600, 10500, 8200), 640, 15),
    },
  ],
  shipping: [
    { zone: 'home', countries: ['DE'], price: { EUR: 490 }, free_from: { EUR: 10000 } },
    { zone: 'european_union', price: { EUR: 790 } },
    { zone: 'western_europe', countries: ['CH', 'GB', 'NO'], price: { EUR: 1290 } },
    { zone: 'overseas', countries: ['US'], price: { EUR: 1990 } },
  ],
  discounts: [{ code: 'KILN10', percent: 10 }],
};

const write = (name, document) => writeFileSync(join(out, name), `${JSON.stringify(document, null, 2)}\n`);
write('programme.json', { loop_ms: ms(LOOP_S), picture: 'programme.flv', cues, answers, speech });
write('shop.json', shop);
