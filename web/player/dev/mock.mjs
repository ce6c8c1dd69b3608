// A stand-in for the servers, for developing and for the player's own tests: one show, a room, a shop, a sandbox
// card provider, and live video if ffmpeg is there. It follows the public contract and keeps everything in memory.
import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { createReadStream, existsSync, mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { extname, join, normalize } from 'node:path';
import { fileURLToPath } from 'node:url';
import { WebSocketServer } from 'ws';

const here = fileURLToPath(new URL('.', import.meta.url));
const types = {
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.html': 'text/html; charset=utf-8',
  '.m3u8': 'application/vnd.apple.mpegurl',
  '.mp4': 'video/mp4',
  '.m4s': 'video/iso.segment',
  '.jpg': 'image/jpeg',
  '.png': 'image/png',
  '.svg': 'image/svg+xml',
};
export const SHOW = 'shw_018f00000000000000000000000000aa';
const id = (prefix) => `${prefix}_${randomBytes(16).toString('hex')}`;
const eur = (minor) => ({ minor, currency: 'EUR' });

/** The policy of the watch page, as production sends it. */
const csp = (origin) =>
  [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self'",
    "media-src 'self' blob:",
    `connect-src 'self' ${origin.replace('http', 'ws')} ${origin}`,
    "base-uri 'none'",
    "form-action 'self'",
    "frame-ancestors 'self'",
    "require-trusted-types-for 'script'",
  ].join('; ');

function catalogue(images) {
  const image = (name, alt) => ({
    id: `img_${name}`,
    alt,
    width: 640,
    height: 640,
    src: `/images/${name}/640.jpg`,
    srcset: `/images/${name}/160.jpg 160w, /images/${name}/640.jpg 640w`,
  });
  const one = (n, name, title, description, price, available, more = {}) => ({
    id: `prd_${String(n).padStart(32, '0')}`,
    title,
    description,
    images: images ? [image(name, title)] : [],
    options: [],
    variants: [
      {
        id: `var_${String(n * 100).padStart(32, '0')}`,
        sku: name,
        options: {},
        price: eur(price),
        available,
        reserved: 0,
        ...more,
      },
    ],
  });
  const hana = one(1, 'hana', 'Hana pour-over set', 'Stoneware dripper and carafe, thrown by hand in Altona.', 7200, 0);
  hana.options = [
    { name: 'Glaze', values: ['Oat', 'Sage', 'Ink', 'Clay'] },
    { name: 'Size', values: ['1 cup', '2 cups', '4 cups'] },
  ];
  hana.variants = hana.options[0].values.flatMap((Glaze, g) =>
    hana.options[1].values.map((Size, s) => ({
      id: `var_${String(100 + g * 10 + s).padStart(32, '0')}`,
      sku: `HANA-${g}${s}`,
      options: { Glaze, Size },
      price: eur(7200),
      live_price: eur(5800),
      available: g === 0 && s === 1 ? 6 : 0,
      reserved: 0,
    })),
  );
  return [
    hana,
    one(2, 'mugs', 'Ridge mugs, pair', 'Two mugs with a ridge for the thumb.', 3400, 31),
    one(3, 'kettle', 'Tomo kettle', 'A gooseneck that pours where you look.', 8400, 12),
    one(4, 'filters', 'Cone filters, 100', 'Unbleached, size 02.', 700, 400),
    one(5, 'beans', 'House beans', 'Roasted on Tuesday.', 1400, 0),
    one(6, 'grinder', 'Hand grinder', 'Steel burrs, forty clicks.', 9600, 4),
  ];
}

export async function startMock({
  port = 0,
  media = join(here, '.media'),
  video = true,
  state = 'live',
  size = '540:960',
  holdMs = 600_000,
  startsInMs = 2_530_000,
} = {}) {
  const images = existsSync(join(media, 'hana.png'));
  const products = catalogue(images);
  const carts = new Map();
  const checkouts = new Map();
  const intents = new Map();
  const sockets = new Set();
  const chat = [];
  const world = {
    state,
    pinned: { product_id: products[0].id, at: Date.now() - 60_000, version: 1 },
    pinnedMessage: null,
    flash: [],
    slow: 0,
    viewers: 1284,
    offset: 0,
    version: 1,
    epoch: Date.now(),
    log: [],
    down: false,
  };

  const variants = new Map(
    products.flatMap((product) => product.variants.map((variant) => [variant.id, { product, variant }])),
  );
  const costs = ({ variant }) => variant.flash_price ?? variant.live_price ?? variant.price;
  const titleOf = (variant) => Object.values(variant.options).join(', ');

  function send(message, to = sockets) {
    const text = JSON.stringify([message]);
    for (const socket of to) if (socket.readyState === 1 && socket.joined) socket.send(text);
  }
  function publish(message) {
    const sequenced = { ...message, offset: ++world.offset };
    world.log.push(sequenced);
    send(sequenced);
    return sequenced;
  }
  function speak(name, role, text, more = {}) {
    const message = {
      id: id('msg'),
      at: Date.now(),
      from: { id: more.id ?? `vwr_${name}`, name, role },
      text,
      ...(more.reply_to ? { reply_to: more.reply_to } : {}),
    };
    chat.push(message);
    return publish({ t: 'chat', message });
  }
  function pin(index, at = Date.now()) {
    world.pinned = { product_id: products[index].id, at, version: ++world.version };
    publish({ t: 'pin', ...world.pinned });
  }
  function unpin(at = Date.now()) {
    world.pinned = null;
    publish({ t: 'unpin', at, version: ++world.version });
  }
  function setState(next, at = Date.now()) {
    world.state = next;
    publish({ t: 'state', state: next, at, version: ++world.version });
  }
  function flash(index, price, seconds, cap, at = Date.now()) {
    const product = products[index];
    const sale = {
      product_id: product.id,
      at,
      ends_at: at + seconds * 1000,
      cap,
      prices: product.variants.map((v) => ({ variant_id: v.id, price: eur(price) })),
      version: ++world.version,
    };
    world.flash = [sale];
    product.flash = { ends_at: new Date(sale.ends_at).toISOString(), cap, remaining: cap };
    product.variants.forEach((variant) => (variant.flash_price = eur(price)));
    publish({ t: 'flash', ...sale });
    setTimeout(() => {
      delete product.flash;
      product.variants.forEach((variant) => delete variant.flash_price);
    }, seconds * 1000).unref();
  }
  const tellStock = ({ product, variant }) =>
    publish({
      t: 'stock',
      product_id: product.id,
      variant_id: variant.id,
      available: variant.available,
      reserved: variant.reserved,
      version: ++world.version,
    });

  function cartView(cart) {
    const lines = [...cart.lines].map(([variant_id, quantity]) => {
      const found = variants.get(variant_id);
      const unit = costs(found);
      return {
        variant_id,
        product_id: found.product.id,
        title: found.product.title,
        variant_title: titleOf(found.variant),
        ...(found.product.images[0] ? { image: found.product.images[0] } : {}),
        quantity,
        unit_price: unit,
        ...(unit.minor < found.variant.price.minor ? { was: found.variant.price } : {}),
        line_total: eur(unit.minor * quantity),
        available: found.variant.available,
        ...(found.variant.available === 0
          ? { notice: 'sold_out' }
          : found.variant.available < quantity
            ? { notice: 'fewer_left' }
            : {}),
      };
    });
    const total = lines.reduce((sum, line) => sum + line.line_total.minor, 0);
    return {
      id: cart.id,
      show_id: SHOW,
      currency: 'EUR',
      lines,
      subtotal: eur(total),
      total: eur(total),
      count: lines.reduce((n, line) => n + line.quantity, 0),
    };
  }
  function quoteFor(cart, country) {
    const view = cartView(cart);
    const shipping = country === 'DE' ? 490 : 900;
    const total = view.total.minor + shipping;
    const day = (n) => new Date(Date.now() + n * 86_400_000).toISOString().slice(0, 10);
    return {
      id: id('quo'),
      hash: randomBytes(16).toString('hex'),
      lines: view.lines.map(({ variant_id, title, variant_title, quantity, unit_price, line_total, image }) => ({
        variant_id,
        title,
        variant_title,
        quantity,
        unit_price,
        line_total,
        ...(image ? { image } : {}),
      })),
      subtotal: view.total,
      discount: null,
      shipping: { label: 'Standard', price: eur(shipping), earliest: day(6), latest: day(7) },
      tax: { label: 'VAT 19 %', rate_bps: 1900, amount: eur(Math.round((total * 19) / 119)), included: true },
      total: eur(total),
    };
  }
  const checkoutView = ({ waiters: _, cart: __, ...checkout }) => checkout;
  function bump(checkout, change) {
    Object.assign(checkout, change, { version: checkout.version + 1 });
    checkout.waiters.splice(0).forEach((wake) => wake());
  }
  function release(checkout) {
    for (const line of checkout.quote.lines) {
      const found = variants.get(line.variant_id);
      found.variant.available += line.quantity;
      found.variant.reserved -= line.quantity;
      tellStock(found);
    }
  }
  function paid(checkout) {
    if (checkout.state === 'paid') return;
    const order = { id: id('ord'), number: 1042 + checkouts.size - 1, secret: randomBytes(16).toString('hex') };
    for (const line of checkout.quote.lines) {
      const found = variants.get(line.variant_id);
      found.variant.reserved -= line.quantity;
      tellStock(found);
    }
    bump(checkout, { state: 'paid', order, payment: { ...checkout.payment, state: 'succeeded' } });
    const first = checkout.quote.lines[0];
    const found = variants.get(first.variant_id);
    publish({
      t: 'sold',
      at: Date.now(),
      name: checkout.contact?.name.split(' ')[0] ?? null,
      product_id: found.product.id,
      title: found.product.title,
      quantity: first.quantity,
    });
    carts.delete(checkout.cart.id);
  }

  const problem = (status, slug, detail, next) => ({
    status,
    body: { type: `https://showfloor.dev/problems/${slug}`, title: detail, status, detail, next },
  });
  const notFound = () => problem(404, 'not-found', 'There is nothing here.', 'Check the address.');

  const routes = [
    ['GET', /^\/v1\/shows\/(\w+)$/, ([show]) => (show === SHOW ? { body: publicShow() } : notFound())],
    ['GET', /^\/v1\/shows\/(\w+)\/products$/, () => ({ body: { items: products, next_cursor: null } })],
    ['GET', /^\/v1\/overlays\/(\w+)$/, () => ({ body: overlay() })],
    [
      'POST',
      /^\/v1\/shows\/(\w+)\/viewer-tokens$/,
      (_, body) => {
        const now = Math.floor(Date.now() / 1000);
        const viewer = `vwr_${Buffer.from(body.device_secret).toString('hex').slice(0, 12)}`;
        const part = (value) => Buffer.from(JSON.stringify(value)).toString('base64url');
        return {
          status: 201,
          body: {
            token: `${part({ alg: 'EdDSA', typ: 'viewer+jwt' })}.${part({ sub: viewer, iat: now, exp: now + 900 })}.sig`,
            expires_at: new Date((now + 900) * 1000).toISOString(),
            viewer_id: viewer,
            renew_until: new Date((now + 43_200) * 1000).toISOString(),
          },
        };
      },
    ],
    [
      'POST',
      /^\/v1\/carts$/,
      () => {
        const cart = { id: id('crt'), secret: randomBytes(20).toString('base64url'), lines: new Map() };
        carts.set(cart.id, cart);
        return { status: 201, body: { ...cartView(cart), secret: cart.secret } };
      },
    ],
    ['GET', /^\/v1\/carts\/(\w+)$/, withCart((cart) => ({ body: cartView(cart) }))],
    [
      'PUT',
      /^\/v1\/carts\/(\w+)\/lines\/(\w+)$/,
      withCart((cart, [, variant], body) => {
        if (!variants.has(variant) || !(body.quantity >= 1 && body.quantity <= 99))
          return problem(422, 'invalid', 'That quantity cannot be.', 'Use 1 to 99.');
        cart.lines.set(variant, body.quantity);
        return { body: cartView(cart) };
      }),
    ],
    [
      'DELETE',
      /^\/v1\/carts\/(\w+)\/lines\/(\w+)$/,
      withCart((cart, [, variant]) => {
        cart.lines.delete(variant);
        return { body: cartView(cart) };
      }),
    ],
    [
      'POST',
      /^\/v1\/carts\/(\w+)\/checkouts$/,
      withCart((cart, _, body, headers) => {
        if (!headers['idempotency-key'])
          return problem(400, 'idempotency-key', 'An Idempotency-Key is needed.', 'Send one.');
        // A checkout of the same cart gives way; its end stays.
        const old = [...checkouts.values()].find((c) => c.cart === cart && c.state === 'open');
        if (old) {
          release(old);
          bump(old, { state: 'cancelled' });
        }
        for (const [variant, quantity] of cart.lines)
          if (variants.get(variant).variant.available < quantity)
            return problem(409, 'not-enough-left', 'Not enough pieces are left.', 'Take fewer.');
        const quote = quoteFor(cart, body.country);
        for (const line of quote.lines) {
          const found = variants.get(line.variant_id);
          found.variant.available -= line.quantity;
          found.variant.reserved += line.quantity;
          tellStock(found);
        }
        const checkout = {
          id: id('chk'),
          version: 1,
          state: 'open',
          quote,
          held_until: old?.held_until ?? new Date(Date.now() + holdMs).toISOString(),
          cart,
          waiters: [],
        };
        checkouts.set(checkout.id, checkout);
        setTimeout(
          () => checkout.state === 'open' && (release(checkout), bump(checkout, { state: 'expired' })),
          holdMs,
        ).unref();
        return { status: 201, body: checkoutView(checkout) };
      }),
    ],
    [
      'PUT',
      /^\/v1\/checkouts\/(\w+)$/,
      withCheckout((checkout, body) => {
        if (checkout.address?.country !== body.address.country)
          checkout.quote = quoteFor(checkout.cart, body.address.country);
        bump(checkout, { contact: body.contact, address: body.address });
        return { body: checkoutView(checkout) };
      }),
    ],
    [
      'DELETE',
      /^\/v1\/checkouts\/(\w+)$/,
      withCheckout((checkout) => {
        if (checkout.state === 'open') release(checkout);
        bump(checkout, { state: 'cancelled' });
        return { status: 204 };
      }),
    ],
    [
      'GET',
      /^\/v1\/checkouts\/(\w+)$/,
      withCheckout(async (checkout, _, url) => {
        const after = Number(url.searchParams.get('after') ?? -1);
        const wait = Math.min(Number(url.searchParams.get('wait_ms') ?? 0), 15_000);
        if (after === checkout.version && wait)
          await new Promise((wake) => (checkout.waiters.push(wake), setTimeout(wake, wait).unref()));
        return { body: checkoutView(checkout) };
      }),
    ],
    [
      'POST',
      /^\/v1\/checkouts\/(\w+)\/payments$/,
      withCheckout((checkout, body) => {
        if (checkout.state === 'expired') return problem(410, 'hold-ended', 'The hold has ended.', 'Hold again.');
        if (body.quote_hash !== checkout.quote.hash)
          return problem(409, 'quote-changed', 'The quote has changed.', 'Read it again.');
        const intent = { id: id('pi'), secret: randomBytes(16).toString('hex'), checkout };
        intents.set(intent.id, intent);
        checkout.attempts = (checkout.attempts ?? 0) + 1;
        bump(checkout, { payment: { id: id('pay'), state: 'requires_payment' } });
        return {
          status: 201,
          body: {
            id: checkout.payment.id,
            provider: 'sandbox',
            provider_url: origin(),
            intent_id: intent.id,
            client_secret: intent.secret,
            attempts_left: 3 - checkout.attempts,
          },
        };
      }),
    ],
    [
      'POST',
      /^\/v1\/payment_intents\/(\w+)\/confirm$/,
      ([intentId], body) => {
        const intent = intents.get(intentId);
        if (!intent || body.client_secret !== intent.secret) return notFound();
        const { checkout } = intent;
        switch (body.card.number) {
          case '4000000000000002':
            return {
              body: { status: 'requires_payment_method', error: { code: 'card_declined', message: 'Declined.' } },
            };
          case '4000000000009995':
            return {
              body: {
                status: 'requires_payment_method',
                error: { code: 'insufficient_funds', message: 'Insufficient funds.' },
              },
            };
          case '4000000000003220':
            bump(checkout, { state: 'action_required' });
            return { body: { status: 'requires_action', next_action: { url: `${origin()}/challenge` } } };
          case '4000000000000077':
            bump(checkout, { state: 'paying' });
            setTimeout(() => paid(checkout), 6_000).unref();
            return { body: { status: 'processing' } };
          default:
            bump(checkout, { state: 'paying' });
            setTimeout(() => paid(checkout), 120).unref();
            return { body: { status: 'succeeded' } };
        }
      },
    ],
    [
      'POST',
      /^\/v1\/payment_intents\/(\w+)\/challenge$/,
      ([intentId], body) => {
        const { checkout } = intents.get(intentId);
        if (body.answer !== 'pass') {
          bump(checkout, { state: 'open' });
          return {
            body: {
              status: 'requires_payment_method',
              error: { code: 'authentication_failed', message: 'Not passed.' },
            },
          };
        }
        bump(checkout, { state: 'paying' });
        setTimeout(() => paid(checkout), 120).unref();
        return { body: { status: 'succeeded' } };
      },
    ],
  ];

  function withCart(run) {
    return (args, body, url, headers) => {
      const cart = carts.get(args[0]);
      return cart && cart.secret === headers['showfloor-cart'] ? run(cart, args, body, headers) : notFound();
    };
  }
  function withCheckout(run) {
    return (args, body, url, headers) => {
      const checkout = checkouts.get(args[0]);
      return checkout && checkout.cart.secret === headers['showfloor-cart'] ? run(checkout, body, url) : notFound();
    };
  }

  const publicShow = () => ({
    id: SHOW,
    shop: { id: 'shp_1', name: 'Fern & Kiln', locale: 'en', country: 'DE', currency: 'EUR', currencies: ['EUR'] },
    title: 'Slow coffee, warm hands',
    description: 'An hour of pour-over with Mara: how she throws a dripper, and which kettle pours slowest.',
    host: {
      name: 'Mara Okoye',
      ...(images ? { avatar: { id: 'img_face', alt: '', width: 160, height: 160, src: '/images/face/160.jpg' } } : {}),
    },
    state: world.state,
    starts_at: new Date(Date.now() + startsInMs).toISOString(),
    ...(images
      ? {
          cover: {
            id: 'img_still',
            alt: '',
            width: 720,
            height: 1280,
            src: `/images/${world.state === 'scheduled' ? 'still' : 'scene'}/720.jpg`,
          },
        }
      : {}),
    slow_mode_s: world.slow,
    playlist_url: `/live/${SHOW}/index.m3u8`,
    room_url: `/v1/rooms/${SHOW}/socket`,
    overlay_url: `/v1/overlays/${SHOW}`,
    ships_to: ['DE', 'AT', 'FR', 'NL'],
  });
  const overlay = () => ({
    epoch: world.epoch,
    offset: world.offset,
    at: Date.now(),
    audience: { locale: 'en', currency: 'EUR' },
    show_state: world.state,
    pinned: world.pinned,
    banner: null,
    flash: world.flash.filter((sale) => sale.ends_at > Date.now()),
    products: products.map((product) => ({
      id: product.id,
      title: product.title,
      image: null,
      variants: product.variants.map((variant) => ({
        id: variant.id,
        title: titleOf(variant),
        options: variant.options,
        price: costs({ variant }),
        ...(costs({ variant }).minor < variant.price.minor ? { was: variant.price } : {}),
        available: variant.available,
        state: variant.available ? 'available' : variant.reserved ? 'held' : 'sold_out',
      })),
    })),
  });

  const folder = mkdtempSync(join(tmpdir(), 'showfloor-mock-'));
  let ffmpeg = null;
  if (video) {
    const still = join(media, 'scene.png');
    const source = images
      ? ['-loop', '1', '-framerate', '30', '-i', still]
      : ['-f', 'lavfi', '-i', 'testsrc2=size=360x640:rate=30'];
    ffmpeg = spawn(
      'ffmpeg',
      [
        '-v',
        'error',
        '-re',
        ...source,
        '-re',
        '-f',
        'lavfi',
        '-i',
        'sine=frequency=220:sample_rate=48000',
        '-vf',
        `scale=${size},drawbox=x='mod(t*90,540)':y=ih-6:w=40:h=6:color=white@0.5:t=fill,format=yuv420p`,
        '-c:v',
        'libx264',
        '-preset',
        'ultrafast',
        '-tune',
        'zerolatency',
        '-g',
        '30',
        '-c:a',
        'aac',
        '-f',
        'hls',
        '-hls_time',
        '1',
        '-hls_list_size',
        '8',
        '-hls_flags',
        'program_date_time+delete_segments+independent_segments',
        '-hls_segment_type',
        'fmp4',
        join(folder, 'index.m3u8'),
      ],
      { stdio: ['ignore', 'ignore', 'inherit'] },
    );
    ffmpeg.on('error', () => (ffmpeg = null));
  }

  const file = (answer, path, headers = {}) => {
    if (!existsSync(path)) return answer.writeHead(404, { 'access-control-allow-origin': '*' }).end();
    answer.writeHead(200, {
      'content-type': types[extname(path)] ?? 'application/octet-stream',
      'access-control-allow-origin': '*',
      'cache-control': 'no-cache',
      ...headers,
    });
    createReadStream(path).pipe(answer);
  };

  const server = createServer(async (request, answer) => {
    const url = new URL(request.url, origin());
    const cors = {
      'access-control-allow-origin': '*',
      'access-control-allow-headers': '*, authorization',
      'access-control-allow-methods': '*',
    };
    if (world.down && /^\/(v1|live)/.test(url.pathname)) return request.socket.destroy();
    if (request.method === 'OPTIONS') return answer.writeHead(204, cors).end();
    const safe = normalize(url.pathname).replace(/^(\.\.[/\\])+/, '');
    if (safe.startsWith('/player/')) return file(answer, join(here, '../dist', safe.slice(8)));
    if (/^\/s\/\w+$/.test(safe))
      return file(answer, join(here, '../dist/watch/index.html'), { 'content-security-policy': csp(origin()) });
    if (safe.startsWith('/embed/'))
      return file(answer, join(here, '../dist/embed-example', safe.slice(7) || 'index.html'));
    if (safe.startsWith('/live/')) return file(answer, join(folder, safe.split('/').pop()));
    if (safe.startsWith('/images/')) return file(answer, join(media, `${safe.split('/')[2]}.png`));
    const chunks = [];
    for await (const chunk of request) chunks.push(chunk);
    const body = chunks.length ? JSON.parse(Buffer.concat(chunks).toString()) : {};
    for (const [method, path, run] of routes) {
      const match = method === request.method && path.exec(url.pathname);
      if (!match) continue;
      const { status = 200, body: said } = await run(match.slice(1), body, url, request.headers);
      return answer
        .writeHead(status, { 'content-type': 'application/json', ...cors })
        .end(said ? JSON.stringify(said) : undefined);
    }
    answer.writeHead(404, { 'content-type': 'application/json', ...cors }).end(JSON.stringify(notFound().body));
  });

  const rooms = new WebSocketServer({
    noServer: true,
    handleProtocols: (protocols) => (protocols.has('showfloor.v1') ? 'showfloor.v1' : false),
  });
  server.on('upgrade', (request, socket, head) => {
    if (world.down) return socket.destroy();
    rooms.handleUpgrade(request, socket, head, (ws) => {
      const token =
        (request.headers['sec-websocket-protocol'] ?? '').split(', ').find((p) => p.startsWith('token.')) ?? '';
      const viewer =
        JSON.parse(Buffer.from(token.split('.')[2] ?? '', 'base64url').toString() || '{}').sub ?? 'vwr_unknown';
      ws.viewer = { id: viewer, name: `Guest ${viewer.slice(-4)}` };
      sockets.add(ws);
      ws.on('close', () => sockets.delete(ws));
      ws.on('message', (data) => {
        for (const message of JSON.parse(data.toString())) hear(ws, message);
      });
    });
  });
  function hear(ws, message) {
    const reply = (m) => ws.send(JSON.stringify([m]));
    switch (message.t) {
      case 'hello': {
        if (message.name) ws.viewer.name = message.name;
        const recovered = message.resume?.epoch === world.epoch;
        ws.joined = true;
        reply({
          t: 'welcome',
          epoch: world.epoch,
          offset: world.offset,
          recovered,
          you: { viewer_id: ws.viewer.id, role: 'viewer', name: ws.viewer.name },
          now: Date.now(),
          ping_s: 20,
          ack_every: 0,
        });
        if (recovered) world.log.filter((m) => m.offset > message.resume.offset).forEach(reply);
        else
          reply({
            t: 'snapshot',
            offset: world.offset,
            state: world.state,
            pinned: world.pinned,
            banner: null,
            flash: world.flash.filter((f) => f.ends_at > Date.now()),
            pinned_message: world.pinnedMessage,
            slow_s: world.slow,
            chat: chat.slice(-50),
            presence: world.viewers,
          });
        break;
      }
      case 'say': {
        if (/https?:/.test(message.text))
          return reply({ t: 'refused', ref: message.ref, reason: 'link', next: 'Say it without a link.' });
        const said = speak(ws.viewer.name, 'viewer', message.text, { id: ws.viewer.id });
        reply({ t: 'sent', ref: message.ref, message_id: said.message.id, offset: said.offset });
        break;
      }
      case 'react':
        send(
          { t: 'reactions', counts: { heart: message.n } },
          [...sockets].filter((s) => s !== ws),
        );
        break;
      case 'name':
        ws.viewer.name = message.name;
        reply({ t: 'you', name: message.name });
        break;
      case 'ping':
        reply({ t: 'pong', now: Date.now() });
        break;
    }
  }

  await new Promise((ready) => server.listen(port, '127.0.0.1', ready));
  function origin() {
    return `http://localhost:${server.address().port}`;
  }

  return {
    origin: origin(),
    url: `${origin()}/s/${SHOW}`,
    products,
    world,
    checkouts,
    speak,
    pin,
    unpin,
    setState,
    flash,
    publish,
    send,
    tellStock: (index, variant, change) => {
      const found = { product: products[index], variant: products[index].variants[variant] };
      Object.assign(found.variant, change);
      tellStock(found);
    },
    /** Cuts every connection and refuses new ones until called with `false`. */
    goDown(down = true) {
      world.down = down;
      if (down) sockets.forEach((socket) => socket.terminate());
    },
    restartRoom() {
      sockets.forEach((socket) => socket.close(1012));
    },
    async close() {
      ffmpeg?.kill('SIGKILL');
      sockets.forEach((socket) => socket.terminate());
      server.closeAllConnections();
      await new Promise((done) => server.close(done));
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** A room that feels lived in, for looking at. */
export function chatter(mock) {
  mock.world.pinnedMessage = {
    id: 'msg_pin',
    at: Date.now(),
    from: { id: 'vwr_mara', name: 'Mara', role: 'host' },
    text: 'Every set leaves in a gift box this week.',
  };
  mock.speak('ines', 'viewer', 'Just in time, hello');
  mock.speak('Mara', 'host', 'Hello ines, hello everyone. Kettle’s on.');
  mock.speak('tomek', 'viewer', 'Is that the kettle from last week?');
  mock.speak('Mara', 'host', 'The very same. It’s the third thing in the list.', {
    reply_to: { id: 'x', name: 'tomek', text: 'Is that the kettle from last week?' },
  });
  mock.speak('anouk', 'viewer', 'The sage mugs are so good');
  mock.speak('kofi', 'viewer', 'First time here, lovely light');
  mock.speak('jules', 'viewer', 'Is the glaze food safe?');
  mock.speak('Fern & Kiln', 'shop', 'Yes, all four. Tested lead free.');
  mock.speak('peri', 'viewer', 'Hello from a rainy Porto');
  mock.speak('tomek', 'viewer', 'Mine came last week, it’s lovely');
}
export function recentChatter(mock) {
  mock.publish({
    t: 'sold',
    at: Date.now(),
    name: 'Ines',
    product_id: mock.products[0].id,
    title: 'a Hana set',
    quantity: 1,
  });
  mock.speak('noor', 'viewer', 'Does the carafe fit a two‑cup filter?');
  mock.speak('Mara', 'host', 'It does, noor. Same cone, size 02.');
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const mock = await startMock({ port: Number(process.env.PORT ?? 7410), state: process.argv[2] ?? 'live' });
  chatter(mock);
  console.log(`Watch   ${mock.url}\nEmbed   ${mock.origin}/embed/index.html`);
  process.on('SIGINT', () => void mock.close().then(() => process.exit(0)));
}
