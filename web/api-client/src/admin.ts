/**
 * The dashboard's part of the HTTP API. Times are RFC 3339 strings, ratios basis points, durations in the named unit.
 *
 * All of it is taken from `generated/api.ts`, under the names the dashboard uses.
 */
import type { Schemas, Told } from './told.ts';

export type StaffRole = Schemas['Role'];
export type StaffUser = Schemas['MyUser'];
export type AdminShop = Schemas['MyShop'];
export type ShopSettings = Schemas['ShopSettings'];
export type Me = Schemas['Me'];
export type Person = Told<Schemas['Person']>;

export type AdminShowState = Schemas['ShowState'];
export type ShowSettings = Schemas['ShowSettings'];
export type AdminShow = Told<Schemas['Show']>;
export type ShowEdit = Schemas['EditShow'];

/** The origin may leave out what counts as none; the API always tells it. */
export type Ingest = Told<Schemas['Ingest']> & Required<Pick<Schemas['Ingest'], 'dropped_frames' | 'warnings'>>;
export type StreamKey = Told<Schemas['StreamKey']>;
/** Its `key` is only here, only now: the server keeps a fingerprint. */
export type NewStreamKey = Schemas['CreatedStreamKey'];

/** The four states add up to `stocked`. */
export type Stock = Schemas['Stock'];

export type CueKind = Schemas['CueKind'];
export type CueState = Schemas['CueState'];
export type VariantPrice = Schemas['VariantPrice'];
export type FlashCue = Told<Schemas['CueFlash']>;
export type Cue = Told<Schemas['Cue']>;
/** `pinned_product_id` is set while a product is pinned, by a cue or by hand. */
export type CueList = Told<Schemas['RunOfShow']>;
export type NewCue = Schemas['CreateCue'];

export type ProductOption = Schemas['ProductOption'];
export type AdminVariant = Told<Schemas['Variant']>;
export type AdminProduct = Told<Schemas['Product']>;
/** The whole product, as the editor sends it to make one and to change one; the API would also take a part of it. */
export type ProductEdit = Required<Schemas['CreateProduct']>;
export type LedgerKind = Schemas['LedgerKind'];
export type LedgerEntry = Told<Schemas['LedgerEntry']>;

export type OrderState = Schemas['OrderState'];
export type OrderRow = Told<Schemas['OrderRow']>;
export type OrderPage = Told<Schemas['OrderPage']>;
export type OrderLine = Told<Schemas['OrderLine']>;
export type AdminOrder = Told<Schemas['AdminOrder']>;
export type SentMail = Schemas['SentMail'];

export type Figures = Told<Schemas['Figures']>;
export type ModerationEntry = Told<Schemas['ModerationEntry']>;
