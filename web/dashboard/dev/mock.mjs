// A stand-in for the server, for development and for pictures: the dashboard's part of the API over data in memory.
// Nothing here is ever shipped. `node dev/mock.mjs [--port 7490] [--vite] [--role moderator] [--empty] [--live]`
import { createReadStream, existsSync, readFileSync, statSync } from 'node:fs';
import { createServer } from 'node:http';
import { extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import {
  cueProduct,
  eur,
  makeCues,
  makeFigures,
  makeOrder,
  makeOrders,
  makeShows,
  people,
  products,
  shop,
} from './data.mjs';
import { makeRoom } from './room.mjs';

const here = fileURLToPath(new URL('.', import.meta.url));
const types = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.svg': 'image/svg+xml',
  '.m3u8': 'application/vnd.apple.mpegurl',
  '.mp4': 'video/mp4',
  '.m4s': 'video/iso.segment',
};

/** The policy that the real server sends with the dashboard. */
export const POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; media-src 'self' blob:; connect-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; require-trusted-types-for 'script'";

class Refused extends Error {
  constructor(status, slug, detail, next = '', errors) {
    super(detail);
    this.body = {
      type: `https://showfloor.dev/problems/${slug}`,
      title: slug,
      status,
      detail,
      next,
      ...(errors ? { errors } : {}),
    };
    this.status = status;
  }
}
const missing = () => new Refused(404, 'not-found', 'There is no such thing here.', 'Check the address.');

export async function startMock({
  port = 0,
  vite = false,
  role = 'manager',
  empty = false,
  signedIn = false,
  hls,
} = {}) {
  const now = Date.now();
  const iso = () => new Date().toISOString();
  const shows = empty ? [] : makeShows(now);
  const runs = new Map(
    shows.map((show, index) => [
      show.id,
      { items: show.state === 'ended' || index > 3 ? [] : makeCues(now, index + 1), version: 1 },
    ]),
  );
  const orders = empty ? [] : makeOrders(now, shows[0]);
  const stock = empty ? [] : structuredClone(products);
  const room = makeRoom(now);
  const etags = new Map();
  const keys = new Map();
  const world = { session: signedIn, confirmed: false, ingest: 'receiving', late: 0, down: false };
  if (!empty) room.pin(products[2].id, now - 318_000);
  const person = () => people.find((entry) => entry.role === role) ?? people[1];
  const etag = (thing) => `"${etags.get(thing.id) ?? 1}"`;
  const touch = (thing) => etags.set(thing.id, (etags.get(thing.id) ?? 1) + 1);
  const find = (list, wanted) => {
    const found = list.find((entry) => entry.id === wanted);
    if (!found) throw missing();
    return found;
  };
  const cueOf = (show, wanted) => find(runs.get(show).items, wanted);
  const refresh = (run) => {
    for (const cue of run.items)
      if (cue.product)
        cue.product = { ...cueProduct(find(stock, cue.product.id)), live_price_from: cue.product.live_price_from };
    return run;
  };
  const startCue = (show, cue) => {
    const run = runs.get(show);
    for (const other of run.items) {
      if (other.state === 'on_screen' && other.kind === cue.kind)
        Object.assign(other, { state: 'done', ended_at: iso() });
    }
    Object.assign(cue, { state: 'on_screen', started_at: iso() });
    setTimeout(() => {
      if (cue.kind === 'product') room.pin(cue.product.id);
      else if (cue.kind === 'banner') room.banner(cue.text);
      else {
        cue.flash.ends_at = new Date(Date.now() + cue.flash.duration_s * 1000).toISOString();
        room.flash({
          product_id: cue.product.id,
          ends_at: Date.now() + cue.flash.duration_s * 1000,
          cap: cue.flash.cap,
          prices: cue.flash.prices,
        });
      }
    }, world.late);
    return { at: iso() };
  };
  const page = (items, query, size = Number(query.get('limit') ?? 25)) => {
    const from = Number(query.get('cursor') ?? 0);
    return {
      items: items.slice(from, from + size),
      next_cursor: from + size < items.length ? String(from + size) : null,
    };
  };
  const row = (order) => ({
    ...order,
    customer: { name: order.customer.name, city: order.customer.city, country: order.customer.country },
  });
  const ledger = (item) => {
    const at = (seconds) => new Date(now - seconds * 1000).toISOString();
    const [a, b = a] = item.variants;
    return [
      { at: at(8), kind: 'reserved', variant_id: b.id, quantity: 1, note: 'checkout of a viewer' },
      {
        at: at(38),
        kind: 'sold',
        variant_id: b.id,
        quantity: 2,
        note: '',
        order: { id: orders[0]?.id, number: '10482' },
      },
      { at: at(66), kind: 'expired', variant_id: a.id, quantity: 1, note: 'checkout ran out' },
      {
        at: at(83),
        kind: 'sold',
        variant_id: a.id,
        quantity: 1,
        note: '',
        order: { id: orders[1]?.id, number: '10481' },
      },
      {
        at: at(3 * 86_400),
        kind: 'stocked',
        variant_id: a.id,
        quantity: item.stock.stocked,
        note: 'kiln 41',
        by: 'Tomás Rey',
      },
    ];
  };

  const routes = [
    ['POST', /^\/v1\/setup$/, () => ({})],
    [
      'POST',
      /^\/v1\/auth\/sign-in$/,
      (_, { password }) => {
        if (password === 'wrong')
          throw new Refused(
            401,
            'sign-in-failed',
            "E-mail and password don't match.",
            '4 tries left, then a pause of 15 minutes.',
          );
        world.session = true;
        return { user: person(), shop };
      },
    ],
    ['POST', /^\/v1\/auth\/sign-out$/, () => void (world.session = false)],
    ['POST', /^\/v1\/auth\/reset(\/confirm)?$/, () => undefined],
    [
      'POST',
      /^\/v1\/auth\/confirm-password$/,
      (_, { password }) => {
        if (password === 'wrong') throw new Refused(403, 'sign-in-failed', 'That is not your password.', 'Try again.');
        world.confirmed = true;
      },
    ],
    ['GET', /^\/v1\/me$/, () => ({ user: person(), shop })],
    [
      'GET',
      /^\/v1\/admin\/shows$/,
      (_, __, query) =>
        page(
          shows.filter((show) => !query.get('state') || show.state === query.get('state')),
          query,
        ),
    ],
    [
      'POST',
      /^\/v1\/admin\/shows$/,
      (_, body) => {
        const show = {
          ...structuredClone(makeShows(now)[5]),
          ...body,
          id: `shw_${String(shows.length + 50).padStart(32, '0')}`,
          host_name: body.host_name ?? '',
          state: 'draft',
          product_count: 0,
          cover: undefined,
          description: '',
        };
        shows.push(show);
        runs.set(show.id, { items: [], version: 1 });
        return show;
      },
    ],
    ['GET', /^\/v1\/admin\/shows\/([^/]+)$/, ([show]) => find(shows, show)],
    [
      'PATCH',
      /^\/v1\/admin\/shows\/([^/]+)$/,
      ([wanted], body, _, request) => {
        const show = find(shows, wanted);
        if (!request.headers['if-match'])
          throw new Refused(
            428,
            'precondition-required',
            'This edit does not say what it was based on.',
            'Load the page again.',
          );
        if (request.headers['if-match'] !== etag(show))
          throw new Refused(
            412,
            'changed-meanwhile',
            'Somebody else saved this show a moment ago.',
            'Look at their version, then save yours.',
          );
        const { cover_image_id: cover, settings, ...rest } = body;
        Object.assign(show, rest, cover ? { cover: makeShows(now)[0].cover } : {}, {
          settings: { ...show.settings, ...settings },
        });
        touch(show);
        return show;
      },
    ],
    ['DELETE', /^\/v1\/admin\/shows\/([^/]+)$/, ([show]) => void shows.splice(shows.indexOf(find(shows, show)), 1)],
    [
      'POST',
      /^\/v1\/admin\/shows\/([^/]+)\/publish$/,
      ([show]) => Object.assign(find(shows, show), { state: 'scheduled' }),
    ],
    [
      'POST',
      /^\/v1\/admin\/shows\/([^/]+)\/go-live$/,
      ([show]) => {
        room.show('live');
        return Object.assign(find(shows, show), { state: 'live', started_at: iso() });
      },
    ],
    [
      'POST',
      /^\/v1\/admin\/shows\/([^/]+)\/end$/,
      ([show]) => {
        room.show('ended');
        return Object.assign(find(shows, show), { state: 'ended', ended_at: iso() });
      },
    ],
    [
      'GET',
      /^\/v1\/admin\/shows\/([^/]+)\/ingest$/,
      () => {
        const base = {
          since: new Date(now - 40_000).toISOString(),
          encoder: 'OBS 31',
          dropped_frames: 0,
          behind_ms: 2100,
          warnings: [],
        };
        if (world.ingest === 'waiting') return { state: 'waiting', dropped_frames: 0, warnings: [] };
        if (world.ingest === 'interrupted')
          return { ...base, since: new Date(Date.now() - 7000).toISOString(), state: 'interrupted' };
        const bitrate = 4_500_000 + Math.round(Math.random() * 400_000 - 200_000);
        return {
          ...base,
          state: 'receiving',
          video: {
            codec: 'avc1',
            profile: 'high',
            width: 1280,
            height: 720,
            fps: 30,
            bitrate_bps: bitrate,
            keyframe_interval_ms: 2000,
          },
          audio: { codec: 'aac', sample_rate_hz: 48_000, channels: 2, bitrate_bps: 128_000 },
          warnings:
            world.ingest === 'warning'
              ? ['Key frames come every 10 s. In OBS set Output, Keyframe interval to 2 s.']
              : [],
        };
      },
    ],
    ['GET', /^\/v1\/admin\/shows\/([^/]+)\/stream-keys$/, ([show]) => ({ items: keys.get(show) ?? [] })],
    [
      'POST',
      /^\/v1\/admin\/shows\/([^/]+)\/stream-keys$/,
      ([show]) => {
        const key = { id: `key_${Date.now()}`, hint: '3f9c', created_at: iso() };
        keys.set(show, [key]);
        return { ...key, key: 'live_8Kq2vN4xTz7RwA913f9c', rtmp_url: 'rtmp://localhost:1935/live' };
      },
    ],
    ['DELETE', /^\/v1\/admin\/shows\/([^/]+)\/stream-keys\/([^/]+)$/, ([show]) => void keys.delete(show)],
    [
      'POST',
      /^\/v1\/admin\/shows\/([^/]+)\/staff-token$/,
      () => ({ token: 'mock', expires_at: new Date(Date.now() + 300_000).toISOString() }),
    ],
    ['GET', /^\/v1\/admin\/shows\/([^/]+)\/cues$/, ([show]) => refresh(runs.get(show) ?? { items: [], version: 1 })],
    [
      'POST',
      /^\/v1\/admin\/shows\/([^/]+)\/cues$/,
      ([show], body) => {
        const run = runs.get(show);
        const item = body.product_id && find(stock, body.product_id);
        const live = body.live_prices?.[0]?.price;
        const cue = {
          id: `cue_${Date.now()}`,
          state: 'planned',
          position: 0,
          live_prices: [],
          title: body.text ?? (body.kind === 'flash_sale' ? `Flash sale: ${item.title}` : item.title),
          ...body,
          ...(item ? { product: { ...cueProduct(item), live_price_from: live } } : {}),
          ...(body.flash ? { flash: { ...body.flash, sold: 0 } } : {}),
        };
        run.items.splice(body.position ?? run.items.length, 0, cue);
        run.items.forEach((entry, index) => (entry.position = index));
        return cue;
      },
    ],
    [
      'POST',
      /^\/v1\/admin\/shows\/([^/]+)\/cues\/order$/,
      ([show], { cue_ids: ids }) => {
        const run = runs.get(show);
        run.items
          .sort((a, b) => ids.indexOf(a.id) - ids.indexOf(b.id))
          .forEach((entry, index) => (entry.position = index));
        return run;
      },
    ],
    ['POST', /^\/v1\/admin\/shows\/([^/]+)\/cues\/([^/]+)\/start$/, ([show, cue]) => startCue(show, cueOf(show, cue))],
    [
      'POST',
      /^\/v1\/admin\/shows\/([^/]+)\/cues\/([^/]+)\/stop$/,
      ([show, wanted]) => {
        const cue = cueOf(show, wanted);
        Object.assign(cue, { state: 'done', ended_at: iso() });
        if (cue.kind === 'flash_sale') room.endFlash(cue.product.id);
        else if (cue.kind === 'banner') room.banner(null);
      },
    ],
    [
      'PATCH',
      /^\/v1\/admin\/shows\/([^/]+)\/cues\/([^/]+)$/,
      ([show, cue], body) => {
        const found = Object.assign(cueOf(show, cue), body);
        if (body.live_prices && found.product) found.product.live_price_from = body.live_prices[0]?.price;
        return found;
      },
    ],
    [
      'DELETE',
      /^\/v1\/admin\/shows\/([^/]+)\/cues\/([^/]+)$/,
      ([show, cue]) => void runs.get(show).items.splice(runs.get(show).items.indexOf(cueOf(show, cue)), 1),
    ],
    [
      'POST',
      /^\/v1\/admin\/shows\/([^/]+)\/unpin$/,
      ([show]) => {
        for (const cue of runs.get(show).items)
          if (cue.state === 'on_screen' && cue.kind === 'product')
            Object.assign(cue, { state: 'done', ended_at: iso() });
        room.pin(null);
      },
    ],
    [
      'POST',
      /^\/v1\/admin\/shows\/([^/]+)\/pin$/,
      ([show], { product_id: wanted }) => {
        const cue = runs.get(show).items.find((entry) => entry.product?.id === wanted);
        return startCue(show, cue);
      },
    ],
    [
      'GET',
      /^\/v1\/admin\/shows\/([^/]+)\/figures$/,
      ([show]) => ({ ...makeFigures(now), as_of: iso(), viewers: room.state.viewers, ...find(shows, show).figures }),
    ],
    [
      'GET',
      /^\/v1\/admin\/shows\/([^/]+)\/moderation-log$/,
      () => ({
        items: [
          {
            at: iso(),
            action: 'remove',
            by: 'usr_4',
            by_name: 'Noor Haddad',
            viewer_id: 'vwr_dea.ls',
            message_id: 'msg_0008',
            reason: 'Spam or links',
          },
          { at: iso(), action: 'mute', by: 'usr_4', by_name: 'Noor Haddad', viewer_id: 'vwr_dea.ls', seconds: 600 },
        ],
      }),
    ],
    [
      'GET',
      /^\/v1\/admin\/products$/,
      (_, __, query) => {
        const q = query.get('q')?.toLowerCase();
        const tag = query.get('tag');
        return page(
          stock.filter(
            (item) =>
              (!q || `${item.title} ${item.variants.map((variant) => variant.sku)}`.toLowerCase().includes(q)) &&
              (!tag || item.tags.includes(tag)),
          ),
          query,
        );
      },
    ],
    [
      'POST',
      /^\/v1\/admin\/products$/,
      (_, body) => {
        if (!body.title)
          throw new Refused(422, 'invalid', 'One thing to fix before this product can be saved.', '', [
            { pointer: '/title', detail: 'Viewers need a name for it.' },
          ]);
        const item = {
          ...structuredClone(products[0]),
          ...body,
          id: `prd_${Date.now()}`,
          images: [],
          variants: body.variants.map((variant, index) => ({
            id: `var_${Date.now()}${index}`,
            ...variant,
            stock: { stocked: 0, sold: 0, reserved: 0, leased: 0, available: 0 },
          })),
          stock: { stocked: 0, sold: 0, reserved: 0, leased: 0, available: 0 },
        };
        stock.push(item);
        return item;
      },
    ],
    ['GET', /^\/v1\/admin\/products\/([^/]+)$/, ([wanted]) => find(stock, wanted)],
    [
      'PATCH',
      /^\/v1\/admin\/products\/([^/]+)$/,
      ([wanted], body, _, request) => {
        const item = find(stock, wanted);
        if (request.headers['if-match'] !== etag(item))
          throw new Refused(
            412,
            'changed-meanwhile',
            'Somebody else saved this product a moment ago.',
            'Look at their version, then save yours.',
          );
        Object.assign(item, {
          title: body.title,
          description: body.description,
          tags: body.tags,
          options: body.options,
        });
        item.variants = body.variants.map((variant, index) => ({
          ...(item.variants.find((known) => known.id === variant.id) ?? {
            id: `var_${Date.now()}${index}`,
            stock: { stocked: 0, sold: 0, reserved: 0, leased: 0, available: 0 },
          }),
          ...variant,
        }));
        touch(item);
        return item;
      },
    ],
    [
      'DELETE',
      /^\/v1\/admin\/products\/([^/]+)$/,
      ([wanted]) => void stock.splice(stock.indexOf(find(stock, wanted)), 1),
    ],
    ['POST', /^\/v1\/admin\/variants\/([^/]+)\/stock-adjustments$/, ([wanted], { delta }) => adjust(wanted, delta)],
    [
      'POST',
      /^\/v1\/admin\/products\/[^/]+\/variants\/([^/]+)\/stock-adjustments$/,
      ([wanted], { delta }) => adjust(wanted, delta),
    ],
    [
      'GET',
      /^\/v1\/admin\/products\/([^/]+)\/ledger$/,
      ([wanted]) => ({ items: ledger(find(stock, wanted)), next_cursor: null }),
    ],
    [
      'GET',
      /^\/v1\/admin\/orders$/,
      (_, __, query) => {
        const q = query.get('q')?.toLowerCase();
        const list = orders.filter(
          (order) =>
            (!query.get('state') || order.state === query.get('state')) &&
            (!query.get('show') || order.show.id === query.get('show')) &&
            (!q ||
              `${order.number} ${order.customer.name} ${order.customer.email} ${order.lines.map((line) => line.sku)}`
                .toLowerCase()
                .includes(q)),
        );
        return {
          ...page(list.map(row), query),
          totals: { count: list.length, revenue: [eur(list.reduce((total, order) => total + order.total.minor, 0))] },
        };
      },
    ],
    ['GET', /^\/v1\/admin\/orders\/([^/]+)$/, ([wanted]) => find(orders, wanted)],
    [
      'POST',
      /^\/v1\/admin\/orders\/([^/]+)\/refunds$/,
      ([wanted], { amount, reason }) => {
        if (!world.confirmed)
          throw new Refused(403, 'confirm-password', 'A refund needs your password.', 'Type it once more.');
        const order = find(orders, wanted);
        order.refunded = eur(order.refunded.minor + amount.minor);
        order.refundable = eur(order.total.minor - order.refunded.minor);
        order.state = order.refundable.minor === 0 ? 'refunded' : 'partly_refunded';
        order.refunds.push({ id: `ref_${Date.now()}`, amount, reason, at: iso(), by: person().name });
        order.events.unshift({
          at: iso(),
          kind: 'refunded',
          text: `€${(amount.minor / 100).toFixed(2)} back to ${order.payment.brand} ${order.payment.last4}`,
        });
        return order.refunds.at(-1);
      },
    ],
    [
      'POST',
      /^\/v1\/admin\/orders\/([^/]+)\/fulfilment$/,
      ([wanted], { state, tracking }) => {
        const order = find(orders, wanted);
        Object.assign(order, { state, fulfilment: state, [`${state}_at`]: iso() });
        order.events.unshift({ at: iso(), kind: state, text: tracking ?? `by ${person().name}` });
        return order;
      },
    ],
    [
      'GET',
      /^\/v1\/admin\/mails\/([^/]+)$/,
      () => ({
        subject: 'Your order at Kiln & Co',
        to: 'sanne@example.com',
        html: '',
        text: 'Dear Sanne,\n\nthank you for your order 10482.\n\n2 × Celadon ramen bowl, large   €78.00\nParcel to the door               €5.95\nTotal                           €83.95\n\nIt goes out tomorrow. The bowls were thrown by Maren in kiln 41.\n\nKiln & Co',
        at: iso(),
      }),
    ],
    ['GET', /^\/v1\/admin\/shop$/, () => ({ ...shop })],
    ['PATCH', /^\/v1\/admin\/shop$/, (_, body) => Object.assign(shop, body)],
    ['GET', /^\/v1\/admin\/people$/, () => ({ items: people })],
    [
      'POST',
      /^\/v1\/admin\/people$/,
      (_, body) => {
        const added = { id: `usr_${Date.now()}`, name: body.name, email: body.email, role: body.role };
        people.push(added);
        return added;
      },
    ],
    ['PATCH', /^\/v1\/admin\/people\/([^/]+)$/, ([wanted], body) => Object.assign(find(people, wanted), body)],
    [
      'DELETE',
      /^\/v1\/admin\/people\/([^/]+)$/,
      ([wanted]) => void people.splice(people.indexOf(find(people, wanted)), 1),
    ],
    ['POST', /^\/v1\/admin\/images$/, () => makeShows(now)[0].cover],
    ['PATCH', /^\/v1\/admin\/images\/([^/]+)$/, () => makeShows(now)[0].cover],
  ];
  function adjust(wanted, delta) {
    const item = stock.find((entry) => entry.variants.some((variant) => variant.id === wanted));
    const variant = item.variants.find((entry) => entry.id === wanted);
    for (const counts of [variant.stock, item.stock]) {
      counts.stocked += delta;
      counts.available += delta;
    }
    return variant.stock;
  }

  const middleware = vite
    ? await (await import('vite')).createServer({ root: join(here, '..'), server: { middlewareMode: true } })
    : null;

  const server = createServer(async (request, response) => {
    const url = new URL(request.url, 'http://mock');
    if (world.down && url.pathname.startsWith('/v1/')) return void request.destroy();
    const api = url.pathname.startsWith('/v1/');
    if (api) {
      const chunks = [];
      for await (const chunk of request) chunks.push(chunk);
      const raw = Buffer.concat(chunks);
      try {
        const open = url.pathname.startsWith('/v1/auth/') || url.pathname === '/v1/setup';
        if (!world.session && !open) throw new Refused(401, 'signed-out', 'You are not signed in.', 'Sign in.');
        const route = routes.find(([method, path]) => method === request.method && path.test(url.pathname));
        if (!route) throw missing();
        const body =
          raw.length && request.headers['content-type'] === 'application/json' ? JSON.parse(raw.toString()) : {};
        const value = route[2](route[1].exec(url.pathname).slice(1), body, url.searchParams, request);
        response.writeHead(value === undefined ? 204 : 200, {
          'content-type': 'application/json',
          ...(value?.id ? { etag: etag(value) } : {}),
        });
        response.end(value === undefined ? undefined : JSON.stringify(value));
      } catch (error) {
        if (!(error instanceof Refused)) console.error(error);
        response.writeHead(error.status ?? 500, { 'content-type': 'application/problem+json' });
        response.end(
          JSON.stringify(
            error.body ?? {
              type: 'https://showfloor.dev/problems/internal',
              status: 500,
              detail: 'Something broke on our side.',
              next: 'We look at it.',
            },
          ),
        );
      }
      return;
    }
    const art = /^\/images\/img_(\w+)\/\d+\.jpg$/.exec(url.pathname);
    if (art) return void file(response, join(here, 'art', `${art[1]}.svg`));
    const live = /^\/live\/[^/]+\/(.+)$/.exec(url.pathname);
    if (live && hls) return void hls(live[1], url, response);
    if (middleware) return void middleware.middlewares(request, response, () => response.writeHead(404).end());
    if (!url.pathname.startsWith('/dashboard')) return void response.writeHead(404).end();
    const asset = join(here, '..', 'dist', url.pathname.slice('/dashboard'.length));
    if (extname(asset) && existsSync(asset) && statSync(asset).isFile()) return void file(response, asset);
    response.writeHead(200, {
      'content-type': types['.html'],
      'content-security-policy': POLICY,
      'cross-origin-opener-policy': 'same-origin',
      'x-content-type-options': 'nosniff',
    });
    response.end(readFileSync(join(here, '..', 'dist', 'index.html')));
  });
  server.on('upgrade', (request, socket, head) => {
    if (!/^\/v1\/rooms\/[^/]+\/socket$/.test(request.url) || world.down) return void socket.destroy();
    room.wire.handleUpgrade(request, socket, head, (client) => room.wire.emit('connection', client, request));
  });
  await new Promise((resolve) => server.listen(port, '127.0.0.1', resolve));
  const newOrder = () => {
    const order = makeOrder(10483 + orders.length - 71, orders.length % 13, Date.now(), shows[0]);
    orders.unshift({ ...order, state: 'paid' });
    return order;
  };
  return {
    url: `http://127.0.0.1:${server.address().port}/dashboard`,
    room,
    world,
    shows,
    runs,
    orders,
    stock,
    newOrder,
    close: () => new Promise((resolve) => (room.drop(), server.closeAllConnections(), server.close(resolve))),
  };
}

function file(response, path) {
  if (!existsSync(path)) return void response.writeHead(404).end();
  response.writeHead(200, { 'content-type': types[extname(path)] ?? 'application/octet-stream' });
  createReadStream(path).pipe(response);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const option = (name) => (process.argv.includes(name) ? process.argv[process.argv.indexOf(name) + 1] : undefined);
  const mock = await startMock({
    port: Number(option('--port') ?? 7490),
    vite: process.argv.includes('--vite'),
    role: option('--role') ?? 'manager',
    empty: process.argv.includes('--empty'),
    signedIn: true,
  });
  console.log(mock.url);
}
