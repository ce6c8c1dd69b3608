/**
 * The public HTTP API as seen by a viewer. Field names and units are the server's; times are RFC 3339 strings.
 *
 * Written by hand from the API's contract; `generated/api.ts` replaces the bodies of these types, not their names.
 */

/** An amount in the currency's minor unit (cents, yen). Never a float. */
export interface Money {
  minor: number;
  currency: string;
}

export interface ImageRef {
  id: string;
  alt: string;
  width: number;
  height: number;
  /** A path or URL of one size; `srcset` lists all of them. */
  src: string;
  srcset?: string;
}

export interface Page<T> {
  items: T[];
  next_cursor: string | null;
}

/** RFC 9457, with `next`: what the caller can do about it. */
export interface Problem {
  type: string;
  title: string;
  status: number;
  detail: string;
  next: string;
  errors?: { pointer: string; detail: string }[];
  retry_after_s?: number;
}

export type ShowState = 'scheduled' | 'live' | 'paused' | 'ended';

export interface PublicShow {
  id: string;
  shop: { id: string; name: string; locale: string; country: string; currency: string; currencies: string[] };
  title: string;
  description: string;
  host: { name: string; avatar?: ImageRef };
  state: ShowState;
  starts_at: string;
  started_at?: string;
  ended_at?: string;
  cover?: ImageRef;
  slow_mode_s: number;
  playlist_url: string;
  room_url: string;
  overlay_url: string;
  /** ISO 3166-1 alpha-2 codes of the countries the shop sends to. */
  ships_to: string[];
}

export interface PublicVariant {
  id: string;
  sku: string;
  options: Record<string, string>;
  price: Money;
  compare_at?: Money;
  live_price?: Money;
  flash_price?: Money;
  available: number;
  reserved: number;
}

export interface PublicProduct {
  id: string;
  title: string;
  description: string;
  images: ImageRef[];
  options: { name: string; values: string[] }[];
  variants: PublicVariant[];
  flash?: { ends_at: string; cap: number; remaining: number };
}

export interface ViewerToken {
  token: string;
  expires_at: string;
  viewer_id: string;
  renew_until: string;
}

export interface OverlayVariant {
  id: string;
  title: string;
  options: Record<string, string>;
  price: Money;
  was?: Money;
  available: number;
  state: 'available' | 'last_one' | 'held' | 'sold_out';
}

export interface Overlay {
  epoch: string;
  offset: number;
  at: number;
  audience: { locale: string; currency: string };
  show_state: ShowState;
  pinned: { product_id: string; at: number } | null;
  banner: { text: string; at: number } | null;
  flash: FlashSale[];
  products: { id: string; title: string; image?: ImageRef; variants: OverlayVariant[] }[];
}

/** A flash sale as rooms and overlays tell it; times are UTC milliseconds. */
export interface FlashSale {
  product_id: string;
  at: number;
  ends_at: number;
  cap: number;
  sold?: number;
  prices: { variant_id: string; price: Money }[];
  version: number;
}

export interface CartLine {
  variant_id: string;
  product_id: string;
  title: string;
  variant_title: string;
  image?: ImageRef;
  quantity: number;
  unit_price: Money;
  was?: Money;
  line_total: Money;
  available: number;
  notice?: 'price_changed' | 'sold_out' | 'fewer_left';
}

export interface Cart {
  id: string;
  show_id: string;
  currency: string;
  lines: CartLine[];
  discount?: { code: string; amount: Money };
  subtotal: Money;
  total: Money;
  /** Pieces, not lines. */
  count: number;
  expires_at?: string;
}

export interface Contact {
  email: string;
  name: string;
  phone?: string;
}

export interface Address {
  line1: string;
  line2?: string;
  postal_code: string;
  city: string;
  region?: string;
  country: string;
}

export interface QuoteLine {
  variant_id: string;
  title: string;
  variant_title: string;
  quantity: number;
  unit_price: Money;
  line_total: Money;
  image?: ImageRef;
}

export interface Quote {
  id: string;
  /** What a payment must name: the quote that the buyer saw. */
  hash: string;
  lines: QuoteLine[];
  subtotal: Money;
  discount: Money | null;
  /** `earliest` and `latest` are calendar days, `YYYY-MM-DD`. */
  shipping: { label: string; price: Money; earliest?: string; latest?: string };
  tax: { label: string; rate_bps: number; amount: Money; included: boolean };
  total: Money;
}

export type CheckoutState = 'open' | 'paying' | 'action_required' | 'paid' | 'expired' | 'cancelled' | 'refunded';

export interface Checkout {
  id: string;
  version: number;
  state: CheckoutState;
  quote: Quote;
  held_until: string;
  contact?: Contact;
  address?: Address;
  payment?: {
    id: string;
    state: 'requires_payment' | 'requires_action' | 'processing' | 'succeeded' | 'failed';
    failure?: string;
    action_url?: string;
  };
  order?: { id: string; number: number; secret: string };
}

export interface PaymentStart {
  id: string;
  provider: 'sandbox';
  /** The provider's own origin: card details go there and nowhere else. */
  provider_url: string;
  intent_id: string;
  client_secret: string;
  attempts_left: number;
}

/** The sandbox provider's answer to a confirmation or a challenge. */
export interface PaymentIntent {
  status: 'succeeded' | 'requires_action' | 'processing' | 'requires_payment_method';
  next_action?: { url: string };
  error?: { code: string; message: string };
}
