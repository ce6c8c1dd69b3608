import type { FlashSale, Money, Overlay, PublicProduct, ImageRef } from '@showfloor/api-client/http';

export interface ShelfVariant {
  id: string;
  options: Record<string, string>;
  /** What it costs in the show now, flash price included once its frame has come. */
  price: Money;
  was: Money | null;
  available: number;
  reserved: number;
}

export interface Offer {
  id: string;
  title: string;
  description: string;
  images: ImageRef[];
  options: { name: string; values: string[] }[];
  variants: ShelfVariant[];
  /** The lowest price of what can still be had; `from` when others cost more. */
  price: Money;
  from: boolean;
  was: Money | null;
  live: boolean;
  left: number;
  held: number;
  state: 'available' | 'held' | 'sold_out';
  /** `then` is the price after it. */
  flash: { endsAt: number; cap: number; remaining: number | null; then: Money } | null;
  /** A flash price that has just ended: what it was, and until when. */
  ended: { price: Money; at: number } | null;
}

/** How long a price that went back up is explained. */
export const EXPLAIN_ENDED_MS = 120_000;

interface Stocked {
  available: number;
  reserved: number;
  version: number;
}

/** The show's products as the viewer may see them: catalogue, live stock, and the flash prices whose frame has come. */
export class Shelf {
  #products: PublicProduct[] = [];
  #stock = new Map<string, Stocked>();
  #prices = new Map<string, { price: Money; was: Money | null }>();
  #flash = new Map<string, FlashSale>();
  #ended = new Map<string, { price: Money; at: number }>();

  /** Set when prices and stock were last heard (UTC ms). */
  asOf = 0;

  get offers(): Offer[] {
    return this.#products.flatMap((product) => (product.variants.length ? [this.#offer(product)] : []));
  }

  offer(id: string | null): Offer | null {
    const product = this.#products.find((p) => p.id === id && p.variants.length);
    return product ? this.#offer(product) : null;
  }

  get flashes(): FlashSale[] {
    return [...this.#flash.values()];
  }

  stockProducts(products: PublicProduct[], now: number): void {
    this.#products = products;
    this.#prices.clear();
    // What the room said is newer than a catalogue that caches may have held; it stays.
    this.asOf = now;
  }

  /** Takes prices and stock from the composed overlay. A flash price waits for its frame and is not taken from here. */
  overlay(overlay: Overlay, now: number): void {
    for (const product of overlay.products) {
      const flash = overlay.flash.find((sale) => sale.product_id === product.id);
      for (const variant of product.variants) {
        const flashed = flash?.prices.find((p) => p.variant_id === variant.id)?.price.minor === variant.price.minor;
        if (!flashed) this.#prices.set(variant.id, { price: variant.price, was: variant.was ?? null });
        const known = this.#stock.get(variant.id);
        if (!known)
          this.#stock.set(variant.id, {
            available: variant.available,
            reserved: variant.state === 'held' ? 1 : 0,
            version: 0,
          });
      }
    }
    this.asOf = now;
  }

  /** Forgets what the room said about stock: after a break a snapshot and the overlay say it anew. */
  forgetStock(): void {
    this.#stock.clear();
  }

  stock(variantId: string, stocked: Stocked, now: number): void {
    if ((this.#stock.get(variantId)?.version ?? -1) > stocked.version) return;
    this.#stock.set(variantId, stocked);
    this.asOf = now;
  }

  flashOn(sale: FlashSale): void {
    this.#flash.set(sale.product_id, sale);
  }

  flashOff(productId: string, at?: number): void {
    const sale = this.#flash.get(productId);
    this.#flash.delete(productId);
    const price = sale?.prices[0]?.price;
    if (price && at !== undefined) this.#ended.set(productId, { price, at });
  }

  /** Ends what the deadline has ended, whoever is looking; true if anything changed. */
  expire(now: number): boolean {
    const over = this.flashes.filter((sale) => sale.ends_at <= now);
    over.forEach((sale) => this.flashOff(sale.product_id, sale.ends_at));
    const old = [...this.#ended].filter(([, { at }]) => now - at > EXPLAIN_ENDED_MS);
    old.forEach(([id]) => this.#ended.delete(id));
    return over.length + old.length > 0;
  }

  #offer(product: PublicProduct): Offer {
    const sale = this.#flash.get(product.id);
    // Only the catalogue counts what is left of a sale; it may still tell of an earlier one.
    const counted = sale && product.flash && Date.parse(product.flash.ends_at) === sale.ends_at ? product.flash : null;
    let live = false;
    const after = new Map<string, Money>();
    const variants = product.variants.map((variant): ShelfVariant => {
      const usual = variant.price;
      const told = this.#prices.get(variant.id);
      const flash = sale?.prices.find((p) => p.variant_id === variant.id)?.price;
      const standing = told?.price ?? variant.live_price ?? usual;
      const price = flash ?? standing;
      after.set(variant.id, standing);
      live ||= price.minor < usual.minor;
      const before = [told?.was, variant.compare_at, usual].find(
        (money) => money && money.currency === price.currency && money.minor > price.minor,
      );
      const stock = this.#stock.get(variant.id) ?? variant;
      return {
        id: variant.id,
        options: variant.options,
        price,
        was: before ?? null,
        available: Math.max(0, stock.available),
        reserved: stock.reserved,
      };
    });
    const open = variants.filter((variant) => variant.available > 0);
    const shown = (open.length ? open : variants).reduce((low, variant) =>
      variant.price.minor < low.price.minor ? variant : low,
    );
    const left = variants.reduce((sum, variant) => sum + variant.available, 0);
    const held = variants.reduce((sum, variant) => sum + variant.reserved, 0);
    return {
      id: product.id,
      title: product.title,
      description: product.description,
      images: product.images,
      options: product.options,
      variants,
      price: shown.price,
      from: (open.length ? open : variants).some((variant) => variant.price.minor !== shown.price.minor),
      was: shown.was,
      live,
      left,
      held,
      state: left ? 'available' : held ? 'held' : 'sold_out',
      flash: sale
        ? {
            endsAt: sale.ends_at,
            cap: sale.cap,
            remaining: counted?.remaining ?? null,
            then: after.get(shown.id)!,
          }
        : null,
      ended: sale ? null : (this.#ended.get(product.id) ?? null),
    };
  }
}
