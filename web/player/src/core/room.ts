import { CLOSE, ROOM_SUBPROTOCOL, type ClientMessage, type ServerMessage } from '@showfloor/api-client/room';
import { readFrame } from './messages.ts';

/** What the connection needs of a WebSocket. */
export interface Socket {
  onopen: ((event: never) => void) | null;
  onmessage: ((event: { data: unknown }) => void) | null;
  onclose: ((event: { code: number }) => void) | null;
  send(text: string): void;
  close(code?: number): void;
}

/** Time and chance, so that tests can hold both. */
export interface Clock {
  now(): number;
  after(ms: number, run: () => void): () => void;
  random(): number;
}

export type RoomStatus =
  | { is: 'connecting' }
  | { is: 'open' }
  | { is: 'waiting'; retryAt: number }
  | { is: 'closed'; why: 'banned' | 'over' | 'stopped' };

export interface RoomOptions {
  url: string;
  /** A token good for at least a minute; `fresh` asks for a new one because the last was refused. */
  token(fresh: boolean): Promise<string>;
  open(url: string, protocols: string[]): Socket;
  clock: Clock;
  hello: { name?: string; locale?: string; currency?: string };
  onMessage(message: ServerMessage): void;
  onStatus(status: RoomStatus): void;
}

/** Full jitter: each wait is uniform between nothing and the ceiling, and the ceiling doubles up to its own. */
export const BACKOFF_BASE_MS = 1_000;
export const BACKOFF_MAX_MS = 15_000;
/** Acknowledge at least this often while sequenced messages come in. */
export const ACK_EVERY_MS = 5_000;
/** A silent socket is dead after this many unanswered pings. */
const SILENT_PINGS = 2.5;
/** What the viewer wrote and the room has not confirmed; older ones are given up. */
export const UNSENT_MAX = 20;
export const REACTIONS_PER_MESSAGE_MAX = 10;
export const REACTIONS_EVERY_MS = 400;

type Say = Extract<ClientMessage, { t: 'say' }>;

/**
 * The viewer's end of a room: connects, resumes where it was, renews its token before it runs out, waits with full
 * jitter between attempts, and keeps what was written until the room has confirmed it.
 */
export class RoomConnection {
  readonly #o: RoomOptions;
  #socket: Socket | null = null;
  #attempt = 0;
  #generation = 0;
  #place: { epoch: number; offset: number } | null = null;
  #refresh = false;
  #resumeAfterMs = 0;
  #unsent: Say[] = [];
  #welcomed = false;
  #heardAt = 0;
  #acked = 0;
  #hearts = 0;
  #cancels = new Set<() => void>();
  #name: string | undefined;

  constructor(options: RoomOptions) {
    this.#o = options;
    this.#name = options.hello.name;
  }

  /** Opens now, also when the next attempt is still some seconds away. */
  connect(): void {
    this.#drop();
    const generation = ++this.#generation;
    this.#o.onStatus({ is: 'connecting' });
    const refresh = this.#refresh;
    this.#refresh = false;
    this.#o.token(refresh).then(
      (token) => generation === this.#generation && this.#open(token, generation),
      () => generation === this.#generation && this.#wait(),
    );
  }

  stop(): void {
    this.#generation++;
    this.#drop();
    this.#o.onStatus({ is: 'closed', why: 'stopped' });
  }

  /** Reopens with a new token; what happens meanwhile is resumed, and the room hears no farewell. */
  renew(): void {
    if (this.#welcomed) this.connect();
  }

  say(ref: string, text: string, replyTo?: string): void {
    const message: Say = { t: 'say', ref, text, ...(replyTo ? { reply_to: replyTo } : {}) };
    this.#unsent.push(message);
    this.#unsent.splice(0, Math.max(0, this.#unsent.length - UNSENT_MAX));
    if (this.#welcomed) this.#send(message);
  }

  /** Refs still waiting for the room's answer, oldest first. */
  get unsent(): readonly string[] {
    return this.#unsent.map((message) => message.ref);
  }

  heart(): void {
    if (!this.#hearts++) {
      this.#later(REACTIONS_EVERY_MS, () => {
        const n = Math.min(this.#hearts, REACTIONS_PER_MESSAGE_MAX);
        this.#hearts = 0;
        if (this.#welcomed) this.#send({ t: 'react', kind: 'heart', n });
      });
    }
  }

  rename(name: string): void {
    this.#name = name;
    if (this.#welcomed) this.#send({ t: 'name', name });
  }

  #open(token: string, generation: number): void {
    const mine = (run: () => void) => () => generation === this.#generation && run();
    let socket: Socket;
    try {
      socket = this.#o.open(this.#o.url, [ROOM_SUBPROTOCOL, `token.${token}`]);
    } catch {
      this.#wait();
      return;
    }
    this.#socket = socket;
    this.#heardAt = this.#o.clock.now();
    socket.onopen = mine(() => {
      const { hello } = this.#o;
      this.#send({
        t: 'hello',
        ...hello,
        ...(this.#name ? { name: this.#name } : {}),
        ...(this.#place ? { resume: this.#place } : {}),
      });
    });
    socket.onmessage = (event) => {
      if (generation !== this.#generation || typeof event.data !== 'string') return;
      this.#heardAt = this.#o.clock.now();
      readFrame(event.data).forEach((message) => this.#take(message));
    };
    socket.onclose = (event) => mine(() => this.#closed(event.code))();
    this.#later(
      BACKOFF_MAX_MS,
      mine(() => !this.#welcomed && this.#closed(CLOSE.restart)),
    );
  }

  #take(message: ServerMessage): void {
    if (message.t === 'welcome') {
      this.#welcomed = true;
      this.#attempt = 0;
      this.#resumeAfterMs = 0;
      if (!message.recovered) this.#place = { epoch: message.epoch, offset: message.offset };
      else this.#place = { epoch: message.epoch, offset: this.#place?.offset ?? message.offset };
      this.#acked = this.#place.offset;
      this.#keepAlive(Math.max(5, message.ping_s || 20) * 1000);
      this.#ackLater();
      this.#o.onStatus({ is: 'open' });
      this.#o.onMessage(message);
      // After a resume, what was written before the break may have arrived: the messages before this line say so.
      this.#later(0, () => this.#unsent.forEach((waiting) => this.#send(waiting)));
      return;
    }
    if (message.t === 'sent') this.#unsent = this.#unsent.filter(({ ref }) => ref !== message.ref);
    if (message.t === 'refused') this.#unsent = this.#unsent.filter(({ ref }) => ref !== message.ref);
    if (message.t === 'bye') this.#resumeAfterMs = Math.min(Math.max(0, message.resume_after_ms ?? 0), 60_000);
    if ('offset' in message && message.t !== 'sent' && this.#place) {
      // Seen before the break already: a repeat changes nothing.
      if (message.t !== 'snapshot' && message.offset <= this.#place.offset) return;
      this.#place = { ...this.#place, offset: message.offset };
    }
    if (message.t === 'skipped' && this.#place)
      this.#place = { ...this.#place, offset: Math.max(this.#place.offset, message.to) };
    this.#o.onMessage(message);
  }

  #keepAlive(every: number): void {
    this.#later(every, () => {
      if (this.#o.clock.now() - this.#heardAt > every * SILENT_PINGS) return this.#closed(CLOSE.restart);
      this.#send({ t: 'ping' });
      this.#keepAlive(every);
    });
  }

  #ackLater(): void {
    this.#later(ACK_EVERY_MS, () => {
      const offset = this.#place?.offset ?? 0;
      if (offset > this.#acked) this.#send({ t: 'ack', offset: (this.#acked = offset) });
      this.#ackLater();
    });
  }

  #closed(code: number): void {
    this.#drop();
    this.#generation++;
    if (code === CLOSE.banned) return this.#o.onStatus({ is: 'closed', why: 'banned' });
    if (code === CLOSE.showOver) return this.#o.onStatus({ is: 'closed', why: 'over' });
    if (code === CLOSE.tokenExpired) this.#refresh = true;
    this.#wait();
  }

  #wait(): void {
    const ceiling = Math.min(BACKOFF_MAX_MS, BACKOFF_BASE_MS * 2 ** this.#attempt++);
    const wait = Math.round(this.#o.clock.random() * Math.max(ceiling, this.#resumeAfterMs));
    const generation = ++this.#generation;
    this.#o.onStatus({ is: 'waiting', retryAt: this.#o.clock.now() + wait });
    this.#later(wait, () => generation === this.#generation && this.connect());
  }

  #send(message: ClientMessage): void {
    try {
      this.#socket?.send(JSON.stringify([message]));
    } catch {
      // The socket is closing; its close event follows and the resume brings what is missing.
    }
  }

  #later(ms: number, run: () => void): void {
    const cancel = this.#o.clock.after(ms, () => {
      this.#cancels.delete(cancel);
      run();
    });
    this.#cancels.add(cancel);
  }

  #drop(): void {
    this.#cancels.forEach((cancel) => cancel());
    this.#cancels.clear();
    this.#hearts = 0;
    this.#welcomed = false;
    const socket = this.#socket;
    this.#socket = null;
    if (!socket) return;
    socket.onopen = socket.onmessage = socket.onclose = null;
    try {
      socket.close(1000);
    } catch {
      // Never opened.
    }
  }
}

export const realClock: Clock = {
  now: () => Date.now(),
  after: (ms, run) => {
    const timer = setTimeout(run, ms);
    return () => clearTimeout(timer);
  },
  random: () => Math.random(),
};
