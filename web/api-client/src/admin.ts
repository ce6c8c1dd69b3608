/**
 * The dashboard's part of the HTTP API. Times are RFC 3339 strings, ratios basis points, durations in the named unit.
 *
 * Written by hand from the API's contract; `generated/api.ts` replaces the bodies of these types, not their names.
 */
import type { Address, Contact, ImageRef, Money, ShowState } from './http.ts';

export type StaffRole = 'owner' | 'manager' | 'host' | 'moderator' | 'analyst';

export interface Me {
  user: { id: string; name: string; email: string; role: StaffRole };
  shop: {
    id: string;
    name: string;
    currency: string;
    currencies: string[];
    country: string;
    timezone: string;
    locale: string;
    mode: 'test' | 'live';
  };
}

export interface ShowSettings {
  auto_live: boolean;
  second_publisher: 'refuse' | 'take_over';
  part_target_ms: number;
  slow_mode_s: number;
  blocklist: string[];
  links: 'allow' | 'block';
}

export interface AdminShow {
  id: string;
  title: string;
  description?: string;
  host_name: string;
  state: ShowState | 'draft';
  starts_at: string;
  planned_minutes?: number;
  started_at?: string;
  ended_at?: string;
  cover?: ImageRef;
  settings: ShowSettings;
}

export interface Ingest {
  state: 'waiting' | 'receiving' | 'interrupted';
  since?: string;
  encoder?: string;
  video?: {
    codec: string;
    profile: string;
    width: number;
    height: number;
    fps: number;
    bitrate_bps: number;
    keyframe_interval_ms: number;
  };
  audio?: { codec: string; sample_rate_hz: number; channels: number; bitrate_bps: number };
  dropped_frames: number;
  behind_ms?: number;
  warnings: string[];
}

export interface StreamKey {
  id: string;
  /** Present once, in the answer that made it. */
  key?: string;
  rtmp_url?: string;
  hint: string;
}

export interface Stock {
  stocked: number;
  sold: number;
  reserved: number;
  leased: number;
  available: number;
}

export interface Cue {
  id: string;
  kind: 'product' | 'flash_sale' | 'banner';
  state: 'planned' | 'on_screen' | 'done' | 'skipped';
  position: number;
  title: string;
  product?: { id: string; title: string; image?: ImageRef; price_from: Money; live_price_from?: Money; stock: Stock };
  text?: string;
  flash?: {
    prices: { variant_id: string; price: Money }[];
    duration_s: number;
    cap: number;
    ends_at?: string;
    sold: number;
  };
  planned_at?: string;
  planned_minutes?: number;
  started_at?: string;
  ended_at?: string;
}

export interface CueList {
  items: Cue[];
  on_screen?: string;
  version: number;
}

export interface AdminVariant {
  id: string;
  sku: string;
  options: Record<string, string>;
  prices: Money[];
  compare_at: Money[];
  weight_g: number;
  stock: Stock;
}

export interface AdminProduct {
  id: string;
  title: string;
  description: string;
  tags: string[];
  options: { name: string; values: string[] }[];
  images: ImageRef[];
  variants: AdminVariant[];
  stock: Stock;
}

export interface LedgerEntry {
  at: string;
  kind: 'stocked' | 'adjusted' | 'reserved' | 'released' | 'expired' | 'sold' | 'returned';
  variant_id: string;
  quantity: number;
  note: string;
  order?: { id: string; number: string };
  by?: string;
}

export type OrderState = 'paid' | 'packed' | 'sent' | 'delivered' | 'refunded' | 'partly_refunded';

export interface AdminOrder {
  id: string;
  number: string;
  state: OrderState;
  placed_at: string;
  paid_at: string;
  customer: Contact & { address: Address };
  lines: {
    variant_id: string;
    title: string;
    variant_title: string;
    quantity: number;
    unit_price: Money;
    line_total: Money;
    image?: ImageRef;
  }[];
  subtotal: Money;
  discount: Money | null;
  shipping: { label: string; price: Money };
  tax: { label: string; rate_bps: number; amount: Money; included: boolean };
  total: Money;
  refunded: Money;
  refundable: Money;
  payment: { provider: string; id: string; brand: string; last4: string; captured: Money };
  show?: { id: string; title: string; offset_ms: number; product_on_screen?: string };
  events: { at: string; kind: string; text: string }[];
  refunds: { id: string; amount: Money; reason: string; state: string; at: string }[];
  mails: { id: string; subject: string; to: string; at: string }[];
}

export interface Figures {
  as_of: string;
  viewers: number;
  viewers_peak: number;
  viewers_peak_at: string;
  orders: number;
  revenue: Money;
  conversion_bps: number;
  orders_5min: number;
  revenue_5min: Money;
  series: { minute: string; viewers: number; orders: number; revenue_minor: number }[];
  products: { product_id: string; orders: number; pieces: number; revenue: Money }[];
}
