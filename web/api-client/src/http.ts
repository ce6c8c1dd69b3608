/**
 * The public HTTP API as seen by a viewer. Field names and units are the server's; times are RFC 3339 strings.
 *
 * Everything the API's document names is taken from `generated/api.ts` (the overlay, which the room composes, from
 * `generated/room.ts`), so that a field that changes there fails to compile where it is used here.
 */
import type * as Wire from './generated/room.ts';
import type { Schemas, Told } from './told.ts';

/** An amount in the currency's minor unit (cents, yen). Never a float. */
export type Money = Schemas['Money'];
export type ImageRef = Schemas['ImageRef'];

/** One page of any list: the document has a shape for each kind, all alike but for their items. */
export type Page<T> = Pick<Schemas['List_Show'], 'next_cursor'> & { items: T[] };

/** RFC 9457, with `next`: what the caller can do about it. */
export type Problem = Told<Schemas['Problem']>;

export type ShowState = Schemas['ShowState'];
export type PublicShow = Told<Schemas['PublicShow']>;
export type PublicVariant = Told<Schemas['PublicVariant']>;
export type PublicProduct = Told<Schemas['PublicProduct']>;
export type ViewerToken = Told<Schemas['ViewerToken']>;

export type Overlay = Wire.Overlay;
export type OverlayVariant = Wire.OverlayVariant;
/** A flash sale as rooms and overlays tell it; times are UTC milliseconds. */
export type FlashSale = Wire.Flash;

export type Cart = Told<Schemas['Cart']>;
export type CartLine = Told<Schemas['CartLine']>;

export type Contact = Told<Schemas['Contact']>;
export type Address = Told<Schemas['Address']>;
export type Quote = Told<Schemas['Quote']>;
export type QuoteLine = Told<Schemas['QuoteLine']>;
export type CheckoutState = Schemas['CheckoutState'];
export type Checkout = Told<Schemas['Checkout']>;
export type PaymentStart = Told<Schemas['StartedPayment']>;

/**
 * The sandbox provider's answer to a confirmation or a challenge. Written by hand: the provider is a service of its own
 * and no part of the API's document.
 */
export interface PaymentIntent {
  status: 'succeeded' | 'requires_action' | 'processing' | 'requires_payment_method';
  next_action?: { url: string };
  error?: { code: string; message: string };
}
