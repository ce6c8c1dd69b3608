/**
 * The dashboard's part of the HTTP API. Times are RFC 3339 strings, ratios basis points, durations in the named unit.
 *
 * Written by hand from the API's contract; `generated/api.ts` replaces the bodies of these types, not their names.
 */
import type { Address, ImageRef, Money, Page } from './http.ts';

export type StaffRole = 'owner' | 'manager' | 'host' | 'moderator' | 'analyst';

export interface StaffUser {
  id: string;
  name: string;
  email: string;
  role: StaffRole;
}

export interface AdminShop {
  id: string;
  name: string;
  currency: string;
  currencies: string[];
  country: string;
  timezone: string;
  locale: string;
  mode: 'test' | 'live';
}

export interface ShopSettings extends AdminShop {
  allowed_origins: string[];
  ships_to: string[];
}

export interface Me {
  user: StaffUser;
  shop: AdminShop;
}

export type AdminShowState = 'draft' | 'scheduled' | 'live' | 'paused' | 'ended';

export interface ShowSettings {
  auto_live: boolean;
  second_publisher: 'refuse' | 'take_over';
  part_target_ms?: number;
  slow_mode_s: number;
  blocklist: string[];
  links: 'allow' | 'block';
}

export interface AdminShow {
  id: string;
  title: string;
  description: string;
  host_name: string;
  state: AdminShowState;
  starts_at: string;
  planned_minutes?: number;
  started_at?: string;
  ended_at?: string;
  cover?: ImageRef;
  settings: ShowSettings;
  product_count: number;
}

export interface ShowEdit {
  title?: string;
  description?: string;
  host_name?: string;
  starts_at?: string;
  planned_minutes?: number;
  cover_image_id?: string;
  settings?: Partial<ShowSettings>;
}

export interface Ingest {
  state: 'waiting' | 'receiving' | 'interrupted';
  since?: string;
  encoder?: string;
  video?: {
    codec: string;
    profile?: string;
    width: number;
    height: number;
    fps?: number;
    bitrate_bps?: number;
    keyframe_interval_ms?: number;
  };
  audio?: { codec: string; sample_rate_hz: number; channels: number; bitrate_bps?: number };
  dropped_frames: number;
  behind_ms?: number;
  warnings: string[];
}

export interface StreamKey {
  id: string;
  hint: string;
  created_at: string;
  last_used_at?: string;
}

export interface NewStreamKey {
  id: string;
  /** Only here, only now: the server keeps a fingerprint. */
  key: string;
  rtmp_url: string;
  hint: string;
}

/** The four states add up to `stocked`. */
export interface Stock {
  stocked: number;
  sold: number;
  reserved: number;
  leased: number;
  available: number;
}

export type CueKind = 'product' | 'flash_sale' | 'banner';
export type CueState = 'planned' | 'on_screen' | 'done' | 'skipped';

export interface VariantPrice {
  variant_id: string;
  price: Money;
}

export interface FlashCue {
  prices: VariantPrice[];
  duration_s: number;
  cap: number;
  ends_at?: string;
  sold: number;
}

export interface Cue {
  id: string;
  kind: CueKind;
  state: CueState;
  position: number;
  title: string;
  product?: {
    id: string;
    title: string;
    image?: ImageRef;
    price_from?: Money;
    live_price_from?: Money;
    stock: Stock;
  };
  /** Prices of this show for a product cue; empty for the other kinds. */
  live_prices: VariantPrice[];
  text?: string;
  flash?: FlashCue;
  planned_at?: string;
  planned_minutes?: number;
  started_at?: string;
  ended_at?: string;
}

export interface CueList {
  items: Cue[];
  on_screen?: string;
  /** Set while a product is pinned, by a cue or by hand. */
  pinned_product_id?: string;
  banner?: string;
  version: number;
}

export interface NewCue {
  kind: CueKind;
  product_id?: string;
  text?: string;
  planned_at?: string;
  planned_minutes?: number;
  live_prices?: VariantPrice[];
  flash?: { prices: VariantPrice[]; duration_s: number; cap: number };
  position?: number;
}

export interface ProductOption {
  name: string;
  values: string[];
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
  options: ProductOption[];
  images: ImageRef[];
  variants: AdminVariant[];
  stock: Stock;
}

export interface ProductEdit {
  title: string;
  description: string;
  tags: string[];
  options: ProductOption[];
  images: string[];
  variants: {
    id?: string;
    sku: string;
    options: Record<string, string>;
    prices: Money[];
    compare_at: Money[];
    weight_g?: number;
  }[];
}

export type LedgerKind = 'stocked' | 'adjusted' | 'reserved' | 'released' | 'expired' | 'sold' | 'returned';

export interface LedgerEntry {
  at: string;
  kind: LedgerKind;
  variant_id: string;
  quantity: number;
  note: string;
  order?: { id: string; number: number };
  by?: string;
}

export type OrderState = 'paid' | 'packed' | 'sent' | 'delivered' | 'refunded' | 'partly_refunded';

export interface OrderRow {
  id: string;
  number: number;
  state: OrderState;
  placed_at: string;
  customer: { name: string; city: string; country: string };
  lines: { title: string; variant_title: string; quantity: number; image?: ImageRef }[];
  show?: { id: string; title: string; offset_ms?: number };
  payment: { brand?: string; last4?: string };
  total: Money;
  refunded: Money;
}

export interface OrderPage extends Page<OrderRow> {
  totals: { count: number; revenue: Money[] };
}

export interface OrderLine {
  line: number;
  product_id: string;
  variant_id: string;
  title: string;
  variant_title: string;
  sku: string;
  image?: ImageRef;
  quantity: number;
  unit_price: Money;
  line_total: Money;
}

export interface AdminOrder {
  id: string;
  number: number;
  state: OrderState;
  /** How far the parcel is, whatever was refunded. */
  fulfilment: 'paid' | 'packed' | 'sent' | 'delivered';
  tracking?: string;
  placed_at: string;
  paid_at: string;
  packed_at?: string;
  sent_at?: string;
  delivered_at?: string;
  customer: { name: string; email: string; phone?: string; address: Address };
  lines: OrderLine[];
  subtotal: Money;
  discount?: { code: string; amount: Money };
  shipping: { label: string; price: Money; earliest?: string; latest?: string };
  tax: { label: string; rate_bps: number; amount: Money; included: boolean };
  total: Money;
  refunded: Money;
  refundable: Money;
  payment: { provider: string; id: string; brand?: string; last4?: string; captured: Money };
  show?: { id: string; title: string; offset_ms?: number; product_on_screen?: { id: string; title: string } };
  events: { at: string; kind: string; text: string }[];
  refunds: {
    id: string;
    amount: Money;
    reason: string;
    state: 'requested' | 'succeeded' | 'failed';
    at: string;
    by?: string;
  }[];
  mails: { id: string; subject: string; to: string; at: string }[];
}

export interface SentMail {
  subject: string;
  to: string;
  html: string;
  text: string;
  at: string;
}

export interface Figures {
  as_of: string;
  viewers: number;
  viewers_peak: number;
  viewers_peak_at?: string;
  orders: number;
  revenue: Money;
  conversion_bps: number;
  orders_5min: number;
  revenue_5min: Money;
  series: { minute: string; viewers: number; orders: number; revenue_minor: number }[];
  products: { product_id: string; orders: number; pieces: number; revenue: Money }[];
}

export interface Person extends StaffUser {
  last_seen_at?: string;
}

export interface ModerationEntry {
  at: string;
  action: string;
  by?: string;
  by_name?: string;
  viewer_id?: string;
  message_id?: string;
  reason?: string;
  seconds?: number;
}
