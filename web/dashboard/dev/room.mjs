// The mock's room: one show, everyone in it gets the same sequenced messages.
import { WebSocketServer } from 'ws';
import { chatter } from './data.mjs';

export function makeRoom(now, { staffName = 'Kiln & Co' } = {}) {
  const epoch = 1;
  let offset = 0;
  let version = 1;
  let lastMessage = 0;
  const sequenced = [];
  const clients = new Set();
  const state = {
    show: 'live',
    pinned: null,
    banner: null,
    flash: [],
    pinnedMessage: null,
    slow: 5,
    viewers: 1284,
    chat: [],
  };
  const removed = new Map();

  const message = (name, text, role = 'viewer', at = Date.now(), reply) => ({
    id: `msg_${String(++lastMessage).padStart(4, '0')}`,
    at,
    from: { id: `vwr_${name}`, name, role },
    text,
    ...(reply ? { reply_to: { id: reply.id, name: reply.from.name, text: reply.text } } : {}),
  });
  state.chat = chatter.map(([name, text, role], index) =>
    message(name, text, role, now - (chatter.length - index) * 9000),
  );

  const send = (client, ...messages) => client.readyState === 1 && client.send(JSON.stringify(messages));
  const publish = (body) => {
    const sent = { ...body, offset: ++offset };
    sequenced.push(sent);
    for (const client of clients) send(client, sent);
  };
  const say = (said) => {
    state.chat.push(said);
    publish({ t: 'chat', message: said });
  };

  const wire = new WebSocketServer({ noServer: true, handleProtocols: () => 'showfloor.v1' });
  wire.on('connection', (client) => {
    client.on('message', (data) => {
      for (const order of JSON.parse(String(data))) answer(client, order);
    });
    client.on('close', () => clients.delete(client));
  });

  function answer(client, order) {
    const done = () => send(client, { t: 'done', ref: order.ref });
    if (order.t === 'hello') {
      clients.add(client);
      const recovered = order.resume?.epoch === epoch;
      const welcome = {
        t: 'welcome',
        epoch,
        offset,
        recovered,
        you: { viewer_id: 'vwr_staff', role: 'manager', name: staffName },
        now: Date.now(),
        ping_s: 20,
        ack_every: 0,
      };
      if (recovered) send(client, welcome, ...sequenced.filter((entry) => entry.offset > order.resume.offset));
      else
        send(client, welcome, {
          t: 'snapshot',
          offset,
          state: state.show,
          pinned: state.pinned,
          banner: state.banner,
          flash: state.flash,
          pinned_message: state.pinnedMessage,
          slow_s: state.slow,
          chat: state.chat.filter((line) => !removed.has(line.id)),
          presence: state.viewers,
        });
    } else if (order.t === 'ping') send(client, { t: 'pong', now: Date.now() });
    else if (order.t === 'say') {
      const said = message(
        staffName,
        order.text,
        'shop',
        Date.now(),
        state.chat.find((line) => line.id === order.reply_to),
      );
      say(said);
      send(client, { t: 'sent', ref: order.ref, message_id: said.id, offset });
    } else if (order.t === 'remove') {
      removed.set(order.message_id, true);
      publish({ t: 'removed', message_id: order.message_id });
      done();
    } else if (order.t === 'restore') {
      removed.delete(order.message_id);
      publish({ t: 'restored', message: state.chat.find((line) => line.id === order.message_id) });
      done();
    } else if (order.t === 'slow') {
      state.slow = order.seconds;
      publish({ t: 'slow', seconds: order.seconds });
      done();
    } else if (order.t === 'pin_message') {
      state.pinnedMessage = state.chat.find((line) => line.id === order.message_id) ?? null;
      publish({ t: 'pinned_message', message: state.pinnedMessage });
      done();
    } else if (order.ref) done();
  }

  return {
    wire,
    state,
    say: (name, text, role) => say(message(name, text, role)),
    sold: (name, title, quantity, productId) =>
      publish({ t: 'sold', at: Date.now(), name, product_id: productId, title, quantity }),
    stock: (productId, variant) =>
      publish({
        t: 'stock',
        product_id: productId,
        variant_id: variant.id,
        available: variant.stock.available,
        reserved: variant.stock.reserved,
        version: ++version,
      }),
    pin(productId, at = Date.now()) {
      state.pinned = productId ? { product_id: productId, at, version: ++version } : null;
      publish(productId ? { t: 'pin', ...state.pinned } : { t: 'unpin', at: Date.now(), version: ++version });
    },
    flash(sale) {
      const running = { ...sale, at: Date.now(), version: ++version };
      state.flash.push(running);
      publish({ t: 'flash', ...running });
    },
    endFlash(productId) {
      state.flash = state.flash.filter((sale) => sale.product_id !== productId);
      publish({ t: 'flash_end', at: Date.now(), product_id: productId, reason: 'stopped', version: ++version });
    },
    banner(text) {
      state.banner = text ? { text, at: Date.now(), version: ++version } : null;
      publish({ t: 'banner', at: Date.now(), text, version });
    },
    show(next) {
      state.show = next;
      publish({ t: 'state', at: Date.now(), state: next, version: ++version });
    },
    drop: (code = 1012) => clients.forEach((client) => client.close(code)),
  };
}
