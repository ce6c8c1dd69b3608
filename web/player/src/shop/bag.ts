import type { Cart } from '@showfloor/api-client/http';
import type { Ask, Session } from '../core/api.ts';
import { ApiError, ask } from './kit.ts';
import type { TextKey } from '../text/texts.ts';

/** The server's limits: pieces of one line, lines of one cart. */
export const QUANTITY_MAX = 99;

/** The viewer's cart. It is made with the first thing put in, and found again after a reload. */
export class Bag {
  cart: Cart | null = null;
  /** What went wrong with the last change, as a text's key or in the server's words; null when it went well. */
  trouble: string | null = null;
  #place: { id: string; secret: string } | null = null;
  #queue: Promise<unknown> = Promise.resolve();

  constructor(
    readonly session: Session,
    readonly currency: () => string,
    readonly onChange: () => void,
  ) {}

  get count(): number {
    return this.cart?.count ?? 0;
  }

  get id(): string | null {
    return this.#place?.id ?? null;
  }

  quantity(variantId: string): number {
    return this.cart?.lines.find((line) => line.variant_id === variantId)?.quantity ?? 0;
  }

  holds(productId: string): boolean {
    return this.cart?.lines.some((line) => line.product_id === productId) ?? false;
  }

  /** What was saved against the usual prices, in minor units. */
  get saved(): number {
    return (this.cart?.lines ?? []).reduce(
      (sum, line) => sum + (line.was ? line.was.minor - line.unit_price.minor : 0) * line.quantity,
      0,
    );
  }

  /** Finds the bag that was kept before a reload. */
  restore(): Promise<void> {
    const kept = /^(\S+) (\S+)$/.exec(this.session.keep.get('cart') ?? '');
    if (!kept) return Promise.resolve();
    this.#place = { id: kept[1]!, secret: kept[2]! };
    return this.refresh();
  }

  refresh(): Promise<void> {
    return this.#then(async () => {
      if (this.#place) this.cart = await this.ask<Cart>('');
    });
  }

  add(variantId: string, pieces: number): Promise<void> {
    return this.#then(() => this.#put(variantId, this.quantity(variantId) + pieces));
  }

  set(variantId: string, pieces: number): Promise<void> {
    return this.#then(async () => {
      if (pieces >= 1) return this.#put(variantId, pieces);
      this.cart = await this.ask<Cart>(`/lines/${variantId}`, { method: 'DELETE' });
    });
  }

  /** Its pieces are an order now. */
  forget(): void {
    this.#place = null;
    this.cart = null;
    this.session.keep.set('cart', null);
    this.onChange();
  }

  /** A request about this cart, with its secret. */
  ask<T>(path: string, request: Ask = {}): Promise<T> {
    return this.askAt(`/v1/carts/${this.#place?.id ?? ''}${path}`, request);
  }

  /** A request that the cart's secret opens. */
  askAt<T>(path: string, request: Ask = {}): Promise<T> {
    return this.session.ask(path, {
      ...request,
      headers: { ...request.headers, 'showfloor-cart': this.#place?.secret ?? '' },
    });
  }

  async #put(variantId: string, pieces: number): Promise<void> {
    const change: Ask = { method: 'PUT', body: { quantity: Math.min(pieces, QUANTITY_MAX) } };
    if (!this.#place) await this.#make();
    try {
      this.cart = await this.ask<Cart>(`/lines/${variantId}`, change);
    } catch (error) {
      // The kept cart is over: its own time, or an order. A new one takes its place.
      if (!(error instanceof ApiError) || (error.status !== 404 && error.status !== 410)) throw error;
      await this.#make();
      this.cart = await this.ask<Cart>(`/lines/${variantId}`, change);
    }
  }

  async #make(): Promise<void> {
    const made = await this.session.ask<Cart & { secret: string }>('/v1/carts', {
      method: 'POST',
      body: { show_id: this.session.showId, currency: this.currency() },
    });
    this.#place = { id: made.id, secret: made.secret };
    this.session.keep.set('cart', `${made.id} ${made.secret}`);
  }

  /**
   * What silence means. A browser hides from a page why it was refused; but a shop that answers what anybody may ask,
   * and nothing that buys, has not listed the page's site.
   */
  async #silence(): Promise<TextKey> {
    const { origin, showId } = this.session;
    if (origin === location.origin) return 'noAnswerNote';
    const answers = ask(`${origin}/v1/shows/${encodeURIComponent(showId)}`);
    return answers.then(
      () => 'notListed',
      () => 'noAnswerNote',
    );
  }

  /** Changes run one after the other, so that quick taps cannot overtake each other. */
  #then(change: () => Promise<void>): Promise<void> {
    const run = this.#queue.then(async () => {
      this.trouble = null;
      try {
        await change();
      } catch (error) {
        if (!(error instanceof ApiError)) throw error;
        if (error.status === 404 && this.#place) this.forget();
        else if (error.status === 0) this.trouble = await this.#silence();
        else
          this.trouble =
            [error.problem.detail ?? error.problem.title, error.problem.next].filter(Boolean).join(' ') ||
            error.message;
      }
      this.onChange();
    });
    this.#queue = run.catch(() => undefined);
    return run;
  }
}
