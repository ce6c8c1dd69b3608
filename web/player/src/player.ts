import type { FlashSale, Overlay, Page, PublicProduct, PublicShow, ServerMessage } from '@showfloor/api-client';
import { ApiError, ask, secret, Session } from './core/api.ts';
import { keepFor } from './core/keep.ts';
import { realClock, RoomConnection, type RoomStatus, type Socket } from './core/room.ts';
import type { Offer } from './core/shelf.ts';
import { ShowRoom, type Effect } from './core/show.ts';
import type { Line } from './core/talk.ts';
import { Picture } from './media/picture.ts';

export type Phase = 'loading' | 'before' | 'live' | 'paused' | 'offline' | 'ended';

export interface PlayerOptions {
  showId: string;
  origin: string;
  token: string | null;
  locale: string;
  currency: string | null;
  video: HTMLVideoElement;
  still: HTMLCanvasElement;
  /** Something on screen may have changed. */
  onChange(atOnce?: boolean): void;
  /** Tells the page; false if the page prevented it. */
  emit(name: string, detail: object, cancelable?: boolean): boolean;
  onPinned(offer: Offer | null): void;
  onHearts(n: number): void;
  /** The room refused something that is not a message: a name. */
  onRefused(reason: string): void;
  /** A line was added to the talk. */
  onSaid(line: Line): void;
  /** Once a second. */
  onSecond(): void;
}

const TICK_MS = 250;
/** A connection that comes back within this time was never worth a word. */
const OFFLINE_AFTER_MS = 2_500;
/** Viewers who hear the same news do not all ask in the same instant. */
const REFETCH_SPREAD_MS = 800;
const SHOW_RETRY_MS = 2_000;

/** One viewer at one show: picture, room, shelf, bag and till, and the order in which they speak. */
export class Player {
  readonly room = new ShowRoom();
  readonly session: Session;
  readonly picture: Picture;
  show: PublicShow | null = null;
  /** Why there is no show: it is not there, or it did not load and is asked for again. */
  trouble: 'missing' | 'unreachable' | null = null;
  status: RoomStatus = { is: 'connecting' };
  phase: Phase = 'loading';
  readonly #o: PlayerOptions;
  #connection: RoomConnection | null = null;
  #lostAt: number | null = null;
  #timer: ReturnType<typeof setInterval> | undefined;
  #refetch = new Set<'overlay' | 'products'>();
  #stopped = new AbortController();
  #second = 0;

  constructor(options: PlayerOptions) {
    this.#o = options;
    this.session = new Session(options.origin, options.showId, keepFor(options.showId), options.token);
    this.picture = new Picture(options.video, options.still, {
      onFrame: () => this.#frame(),
      onState: () => this.#changed(),
    });
  }

  get currency(): string {
    const wanted = this.#o.currency?.toUpperCase();
    const { currencies = [], currency = 'EUR' } = this.show?.shop ?? {};
    return wanted && currencies.includes(wanted) ? wanted : currency;
  }

  /** The server's clock (UTC ms). */
  get now(): number {
    return Date.now() + this.room.skewMs;
  }

  get offline(): boolean {
    return this.#lostAt !== null && Date.now() - this.#lostAt > OFFLINE_AFTER_MS;
  }

  get onNow(): Offer | null {
    return this.room.shelf.offer(this.room.pinned?.productId ?? null);
  }

  start(): void {
    void Picture.engine().catch(() => null);
    void this.session.token().catch(() => null);
    void this.#load();
    this.#timer = setInterval(() => this.#tick(), TICK_MS);
    addEventListener('online', this.retry, { signal: this.#stopped.signal });
    addEventListener('offline', this.#gone, { signal: this.#stopped.signal });
  }

  stop(): void {
    this.#stopped.abort();
    clearInterval(this.#timer);
    this.#connection?.stop();
    this.picture.destroy();
  }

  /** Tries the connection now instead of at the end of the wait; one that only seems open is made anew. */
  retry = (): void => {
    if (!this.show) void this.#load();
    else this.#connection?.connect();
  };

  #gone = (): void => {
    this.#lostAt ??= Date.now();
  };

  say(text: string): void {
    const words = text.trim().slice(0, 500);
    if (!words || !this.#connection) return;
    const ref = secret(9);
    this.room.talk.wrote(ref, words, this.room.me?.name ?? '');
    this.#connection.say(ref, words);
    this.#changed();
  }

  heart(): void {
    this.#connection?.heart();
  }

  rename(name: string): void {
    const kept = name.trim().slice(0, 32);
    this.session.keep.set('name', kept || null);
    this.#connection?.rename(kept);
  }

  async #load(): Promise<void> {
    const { origin, showId } = this.session;
    try {
      this.show = await ask<PublicShow>(`${origin}/v1/shows/${encodeURIComponent(showId)}`, {
        signal: this.#stopped.signal,
      });
      this.trouble = null;
    } catch (error) {
      if (this.#stopped.signal.aborted) return;
      const missing = error instanceof ApiError && error.status >= 400 && error.status < 500 && error.status !== 429;
      this.trouble = missing ? 'missing' : 'unreachable';
      this.#o.emit('show-error', {
        type: this.trouble,
        next: missing ? 'Check the show attribute.' : 'Nothing: it is tried again.',
      });
      if (!missing)
        setTimeout(
          () => !this.#stopped.signal.aborted && !this.show && void this.#load(),
          SHOW_RETRY_MS * (0.5 + Math.random()),
        );
      return this.#changed();
    }
    this.room.slowS = this.show.slow_mode_s;
    this.#picture();
    this.#connect();
    void this.#fetch(['products', 'overlay']);
    this.#changed();
  }

  #connect(): void {
    const socketUrl = this.session.url(this.show!.room_url.replace(/^ws/, 'http'));
    socketUrl.protocol = socketUrl.protocol === 'http:' ? 'ws:' : 'wss:';
    const name = this.session.keep.get('name');
    this.#connection = new RoomConnection({
      url: socketUrl.href,
      token: this.session.token,
      open: (url, protocols) => new WebSocket(url, protocols) as unknown as Socket,
      clock: realClock,
      hello: { ...(name ? { name } : {}), locale: this.#o.locale, currency: this.currency },
      onMessage: (message) => this.#hear(message),
      onStatus: (status) => {
        this.status = status;
        if (status.is === 'open') this.#lostAt = null;
        else if (status.is === 'waiting') this.#lostAt ??= Date.now();
        if (status.is === 'closed' && status.why === 'over') this.room.state = 'ended';
        this.#changed();
      },
    });
    this.#connection.connect();
  }

  #screen() {
    const frameTime = this.phase === 'before' || this.phase === 'ended' ? null : this.picture.frameTime;
    return { frameTime, now: this.now, stillMs: this.picture.stillMs };
  }

  #hear(message: ServerMessage): void {
    if (message.t === 'welcome' || message.t === 'pong') this.room.skewMs = message.now - Date.now();
    this.#do(this.room.take(message, this.#screen()));
    this.#changed();
  }

  #frame(): void {
    if (!this.room.waiting) return;
    const effects = this.room.tick(this.#screen());
    this.#do(effects);
    if (effects.length) this.#changed();
  }

  #do(effects: Effect[]): void {
    for (const effect of effects) {
      if (effect.do === 'pinned') {
        const { productId, at, frameTime } = effect;
        // The page hears of it once the card is there: the same frame, after the change.
        this.#o.onChange(true);
        this.#o.onPinned(this.room.shelf.offer(productId));
        this.#o.emit('show-pin', { productId, at, frameTime });
      } else if (effect.do === 'unpinned') this.#o.emit('show-unpin', { productId: effect.productId, at: effect.at });
      else if (effect.do === 'refetch') this.fetchSoon(effect.what);
      else if (effect.do === 'hearts') this.#o.onHearts(effect.n);
      else if (effect.do === 'refused') this.#o.onRefused(effect.reason);
      else if (effect.do === 'said') this.#o.onSaid(effect.line);
      else if (effect.do === 'state') this.#picture();
    }
  }

  #picture(): void {
    const state = this.room.state ?? this.show?.state;
    const url = this.show && this.session.url(this.show.playlist_url).href;
    if (url && (state === 'live' || state === 'paused')) void this.picture.show(url);
    else if (state === 'ended') this.picture.stop();
  }

  fetchSoon(what: 'overlay' | 'products'): void {
    if (!this.#refetch.size) setTimeout(() => void this.#fetch([...this.#refetch]), Math.random() * REFETCH_SPREAD_MS);
    this.#refetch.add(what);
  }

  async #fetch(what: ('overlay' | 'products')[]): Promise<void> {
    this.#refetch.clear();
    if (!this.show || this.#stopped.signal.aborted) return;
    const query = new URLSearchParams({ currency: this.currency, locale: this.#o.locale });
    const get = <T>(path: string) =>
      ask<T>(`${this.session.url(path)}?${query}`, { signal: this.#stopped.signal }).catch(() => null);
    const [products, overlay] = await Promise.all([
      what.includes('products')
        ? get<Page<PublicProduct>>(`/v1/shows/${encodeURIComponent(this.show.id)}/products`)
        : null,
      get<Overlay>(this.show.overlay_url),
    ]);
    if (products && Array.isArray(products.items)) this.room.shelf.stockProducts(products.items, this.now);
    if (overlay && Array.isArray(overlay.products)) this.room.shelf.overlay(overlay, this.now);
    this.#changed();
  }

  #tick(): void {
    this.picture.check();
    this.#do(this.room.tick(this.#screen()));
    const renewAt = this.session.renewAt;
    if (renewAt !== null && Date.now() > renewAt && this.status.is === 'open') this.#connection?.renew();
    const second = Math.floor(this.now / 1000);
    if (second !== this.#second) {
      this.#second = second;
      if (this.room.shelf.expire(this.now)) this.fetchSoon('overlay');
      this.#o.onSecond();
      this.#changed();
    }
  }

  get flash(): FlashSale | null {
    return (
      this.room.shelf.flashes.find((sale) => sale.product_id === this.room.pinned?.productId) ??
      this.room.shelf.flashes[0] ??
      null
    );
  }

  #changed(): void {
    const before = this.phase;
    this.phase = this.#phaseNow();
    if (before !== this.phase) this.#o.emit('show-statechange', { state: this.phase });
    this.#o.onChange();
  }

  #phaseNow(): Phase {
    if (!this.show) return 'loading';
    const state = this.room.state ?? this.show.state;
    if (state === 'ended') return 'ended';
    const still = this.picture.state !== 'playing' || this.picture.stillMs > 2_000;
    if (this.offline && (still || !navigator.onLine)) return 'offline';
    return state === 'scheduled' || state === 'draft' ? 'before' : state;
  }
}
