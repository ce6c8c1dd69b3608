import { CLOSE, ROOM_SUBPROTOCOL, type ClientMessage, type ServerMessage } from '@showfloor/api-client';

export type Connection =
  | { state: 'connecting' }
  | { state: 'open' }
  /** Not connected since `since`; the next attempt is at `retryAt`. */
  | { state: 'waiting'; since: number; retryAt: number }
  /** The room is closed to us for good: the show is over, or we were shut out. */
  | { state: 'closed'; reason: 'over' | 'refused' };

/** What the room said no to, or why it could not be asked. */
export class RoomRefusal extends Error {
  constructor(
    readonly reason: string,
    readonly next: string,
  ) {
    super(next || reason);
  }
}

/** The parts of a browser that the client needs; a test brings its own. */
export interface RoomEnvironment {
  open(url: string, protocols: string[]): RoomSocket;
  now(): number;
  random(): number;
  after(ms: number, run: () => void): () => void;
}

export interface RoomSocket {
  onopen: (() => void) | null;
  onmessage: ((event: { data: unknown }) => void) | null;
  onclose: ((event: { code: number }) => void) | null;
  send(text: string): void;
  close(code?: number): void;
}

export interface RoomClientOptions {
  url: string;
  /** A fresh staff token: asked for at every connection, because it lives for five minutes only. */
  token: () => Promise<string>;
  onMessages: (messages: ServerMessage[]) => void;
  onConnection: (connection: Connection) => void;
  environment: RoomEnvironment;
}

const BACKOFF_FIRST_MS = 500;
const BACKOFF_MOST_MS = 15_000;
/** No answer to anything for this many pings' time: the line is dead, whatever the socket says. */
const PINGS_MISSED = 2;

type Command = Extract<ClientMessage, { ref: string }>;
/** A command without its reference, which the client makes. */
export type Order = Command extends infer C ? (C extends Command ? Omit<C, 'ref'> : never) : never;

/**
 * One socket to one show's room. It comes back by itself with `{epoch, offset}`, so that what was missed is sent again,
 * and with full jitter, so that a thousand of them don't come back at once. Commands are never queued: what can't be
 * sent now is refused now.
 */
export class RoomClient {
  private socket: RoomSocket | null = null;
  private place: { epoch: number; offset: number } | null = null;
  private pending = new Map<
    string,
    { resolve: (messageId: string | null) => void; reject: (error: RoomRefusal) => void }
  >();
  private lastRef = 0;
  private attempts = 0;
  private lostAt: number | null = null;
  private stopped = false;
  private connected = false;
  private cancelRetry: (() => void) | null = null;
  private cancelPing: (() => void) | null = null;
  private heardAt = 0;

  constructor(private readonly options: RoomClientOptions) {}

  start(): void {
    this.stopped = false;
    void this.connect();
  }

  stop(): void {
    this.stopped = true;
    this.cancelRetry?.();
    this.drop();
  }

  /** Tries again at once, when a person asks or the browser is online again. */
  retryNow(): void {
    if (this.stopped || this.connected || this.socket) return;
    this.cancelRetry?.();
    void this.connect();
  }

  /** Sends a command. Resolves with the message's id for `say`, with `null` for the rest. */
  async command(order: Order): Promise<string | null> {
    const { socket } = this;
    if (!socket || !this.connected) throw new RoomRefusal('offline', 'You lost the connection.');
    const ref = `d${++this.lastRef}`;
    return new Promise((resolve, reject) => {
      this.pending.set(ref, { resolve, reject });
      socket.send(JSON.stringify([{ ...order, ref }]));
    });
  }

  private async connect(): Promise<void> {
    const { environment, options } = this;
    if (this.lostAt === null) options.onConnection({ state: 'connecting' });
    let token: string;
    try {
      token = await options.token();
    } catch {
      this.lost();
      return;
    }
    if (this.stopped) return;
    const socket = environment.open(options.url, [ROOM_SUBPROTOCOL, `token.${token}`]);
    this.socket = socket;
    socket.onopen = () => {
      const hello: ClientMessage = this.place ? { t: 'hello', resume: this.place } : { t: 'hello' };
      socket.send(JSON.stringify([hello]));
    };
    socket.onmessage = (event) => {
      if (this.socket === socket && typeof event.data === 'string') this.receive(event.data);
    };
    socket.onclose = (event) => {
      if (this.socket !== socket) return;
      this.drop();
      if (event.code === CLOSE.showOver) options.onConnection({ state: 'closed', reason: 'over' });
      else if (event.code === CLOSE.banned) options.onConnection({ state: 'closed', reason: 'refused' });
      else this.lost(event.code === CLOSE.tokenExpired);
    };
  }

  private get environment(): RoomEnvironment {
    return this.options.environment;
  }

  private receive(text: string): void {
    let messages: ServerMessage[];
    try {
      messages = JSON.parse(text) as ServerMessage[];
    } catch {
      this.socket?.close();
      return;
    }
    this.heardAt = this.environment.now();
    for (const message of messages) this.note(message);
    this.options.onMessages(messages);
  }

  private note(message: ServerMessage): void {
    if (message.t === 'welcome') {
      this.place = {
        epoch: message.epoch,
        offset: message.recovered ? (this.place?.offset ?? message.offset) : message.offset,
      };
      this.attempts = 0;
      this.lostAt = null;
      this.connected = true;
      this.ping(message.ping_s * 1000);
      this.options.onConnection({ state: 'open' });
      return;
    }
    if ('offset' in message && this.place) this.place.offset = Math.max(this.place.offset, message.offset);
    if (message.t === 'sent') this.settle(message.ref, (waiting) => waiting.resolve(message.message_id));
    else if (message.t === 'done') this.settle(message.ref, (waiting) => waiting.resolve(null));
    else if (message.t === 'refused')
      this.settle(message.ref, (waiting) => waiting.reject(new RoomRefusal(message.reason, message.next)));
  }

  private settle(
    ref: string | null | undefined,
    how: (waiting: { resolve: (messageId: string | null) => void; reject: (error: RoomRefusal) => void }) => void,
  ): void {
    const waiting = ref ? this.pending.get(ref) : undefined;
    if (!ref || !waiting) return;
    this.pending.delete(ref);
    how(waiting);
  }

  private ping(everyMs: number): void {
    this.cancelPing?.();
    if (!(everyMs > 0)) return;
    this.cancelPing = this.environment.after(everyMs, () => {
      if (this.environment.now() - this.heardAt > everyMs * PINGS_MISSED) {
        this.drop();
        this.lost();
        return;
      }
      this.socket?.send(JSON.stringify([{ t: 'ping' }]));
      this.ping(everyMs);
    });
  }

  /** Lets go of the socket, and of everything that waited for its answers. */
  private drop(): void {
    this.cancelPing?.();
    const { socket } = this;
    this.socket = null;
    this.connected = false;
    if (socket) {
      socket.onopen = socket.onmessage = socket.onclose = null;
      socket.close();
    }
    for (const waiting of this.pending.values()) waiting.reject(new RoomRefusal('offline', 'You lost the connection.'));
    this.pending.clear();
  }

  private lost(expired = false): void {
    if (this.stopped) return;
    const now = this.environment.now();
    const ceiling = Math.min(BACKOFF_MOST_MS, BACKOFF_FIRST_MS * 2 ** this.attempts);
    // A token that ran out is no trouble: the next one is fetched at once, and nobody sees a gap.
    const wait = expired && this.attempts === 0 ? 0 : Math.ceil(this.environment.random() * ceiling);
    this.attempts += 1;
    this.lostAt ??= now;
    this.cancelRetry = this.environment.after(wait, () => void this.connect());
    if (wait > 0 || !expired) this.options.onConnection({ state: 'waiting', since: this.lostAt, retryAt: now + wait });
  }
}

/** The browser itself. */
export const browserEnvironment: RoomEnvironment = {
  open: (url, protocols) => new WebSocket(url, protocols) as unknown as RoomSocket,
  now: () => Date.now(),
  random: () => Math.random(),
  after: (ms, run) => {
    const timer = setTimeout(run, ms);
    return () => clearTimeout(timer);
  },
};
