// Believable data for the mock server: one shop in the middle of a show. Times are made relative to when it starts.

export const eur = (minor) => ({ minor, currency: 'EUR' });
const gbp = (minor) => ({ minor, currency: 'GBP' });
const id = (prefix, n) => `${prefix}_${String(n).padStart(32, '0')}`;

export const image = (name, alt, width = 640, height = 640) => ({
  id: `img_${name}`,
  alt,
  width,
  height,
  src: `/images/img_${name}/640.jpg`,
  srcset: [160, 320, 640, 1200].map((w) => `/images/img_${name}/${w}.jpg ${w}w`).join(', '),
});

export const scene = image('scene', 'The host holds up a celadon ramen bowl', 1280, 720);

const stock = (sold, reserved, leased, available) => ({
  stocked: sold + reserved + leased + available,
  sold,
  reserved,
  leased,
  available,
});
const sum = (stocks) =>
  stocks.reduce((a, b) =>
    stock(a.sold + b.sold, a.reserved + b.reserved, a.leased + b.leased, a.available + b.available),
  );

let variants = 0;
function product(n, art, title, sku, price, live, option, rows, tags = ['tableware'], description = '') {
  const list = rows.map(([value, suffix, weight, ...pieces]) => ({
    id: id('var', ++variants),
    sku: suffix ? `${sku}-${suffix}` : sku,
    options: option ? { [option]: value } : {},
    prices: [eur(price), gbp(Math.round(price * 0.86))],
    compare_at: [],
    weight_g: weight,
    stock: stock(...pieces),
  }));
  return {
    id: id('prd', n),
    title,
    description,
    tags,
    options: option ? [{ name: option, values: rows.map(([value]) => value) }] : [],
    images: art === 'bowl' ? [image('bowl', title), image('scene', `${title} in the studio`)] : [image(art, title)],
    variants: list,
    stock: sum(list.map((variant) => variant.stock)),
    live, // only for the mock: what the cue of it costs
  };
}

export const products = [
  product(1, 'teapot', 'Ash-glaze teapot', 'AT-09', 9600, 8400, null, [['', '', 820, 11, 1, 0, 6]]),
  product(2, 'butter', 'Butter bell', 'BB-02', 4200, null, 'Glaze', [
    ['Cream', 'CR', 540, 19, 0, 0, 2],
    ['Indigo', 'IN', 540, 18, 0, 0, 1],
  ]),
  product(
    3,
    'bowl',
    'Celadon ramen bowl',
    'CB',
    4600,
    3900,
    'Size',
    [
      ['Small, 14 cm', '14', 480, 7, 2, 1, 10],
      ['Large, 18 cm', '18', 720, 12, 3, 1, 12],
    ],
    ['tableware', 'celadon'],
    'Wheel-thrown stoneware with a deep celadon glaze that crackles slowly with use. Dishwasher safe, oven safe up to 220 °C when warmed up slowly.',
  ),
  product(4, 'espresso', 'Espresso pair', 'EP-02', 3800, 3200, null, [['', '', 310, 0, 0, 0, 24]]),
  product(5, 'vase', 'Moon vase, tall', 'MV-34', 12400, 10800, null, [['', '', 1600, 0, 0, 0, 9]], ['vases']),
  product(6, 'platter', 'Oval platter', 'OP-40', 7800, null, null, [['', '', 1200, 2, 0, 4, 30]]),
  product(7, 'planter', 'Planter with saucer', 'PL-15', 5400, 4600, null, [['', '', 980, 9, 0, 0, 31]], ['garden']),
  product(8, 'incense', 'Raku incense dish', 'RI-11', 1800, null, 'Glaze', [
    ['Ash', 'A', 120, 15, 0, 0, 0],
    ['Copper', 'C', 120, 15, 0, 0, 0],
    ['White', 'W', 120, 15, 0, 0, 0],
    ['Black', 'B', 120, 15, 0, 0, 0],
  ]),
  product(9, 'sake', 'Sake set', 'SK-03', 6400, null, null, [['', '', 640, 6, 0, 0, 14]]),
  product(10, 'pitcher', 'Salt-glaze pitcher', 'SP-12', 8800, null, null, [['', '', 1100, 0, 0, 2, 12]]),
  product(11, 'plate', 'Speckled dinner plate', 'SD-27', 3600, 2800, null, [['', '', 700, 42, 2, 6, 46]]),
  product(12, 'mug', 'Tenmoku mug', 'TM', 3400, 2900, 'Glaze', [
    ['Rust', 'RST', 380, 11, 2, 2, 27],
    ['Black', 'BLK', 380, 12, 1, 2, 25],
    ['Celadon', 'CEL', 380, 8, 1, 2, 27],
  ]),
];

export const shop = {
  id: id('shp', 1),
  name: 'Kiln & Co',
  currency: 'EUR',
  currencies: ['EUR', 'GBP'],
  country: 'NL',
  timezone: 'Europe/Amsterdam',
  locale: 'en-NL',
  mode: 'test',
  allowed_origins: ['https://kilnandco.example', 'https://shop.kilnandco.example'],
};

export const people = [
  { id: id('usr', 1), name: 'Joost Vermeer', email: 'joost@kilnandco.example', role: 'owner' },
  { id: id('usr', 2), name: 'Tomás Rey', email: 'tomas@kilnandco.example', role: 'manager' },
  { id: id('usr', 3), name: 'Maren Vos', email: 'maren@kilnandco.example', role: 'host' },
  { id: id('usr', 4), name: 'Noor Haddad', email: 'noor@kilnandco.example', role: 'moderator' },
  { id: id('usr', 5), name: 'Daan Lim', email: 'daan@kilnandco.example', role: 'analyst' },
];

/** The live show began this long before the mock did. */
export const RUNNING_MS = (42 * 60 + 18) * 1000;
const iso = (ms) => new Date(ms).toISOString();

export function makeShows(now) {
  const start = now - RUNNING_MS;
  const day = 86_400_000;
  const settings = {
    auto_live: false,
    second_publisher: 'refuse',
    part_target_ms: 333,
    slow_mode_s: 5,
    blocklist: ['outlet', 'cheaper at'],
    links: 'block',
  };
  const host_name = 'Maren Vos';
  const future = (n, title, days, art, count, state = 'scheduled', description = '') => ({
    id: id('shw', n),
    title,
    description,
    host_name,
    state,
    starts_at: iso(start + days * day),
    planned_minutes: 60,
    cover: art && image(art, title),
    settings,
    product_count: count,
  });
  const past = (n, title, days, minutes, art, count, peak, orders, revenue) => ({
    ...future(n, title, -days, art, count, 'ended'),
    started_at: iso(start - days * day),
    ended_at: iso(start - days * day + minutes * 60_000),
    figures: { viewers_peak: peak, orders, revenue: eur(revenue) },
  });
  return [
    {
      ...future(
        1,
        'Thursday kiln opening',
        0,
        null,
        9,
        'live',
        'Maren opens the kiln of the week: celadon, tenmoku, and a flash sale.',
      ),
      cover: scene,
      started_at: iso(start),
      planned_minutes: 75,
    },
    { ...future(2, 'Friday glaze hour', 1, null, 4), starts_at: iso(now + 17 * 60_000), cover: scene },
    future(3, 'Sunday seconds, second chance', 3, 'plate', 8),
    future(
      4,
      'Advent mugs, first drop',
      7,
      'mug',
      5,
      'draft',
      'Twenty-four mugs, one glaze for each day of Advent. Maren opens the kiln live and reads out the numbers.',
    ),
    future(5, 'Kiln & Co with Atelier Mori', 14, 'sake', 11),
    { ...future(6, 'Glaze lab with Noor', 21, null, 0, 'draft'), host_name: 'Noor Haddad' },
    past(7, 'Glaze seconds sale', 7, 68, 'platter', 6, 1406, 226, 1_154_400),
    past(8, 'Teapot night', 14, 54, 'teapot', 7, 1122, 98, 723_600),
    past(9, 'First snow glazes', 21, 61, 'vase', 9, 986, 87, 491_100),
  ];
}

const byTitle = (part) => products.find((item) => item.title.startsWith(part));

export function cueProduct(item) {
  const price = item.variants[0].prices[0];
  return {
    id: item.id,
    title: item.title,
    image: item.images[0],
    price_from: price,
    ...(item.live ? { live_price_from: eur(item.live) } : {}),
    stock: item.stock,
  };
}

export function makeCues(now, showNumber) {
  const start = now - RUNNING_MS;
  const at = (minutes) => iso(start + minutes * 60_000);
  let n = showNumber * 100;
  const cue = (kind, state, title, planned, minutes, extra) => ({
    id: id('cue', ++n),
    kind,
    state,
    position: n,
    title,
    live_prices: [],
    planned_at: at(planned),
    planned_minutes: minutes,
    ...(state === 'planned' ? {} : { started_at: at(planned + (state === 'on_screen' ? 2 : 0)) }),
    ...(state === 'done' ? { ended_at: at(planned + minutes) } : {}),
    ...extra,
  });
  const show = (part, state, planned, minutes) =>
    cue('product', state, byTitle(part).title, planned, minutes, { product: cueProduct(byTitle(part)) });
  if (showNumber !== 1) {
    const ahead = (minutes) => iso(now + (17 + minutes) * 60_000);
    return [
      show('Tenmoku', 'planned', 0, 9),
      show('Espresso', 'planned', 9, 10),
      show('Salt', 'planned', 19, 9),
      show('Butter', 'planned', 28, 8),
      show('Planter', 'planned', 36, 12),
    ].map((item, index) => ({
      ...item,
      planned_at: ahead([0, 9, 19, 28, 36][index]),
      ...(item.product.live_price_from
        ? {
            live_prices: byTitle(item.title).variants.map((variant) => ({
              variant_id: variant.id,
              price: item.product.live_price_from,
            })),
          }
        : {}),
    }));
  }
  return [
    cue('banner', 'done', 'Welcome', 0, 6, { text: 'Welcome to the kiln opening' }),
    show('Tenmoku', 'done', 6, 9),
    show('Speckled', 'done', 15, 8),
    show('Ash-glaze', 'done', 23, 10),
    show('Celadon', 'on_screen', 35, 9),
    cue('flash_sale', 'planned', 'Flash sale: Espresso pair', 44, 5, {
      product: cueProduct(byTitle('Espresso')),
      flash: {
        prices: byTitle('Espresso').variants.map((variant) => ({ variant_id: variant.id, price: eur(3200) })),
        duration_s: 300,
        cap: 24,
        sold: 0,
      },
    }),
    show('Moon', 'planned', 50, 7),
    show('Salt', 'planned', 62, 6),
    show('Butter', 'planned', 71, 2),
    show('Oval', 'planned', 73, 4),
    cue('banner', 'planned', 'Last call and thanks', 75, 3, { text: 'Code KILN10 until midnight' }),
  ];
}

const audience = [
  212, 268, 398, 520, 582, 604, 657, 731, 781, 811, 812, 828, 856, 885, 890, 898, 919, 958, 992, 1021, 1047, 1022, 1025,
  1001, 992, 1005, 1045, 1105, 1144, 1204, 1241, 1251, 1241, 1206, 1181, 1174, 1187, 1188, 1192, 1202, 1183, 1295, 1284,
];
const bought = [
  0, 0, 0, 0, 0, 0, 0, 2, 5, 4, 3, 2, 2, 1, 1, 3, 6, 5, 4, 3, 2, 1, 1, 0, 1, 0, 1, 2, 2, 1, 1, 1, 0, 1, 0, 1, 0, 3, 3,
  3, 2, 3, 1,
];

export function makeFigures(now) {
  const start = now - RUNNING_MS;
  const minute = (index) => iso(Math.floor((start + index * 60_000) / 60_000) * 60_000);
  return {
    as_of: iso(now),
    viewers: 1284,
    viewers_peak: 1412,
    viewers_peak_at: minute(31),
    orders: 71,
    revenue: eur(374_000),
    conversion_bps: 320,
    orders_5min: 12,
    revenue_5min: eur(58_500),
    series: audience.map((viewers, index) => ({
      minute: minute(index),
      viewers,
      orders: bought[index],
      revenue_minor: bought[index] * 5268,
    })),
    products: [{ product_id: byTitle('Celadon').id, orders: 15, pieces: 19, revenue: eur(74_100) }],
  };
}

const buyers = [
  ['Sanne de Wit', 'Utrecht', 'NL'],
  ['Anouk Mercier', 'Lille', 'FR'],
  ['Yusuf Demir', 'Antwerp', 'BE'],
  ["Grace O'Leary", 'Cork', 'IE'],
  ['Lotte Krüger', 'Köln', 'DE'],
  ['Jonas Keller', 'Berlin', 'DE'],
  ['Marta Ruiz', 'Bilbao', 'ES'],
  ['Bea Lindqvist', 'Malmö', 'SE'],
  ['Camille Renard', 'Gent', 'BE'],
  ['Henrik Madsen', 'Aarhus', 'DK'],
  ['Pieter van den Berg', 'Leiden', 'NL'],
  ['Eline Bakker', 'Delft', 'NL'],
  ['Sofie Claes', 'Brugge', 'BE'],
  ['Noa Friedman', 'Amsterdam', 'NL'],
];
const bags = [
  ['Celadon', 2],
  ['Celadon', 1],
  ['Celadon', 2],
  ['Celadon', 1, 'Oval'],
  ['Celadon', 1],
  ['Ash-glaze', 1, 'Sake'],
  ['Ash-glaze', 1],
  ['Speckled', 4],
  ['Speckled', 2, 'Butter'],
  ['Speckled', 6],
  ['Tenmoku', 2],
  ['Tenmoku', 1],
  ['Tenmoku', 1],
  ['Planter', 1],
];
const states = [
  'paid',
  'paid',
  'paid',
  'paid',
  'paid',
  'packed',
  'refunded',
  'paid',
  'paid',
  'sent',
  'paid',
  'paid',
  'delivered',
  'partly_refunded',
];
const cards = [
  ['Visa', '4242'],
  ['Mastercard', '4444'],
  ['Visa', '0214'],
  ['Visa', '1881'],
];

export function makeOrder(number, index, at, show) {
  const [name, city, country] = buyers[index % buyers.length];
  const [first, quantity, second] = bags[index % bags.length];
  const line = (item, pieces, position) => {
    const price = eur(item.live ?? item.variants[0].prices[0].minor);
    return {
      line: position,
      product_id: item.id,
      variant_id: item.variants[0].id,
      title: item.title,
      variant_title: Object.values(item.variants[0].options).join(', '),
      sku: item.variants[0].sku,
      image: item.images[0],
      quantity: pieces,
      unit_price: price,
      line_total: eur(price.minor * pieces),
      refunded_quantity: 0,
    };
  };
  const lines = [line(byTitle(first), quantity, 0), ...(second ? [line(byTitle(second), 1, 1)] : [])];
  const goods = lines.reduce((total, item) => total + item.line_total.minor, 0);
  const total = goods + 595;
  const state = states[index % states.length];
  const refunded = state === 'refunded' ? total : state === 'partly_refunded' ? 1000 : 0;
  const [brand, last4] = cards[index % cards.length];
  const offset = Math.max(0, at - Date.parse(show.started_at));
  const step = (text, after) => iso(at + after * 60_000);
  const stages =
    { packed: ['packed'], sent: ['packed', 'sent'], delivered: ['packed', 'sent', 'delivered'] }[state] ?? [];
  const email = `${name
    .split(' ')[0]
    .toLowerCase()
    .normalize('NFD')
    .replace(/[^a-z]/g, '')}@example.com`;
  return {
    id: id('ord', number),
    number,
    state,
    fulfilment: { refunded: 'paid', partly_refunded: 'paid' }[state] ?? state,
    placed_at: iso(at),
    paid_at: iso(at + 4000),
    ...Object.fromEntries(stages.map((stage, place) => [`${stage}_at`, step(stage, (place + 1) * 3)])),
    customer: {
      name,
      email,
      phone: '+31 6 1234 5678',
      city,
      country,
      address: { line1: 'Oudegracht 214', postal_code: '3511 NR', city, country },
    },
    lines,
    subtotal: eur(goods),
    discount: null,
    shipping: { label: 'Parcel to the door', price: eur(595) },
    tax: { label: 'VAT 21 %', rate_bps: 2100, amount: eur(Math.round(total - total / 1.21)), included: true },
    total: eur(total),
    refunded: eur(refunded),
    refundable: eur(total - refunded),
    payment: { provider: 'sandbox', id: `pi_${number}8Lk2QhT`, brand, last4, captured: eur(total) },
    show: {
      id: show.id,
      title: show.title,
      offset_ms: offset,
      product_on_screen: { id: byTitle(first).id, title: byTitle(first).title },
    },
    events: [
      ...(refunded
        ? [{ at: step('', 7), kind: 'refunded', text: `€${(refunded / 100).toFixed(2)} back to ${brand} ${last4}` }]
        : []),
      ...[...stages].reverse().map((stage, place) => ({
        at: step(stage, (stages.length - place) * 3),
        kind: stage,
        text:
          stage === 'sent'
            ? 'PostNL 3SKLN0047182, e-mail to the customer'
            : stage === 'packed'
              ? 'by Maren Vos'
              : 'handed over at the door',
      })),
      { at: iso(at + 4000), kind: 'paid', text: `€${(total / 100).toFixed(2)} by ${brand} ${last4}` },
      {
        at: iso(at),
        kind: 'placed',
        text: `quote held, ${lines.reduce((pieces, item) => pieces + item.quantity, 0)} pieces reserved`,
      },
    ],
    refunds: refunded
      ? [
          {
            id: id('ref', number),
            amount: eur(refunded),
            reason: 'Changed their mind',
            state: 'succeeded',
            at: step('', 7),
            by: 'Tomás Rey',
          },
        ]
      : [],
    mails: [{ id: id('mal', number), subject: `Your order ${number} at Kiln & Co`, to: email, at: iso(at + 5000) }],
  };
}

export function makeOrders(now, show) {
  const times = [38, 83, 107, 150, 246, 381, 666, 1018, 1275, 1482, 1929, 2007, 2056];
  return Array.from({ length: 71 }, (_, index) =>
    makeOrder(10482 - index, index, now - (times[index] ?? 2056 + (index - 12) * 7) * 1000, show),
  );
}

export const chatter = [
  ['Sofie', 'Sound is a bit soft here, only me?'],
  ['Grace O.', 'Following from Cork tonight'],
  ['Anouk', 'That green is unreal on camera'],
  ['j.keller', 'The teapot is mine, thank you! Shipping to Berlin is how long?'],
  ['Noor', 'Two to three days, with tracking.', 'moderator'],
  ['Lotte K.', 'Does the celadon crackle with age?'],
  ['Maren', 'It does, slowly. That is the glaze settling, not a fault.', 'host'],
  ['dea.ls', 'cheaper at celadon-outlet guys'],
  ['Henrik M.', 'Oven safe as well?'],
  ['Noor', 'Yes, up to 220 °C. Put it in cold and let it warm up with the oven.', 'moderator'],
  ['Bea', 'Beautiful'],
  ['Camille R.', 'Is it €39 for the large one too?'],
  ['Yusuf', 'Just ordered two, greetings from Antwerp'],
  ['peter.vd.b', 'Can you show the foot ring please'],
];
