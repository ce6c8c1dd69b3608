import type { ChatMessage, ServerMessage, ShowState, SyncedMessage } from '@showfloor/api-client';
import { Shelf } from './shelf.ts';
import { Talk, type Line } from './talk.ts';
import { SyncedQueue, type Screen } from './timeline.ts';

/** What the host of this state must do about a message: fetch, tell the page, tell the reader. */
export type Effect =
  | { do: 'pinned'; productId: string; at: number; frameTime: number | null }
  | { do: 'unpinned'; productId: string; at: number }
  | { do: 'state'; state: ShowState }
  | { do: 'refetch'; what: 'overlay' | 'products' }
  | { do: 'hearts'; n: number }
  | { do: 'refused'; reason: string }
  | { do: 'said'; line: Line };

/** Everything a viewer's screen shows of a room. DOM-free: messages and the screen's time go in, effects come out. */
export class ShowRoom {
  readonly talk = new Talk();
  readonly shelf = new Shelf();
  readonly #queue = new SyncedQueue();
  /** Latest version taken for each thing that has one; older news about it is dropped. */
  readonly #versions = new Map<string, number>();

  state: ShowState | null = null;
  pinned: { productId: string; at: number } | null = null;
  banner: string | null = null;
  pinnedMessage: ChatMessage | null = null;
  viewers: number | null = null;
  slowS = 0;
  /** UTC ms until which the viewer's own next message must wait. */
  sayAt = 0;
  mutedUntil = 0;
  me: { id: string; name: string } | null = null;
  /** Add to the local clock for the server's (ms). */
  skewMs = 0;

  get waiting(): number {
    return this.#queue.size;
  }

  take(message: ServerMessage, screen: Screen): Effect[] {
    const { talk } = this;
    const now = screen.now;
    switch (message.t) {
      case 'welcome':
        this.me = { id: message.you.viewer_id, name: message.you.name };
        talk.me = message.you.viewer_id;
        return message.recovered ? [] : [{ do: 'refetch', what: 'overlay' }];
      case 'snapshot': {
        this.#queue.clear();
        this.#versions.clear();
        this.shelf.forgetStock();
        talk.reset(message.chat);
        this.pinnedMessage = message.pinned_message;
        this.slowS = message.slow_s;
        this.viewers = message.presence;
        const { offset, pinned, banner } = message;
        const effects: Effect[] = [];
        // What is no longer on must go; what is on comes with its frame like any other event.
        if (this.pinned && this.pinned.productId !== pinned?.product_id) effects.push(...this.#unpin(now));
        if (this.banner && !banner) this.banner = null;
        this.shelf.flashes.forEach(
          (sale) => message.flash.some((f) => f.product_id === sale.product_id) || this.shelf.flashOff(sale.product_id),
        );
        if (this.state !== message.state) {
          this.state = message.state;
          effects.push({ do: 'state', state: message.state });
        }
        const on: SyncedMessage[] = message.flash.map((sale) => ({ t: 'flash', offset, ...sale }));
        if (pinned) on.push({ t: 'pin', offset, ...pinned });
        if (banner) on.push({ t: 'banner', offset, ...banner });
        return [...effects, ...on.flatMap((event) => this.#synced(event, screen)), ...this.tick(screen)];
      }
      case 'pin':
      case 'unpin':
      case 'banner':
      case 'flash':
      case 'flash_end':
      case 'state':
        return [...this.#synced(message, screen), ...this.tick(screen)];
      case 'chat': {
        const line = talk.said(message.message);
        return line ? [{ do: 'said', line }] : [];
      }
      case 'sold': {
        const line = talk.sold(message.offset, message.name, message.title);
        const flashed = this.shelf.offer(message.product_id)?.flash;
        return [{ do: 'said', line }, ...(flashed ? [{ do: 'refetch', what: 'products' } as const] : [])];
      }
      case 'removed':
        talk.removed(message.message_id);
        if (this.pinnedMessage?.id === message.message_id) this.pinnedMessage = null;
        return [];
      case 'restored':
        talk.restored(message.message);
        return [];
      case 'stock':
        if (!this.shelf.offer(message.product_id)) return [{ do: 'refetch', what: 'products' }];
        this.shelf.stock(message.variant_id, message, now);
        return [];
      case 'price':
        return [{ do: 'refetch', what: this.shelf.offer(message.product_id) ? 'overlay' : 'products' }];
      case 'slow':
        this.slowS = message.seconds;
        return [];
      case 'pinned_message':
        this.pinnedMessage = message.message;
        return [];
      case 'reactions':
        return [{ do: 'hearts', n: message.counts.heart ?? 0 }];
      case 'presence':
        this.viewers = message.viewers;
        return [];
      case 'sent':
        talk.sent(message.ref, message.message_id);
        if (this.slowS) this.sayAt = now + this.slowS * 1000;
        return [];
      case 'refused':
        if (!message.ref) return [{ do: 'refused', reason: message.reason }];
        talk.refused(message.ref, message.reason);
        if (message.retry_ms) this.sayAt = now + Math.min(message.retry_ms, 3_600_000);
        return [];
      case 'you':
        if (message.muted_until !== undefined) this.mutedUntil = message.muted_until ?? 0;
        if (message.name && this.me) this.me = { ...this.me, name: message.name };
        return [];
      case 'skipped':
        talk.gap();
        return [];
      case 'pong':
      case 'done':
      case 'bye':
        return [];
    }
  }

  /** Applies what the frame on screen has reached. Call it with each new frame. */
  tick(screen: Screen): Effect[] {
    return this.#queue.due(screen).flatMap((event) => this.#apply(event, screen));
  }

  #synced(event: SyncedMessage, screen: Screen): Effect[] {
    const key =
      event.t === 'pin' || event.t === 'unpin' ? 'pin' : 'product_id' in event ? `flash ${event.product_id}` : event.t;
    if ((this.#versions.get(key) ?? -1) > event.version) return [];
    this.#versions.set(key, event.version);
    return this.#queue.push(event).flatMap((old) => this.#apply(old, screen));
  }

  #unpin(at: number): Effect[] {
    const was = this.pinned;
    this.pinned = null;
    return was ? [{ do: 'unpinned', productId: was.productId, at }] : [];
  }

  #apply(event: SyncedMessage, { frameTime }: Screen): Effect[] {
    switch (event.t) {
      case 'pin': {
        const gone = this.pinned && this.pinned.productId !== event.product_id ? this.#unpin(event.at) : [];
        if (this.pinned) return [];
        this.pinned = { productId: event.product_id, at: event.at };
        const missing: Effect[] = this.shelf.offer(event.product_id) ? [] : [{ do: 'refetch', what: 'products' }];
        return [...gone, { do: 'pinned', productId: event.product_id, at: event.at, frameTime }, ...missing];
      }
      case 'unpin':
        return this.#unpin(event.at);
      case 'banner':
        this.banner = event.text;
        return [];
      case 'flash':
        this.shelf.flashOn(event);
        return [{ do: 'refetch', what: 'products' }];
      case 'flash_end':
        this.shelf.flashOff(event.product_id, event.at);
        return [{ do: 'refetch', what: 'overlay' }];
      case 'state':
        if (this.state === event.state) return [];
        this.state = event.state;
        return [{ do: 'state', state: event.state }];
    }
  }
}
