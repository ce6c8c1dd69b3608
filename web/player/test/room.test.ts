import assert from 'node:assert/strict';
import { beforeEach, describe, it } from 'node:test';
import type { ClientMessage, ServerMessage } from '@showfloor/api-client';
import {
  BACKOFF_BASE_MS,
  BACKOFF_MAX_MS,
  RoomConnection,
  UNSENT_MAX,
  type Clock,
  type RoomStatus,
  type Socket,
} from '../src/core/room.ts';

class FakeSocket implements Socket {
  onopen: Socket['onopen'] = null;
  onmessage: Socket['onmessage'] = null;
  onclose: Socket['onclose'] = null;
  sent: ClientMessage[] = [];
  closed = false;
  constructor(
    readonly url: string,
    readonly protocols: string[],
  ) {}
  send(text: string) {
    this.sent.push(...(JSON.parse(text) as ClientMessage[]));
  }
  close() {
    this.closed = true;
  }
  says(...messages: unknown[]) {
    this.onmessage?.({ data: JSON.stringify(messages) });
  }
}

/** Time that moves only when told to. */
class FakeClock implements Clock {
  time = 1_000_000;
  chance = 0.5;
  #timers: { at: number; run: () => void }[] = [];
  now() {
    return this.time;
  }
  random() {
    return this.chance;
  }
  after(ms: number, run: () => void) {
    const timer = { at: this.time + ms, run };
    this.#timers.push(timer);
    return () => void (this.#timers = this.#timers.filter((t) => t !== timer));
  }
  async pass(ms: number) {
    const end = this.time + ms;
    for (;;) {
      const next = this.#timers.filter((t) => t.at <= end).sort((a, b) => a.at - b.at)[0];
      if (!next) break;
      this.#timers = this.#timers.filter((t) => t !== next);
      this.time = next.at;
      next.run();
      await Promise.resolve();
    }
    this.time = end;
    await new Promise((done) => setImmediate(done));
  }
}

const welcome = (offset: number, recovered = false, epoch = 1) => ({
  t: 'welcome',
  epoch,
  offset,
  recovered,
  you: { viewer_id: 'vwr_me', role: 'viewer', name: 'Guest' },
  now: 1,
  ping_s: 20,
  ack_every: 0,
});
const chat = (offset: number) => ({
  t: 'chat',
  offset,
  message: { id: `m${offset}`, at: 1, from: { id: 'x', name: 'x', role: 'viewer' }, text: 'hi' },
});

describe('the room connection', () => {
  let clock: FakeClock;
  let sockets: FakeSocket[];
  let heard: ServerMessage[];
  let statuses: RoomStatus[];
  let fresh: boolean[];
  let room: RoomConnection;
  const last = () => sockets.at(-1)!;
  const flush = () => new Promise((done) => setImmediate(done));

  beforeEach(() => {
    clock = new FakeClock();
    sockets = [];
    heard = [];
    statuses = [];
    fresh = [];
    room = new RoomConnection({
      url: 'wss://edge.example/v1/rooms/shw_1/socket',
      token: async (isFresh) => {
        fresh.push(isFresh);
        return `jwt${fresh.length}`;
      },
      open: (url, protocols) => {
        const socket = new FakeSocket(url, protocols);
        sockets.push(socket);
        return socket;
      },
      clock,
      hello: { locale: 'en', currency: 'EUR' },
      onMessage: (message) => heard.push(message),
      onStatus: (status) => statuses.push(status),
    });
  });

  async function join(offset = 10, recovered = false, epoch = 1) {
    room.connect();
    await flush();
    last().onopen?.({} as never);
    last().says(welcome(offset, recovered, epoch));
    await clock.pass(0);
  }

  it('carries the token as a subprotocol, never in the address', async () => {
    await join();
    assert.deepEqual(last().protocols, ['showfloor.v1', 'token.jwt1']);
    assert.ok(!last().url.includes('jwt'));
  });

  it('says hello first, and resumes exactly where it was', async () => {
    await join(10);
    last().says(chat(11), chat(12));
    last().onclose?.({ code: 1006 });
    await clock.pass(BACKOFF_BASE_MS);
    last().onopen?.({} as never);
    assert.deepEqual(last().sent[0], {
      t: 'hello',
      locale: 'en',
      currency: 'EUR',
      resume: { epoch: 1, offset: 12 },
    });
  });

  it('hears each sequenced message once, also when the resume repeats it', async () => {
    await join(10);
    last().says(chat(11));
    last().says(chat(11), chat(12));
    assert.deepEqual(
      heard.filter((m) => m.t === 'chat').map((m) => m.offset),
      [11, 12],
    );
  });

  it('waits with full jitter under a doubling, bounded ceiling', async () => {
    room.connect();
    await flush();
    for (let i = 0; i < 8; i++) {
      last().onclose?.({ code: 1006 });
      const waiting = statuses.at(-1)!;
      assert.equal(waiting.is, 'waiting');
      const wait = waiting.is === 'waiting' ? waiting.retryAt - clock.time : 0;
      assert.equal(wait, Math.round(0.5 * Math.min(BACKOFF_MAX_MS, BACKOFF_BASE_MS * 2 ** i)));
      await clock.pass(wait);
    }
  });

  it('spreads a restart over the time the room asked for', async () => {
    await join();
    last().says({ t: 'bye', code: 1012, reason: 'restart', resume_after_ms: 8_000 });
    last().onclose?.({ code: 1012 });
    const waiting = statuses.at(-1)!;
    assert.equal(waiting.is === 'waiting' && waiting.retryAt - clock.time, 4_000);
  });

  it('asks for a new token when the old one is refused', async () => {
    await join();
    last().onclose?.({ code: 4401 });
    await clock.pass(BACKOFF_BASE_MS);
    assert.deepEqual(fresh, [false, true]);
  });

  it('stays away after a ban and after the show', async () => {
    await join();
    last().onclose?.({ code: 4403 });
    assert.deepEqual(statuses.at(-1), { is: 'closed', why: 'banned' });
    const count = sockets.length;
    await clock.pass(120_000);
    assert.equal(sockets.length, count);
    await join();
    last().onclose?.({ code: 4409 });
    assert.deepEqual(statuses.at(-1), { is: 'closed', why: 'over' });
  });

  it('keeps what was written until the room confirms it, and sends it after a break', async () => {
    await join();
    last().onclose?.({ code: 1006 });
    room.say('r1', 'Can I get them together?');
    assert.deepEqual(room.unsent, ['r1']);
    await clock.pass(BACKOFF_BASE_MS);
    last().onopen?.({} as never);
    last().says(welcome(10, true));
    await clock.pass(0);
    assert.deepEqual(last().sent.at(-1), { t: 'say', ref: 'r1', text: 'Can I get them together?' });
    last().says({ t: 'sent', ref: 'r1', message_id: 'm1', offset: 11 });
    assert.deepEqual(room.unsent, []);
  });

  it(`keeps at most ${UNSENT_MAX} unsent messages`, async () => {
    for (let i = 0; i <= UNSENT_MAX; i++) room.say(`r${i}`, 'hello');
    assert.equal(room.unsent.length, UNSENT_MAX);
    assert.equal(room.unsent[0], 'r1');
  });

  it('acknowledges what it has, and pings', async () => {
    await join(10);
    last().says(chat(11));
    await clock.pass(20_000);
    assert.ok(last().sent.some((m) => m.t === 'ack' && m.offset === 11));
    assert.ok(last().sent.some((m) => m.t === 'ping'));
  });

  it('leaves a socket that has gone silent', async () => {
    await join();
    await clock.pass(70_000);
    assert.ok(sockets[0]!.closed);
    assert.ok(sockets.length > 1);
  });

  it('sends hearts in handfuls of at most ten', async () => {
    await join();
    for (let i = 0; i < 30; i++) room.heart();
    await clock.pass(400);
    assert.deepEqual(
      last().sent.filter((m) => m.t === 'react'),
      [{ t: 'react', kind: 'heart', n: 10 }],
    );
  });

  it('takes a skipped range as told, not as a gap to ask for again', async () => {
    await join(10);
    last().says({ t: 'skipped', from: 11, to: 50 });
    last().onclose?.({ code: 4408 });
    await clock.pass(BACKOFF_BASE_MS);
    last().onopen?.({} as never);
    assert.deepEqual((last().sent[0] as { resume?: object }).resume, { epoch: 1, offset: 50 });
  });
});
