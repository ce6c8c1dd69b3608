import { CLOSE, type ClientMessage, type ServerMessage } from '@showfloor/api-client';
import { describe, expect, it } from 'vitest';
import { RoomClient, RoomRefusal, type Connection, type RoomSocket } from './client';

/** A line that the test holds at both ends, on a clock of its own. */
function line({ random = () => 0.5, failToken = false } = {}) {
  const sockets: (RoomSocket & { protocols: string[]; sent: ClientMessage[]; closed: boolean })[] = [];
  const connections: Connection[] = [];
  const batches: ServerMessage[][] = [];
  let timers: { at: number; run: () => void }[] = [];
  let now = 1_000;
  let tokens = 0;
  const client = new RoomClient({
    url: 'ws://room',
    token: async () => {
      if (failToken) throw new Error('no');
      return `t${++tokens}`;
    },
    onMessages: (messages) => batches.push(messages),
    onConnection: (connection) => connections.push(connection),
    environment: {
      now: () => now,
      random,
      after: (ms, run) => {
        const timer = { at: now + ms, run };
        timers.push(timer);
        return () => (timers = timers.filter((other) => other !== timer));
      },
      open: (_url, protocols) => {
        const socket = {
          protocols,
          sent: [] as ClientMessage[],
          closed: false,
          onopen: null,
          onmessage: null,
          onclose: null,
          send: (text: string) => socket.sent.push(...(JSON.parse(text) as ClientMessage[])),
          close: () => void (socket.closed = true),
        };
        sockets.push(socket);
        return socket;
      },
    },
  });
  const settle = async (): Promise<void> => {
    for (let turn = 0; turn < 5; turn++) await Promise.resolve();
  };
  return {
    client,
    sockets,
    connections,
    batches,
    settle,
    last: () => sockets.at(-1)!,
    state: () => connections.at(-1)!,
    async pass(ms: number) {
      now += ms;
      const due = timers.filter((timer) => timer.at <= now);
      timers = timers.filter((timer) => timer.at > now);
      for (const timer of due) timer.run();
      await settle();
    },
    waits: () => timers.map((timer) => timer.at - now),
    say(...messages: ServerMessage[]) {
      sockets.at(-1)!.onmessage?.({ data: JSON.stringify(messages) });
    },
  };
}

const welcome = (offset: number, recovered = false): ServerMessage => ({
  t: 'welcome',
  epoch: 1,
  offset,
  recovered,
  you: { viewer_id: 'me', role: 'manager', name: 'T' },
  now: 0,
  ping_s: 20,
  ack_every: 0,
});

async function connected(options = {}) {
  const at = line(options);
  at.client.start();
  await at.settle();
  at.last().onopen?.();
  at.say(welcome(5));
  return at;
}

describe('the room client', () => {
  it('carries its token beside the protocol, and says hello first', async () => {
    const at = await connected();
    expect(at.last().protocols).toEqual(['showfloor.v1', 'token.t1']);
    expect(at.last().sent).toEqual([{ t: 'hello' }]);
    expect(at.state()).toEqual({ state: 'open' });
  });

  it('comes back with the place where it was, and a fresh token', async () => {
    const at = await connected();
    at.say({ t: 'slow', offset: 9, seconds: 5 });
    at.last().onclose?.({ code: CLOSE.restart });
    await at.pass(250);
    at.last().onopen?.();
    expect(at.last().protocols[1]).toBe('token.t2');
    expect(at.last().sent).toEqual([{ t: 'hello', resume: { epoch: 1, offset: 9 } }]);
  });

  it('renews an expired token without a word to anybody', async () => {
    const at = await connected();
    at.last().onclose?.({ code: CLOSE.tokenExpired });
    await at.pass(0);
    at.last().onopen?.();
    at.say(welcome(5, true));
    expect(at.connections.map(({ state }) => state)).toEqual(['connecting', 'open', 'open']);
  });

  it('waits longer each time, with full jitter, up to a limit', async () => {
    const at = await connected({ random: () => 1 });
    const waits: number[] = [];
    for (let attempt = 0; attempt < 8; attempt++) {
      at.last().onclose?.({ code: 1006 });
      waits.push(at.waits().at(-1)!);
      await at.pass(waits.at(-1)!);
    }
    expect(waits).toEqual([500, 1000, 2000, 4000, 8000, 15_000, 15_000, 15_000]);
  });

  it('tells since when it is offline, and when it tries again', async () => {
    const at = await connected({ random: () => 1 });
    at.last().onclose?.({ code: 1006 });
    expect(at.state()).toEqual({ state: 'waiting', since: 1_000, retryAt: 1_500 });
    await at.pass(500);
    at.last().onclose?.({ code: 1006 });
    expect(at.state()).toEqual({ state: 'waiting', since: 1_000, retryAt: 2_500 });
  });

  it('does not come back to a show that is over, or to one it was shut out of', async () => {
    for (const [code, reason] of [
      [CLOSE.showOver, 'over'],
      [CLOSE.banned, 'refused'],
    ] as const) {
      const at = await connected();
      at.last().onclose?.({ code });
      expect(at.state()).toEqual({ state: 'closed', reason });
      expect(at.waits()).toEqual([]);
    }
  });

  it('answers a command with what the room answered', async () => {
    const at = await connected();
    const said = at.client.command({ t: 'say', text: 'hi' });
    const refused = at.client.command({ t: 'say', text: 'again' });
    const [, first, second] = at.last().sent as { ref?: string }[];
    at.say(
      { t: 'refused', ref: second!.ref!, reason: 'duplicate', next: 'Say something else.' },
      { t: 'sent', ref: first!.ref!, message_id: 'msg_1', offset: 6 },
    );
    await expect(said).resolves.toBe('msg_1');
    await expect(refused).rejects.toThrow('Say something else.');
  });

  it('queues nothing: what can’t be sent now is refused now', async () => {
    const at = await connected();
    at.last().onclose?.({ code: 1006 });
    await expect(at.client.command({ t: 'slow', seconds: 5 })).rejects.toBeInstanceOf(RoomRefusal);
    await at.pass(500);
    at.last().onopen?.();
    at.say(welcome(5, true));
    expect(at.last().sent.map(({ t }) => t)).toEqual(['hello']);
  });

  it('lets no command wait for ever when the line breaks', async () => {
    const at = await connected();
    const waiting = at.client.command({ t: 'slow', seconds: 5 });
    at.last().onclose?.({ code: 1006 });
    await expect(waiting).rejects.toThrow('You lost the connection.');
  });

  it('gives up a line on which nothing comes any more', async () => {
    const at = await connected();
    await at.pass(20_000);
    expect(at.last().sent.at(-1)).toEqual({ t: 'ping' });
    await at.pass(20_000);
    await at.pass(20_000);
    expect(at.sockets[0]!.closed).toBe(true);
    expect(at.state().state).toBe('waiting');
  });

  it('survives a server that sends something else than messages', async () => {
    const at = await connected();
    at.last().onmessage?.({ data: 'not json' });
    expect(at.last().closed).toBe(true);
  });

  it('tries again when no token can be had', async () => {
    const at = line({ failToken: true });
    at.client.start();
    await at.settle();
    expect(at.sockets).toHaveLength(0);
    expect(at.state().state).toBe('waiting');
  });

  it('is silent after it was stopped', async () => {
    const at = await connected();
    at.client.stop();
    expect(at.waits()).toEqual([]);
    expect(at.last().closed).toBe(true);
  });
});
