// The room's wire, `showfloor.v1`. Generated from `edge/core`; do not edit.
// A frame is a JSON array of messages.

/** An ISO 4217 alphabetic code: three capital letters. */
export type Currency = string;

/** An amount: whole minor units (cents, pence, yen) of one currency. */
export type Money = {
/** Minor units; negative for what is owed. */
minor: number,
/** The currency. */
currency: Currency, };

/** An instant: milliseconds since 1970-01-01T00:00:00Z, leap seconds not counted.
 *
 * A pure crate never asks what time it is; it is told. */
export type UtcMs = number;

/** An uploaded picture. */
export type ImageId = string;

/** A message in a room. */
export type MessageId = string;

/** A product. */
export type ProductId = string;

/** A show: one live programme, planned, on air or ended. */
export type ShowId = string;

/** What is really bought: a product in one choice of its options. */
export type VariantId = string;

/** A viewer, for as long as their token is renewed. */
export type ViewerId = string;

/** What someone in a room may do. */
export type Role = "viewer" | "owner" | "manager" | "host" | "moderator" | "analyst";

/** What stands beside a name. It comes from the role, never from the name. */
export type Badge = "viewer" | "host" | "shop" | "moderator";

/** A client's own name for a request, 1 to 32 bytes; answers to it repeat it. */
export type Ref = string;

/** Where a client was when it lost its connection. */
export type Resume = {
/** The epoch it was told. */
epoch: number,
/** The last offset it saw. */
offset: number, };

/** What viewers send up over the picture. */
export type ReactionKind = "heart";

/** Where a show stands. */
export type ShowState = "draft" | "scheduled" | "live" | "paused" | "ended";

/** Why a flash sale ended. */
export type FlashSaleEnd = "deadline" | "sold_out" | "stopped";

/** A price of one variant, in one currency. */
export type VariantPrice = {
/** The variant. */
variant_id: VariantId,
/** What one piece costs. */
price: Money, };

/** Who said it. */
export type Sender = {
/** The viewer. */
id: ViewerId,
/** The name they spoke under. */
name: string,
/** Their badge. */
role: Badge, };

/** The message that is answered. */
export type Quote = {
/** Which. */
id: MessageId,
/** Who said it. */
name: string,
/** How it began; empty once it is removed. */
text: string, };

/** A chat message. */
export type ChatMessage = {
/** Which. */
id: MessageId,
/** When it was said. */
at: UtcMs,
/** Who said it. */
from: Sender,
/** What was said: text, never markup. */
text: string,
/** What it answers. */
reply_to?: Quote, };

/** Who the client is in this room. */
export type You = {
/** The viewer. */
viewer_id: ViewerId,
/** What they may do. */
role: Role,
/** The name they speak under. */
name: string, };

/** The product on screen. */
export type Pinned = {
/** Which. */
product_id: ProductId,
/** The moment of the frame it belongs to. */
at: UtcMs,
/** A lower version is stale. */
version: number, };

/** The line over the picture. */
export type Banner = {
/** The line. */
text: string,
/** The moment of the frame it belongs to. */
at: UtcMs,
/** A lower version is stale. */
version: number, };

/** A flash sale that runs. */
export type Flash = {
/** The product. */
product_id: ProductId,
/** The moment of the frame it belongs to. */
at: UtcMs,
/** When its prices end, at the latest. */
ends_at: UtcMs,
/** How many pieces are sold at these prices, at most. */
cap: number,
/** The prices, in every currency. */
prices: Array<VariantPrice>,
/** A lower version is stale. */
version: number, };

/** Why something was not done. */
export type Refusal = "slow_mode" | "rate_limited" | "muted" | "blocked" | "link" | "duplicate" | "too_long" | "empty" | "name_taken" | "not_allowed" | "not_found" | "closed" | "not_understood";

/** Everything that a client without a past needs to know. */
export type Snapshot = {
/** What is told from here on has a higher offset. */
offset: number,
/** Where the show stands. */
state: ShowState,
/** The product on screen. */
pinned: Pinned | null,
/** The line over the picture. */
banner: Banner | null,
/** Flash sales that run. */
flash: Array<Flash>,
/** The message above the chat. */
pinned_message: ChatMessage | null,
/** Slow mode, in seconds; 0 is off. */
slow_s: number,
/** The newest messages, oldest first. */
chat: Array<ChatMessage>,
/** How many watch. */
presence: number, };

/** What a client may say: this, and nothing else. */
export type ClientMessage = { "t": "hello",
/** Where it was; without it, a snapshot follows. */
resume?: Resume,
/** The name to speak under. */
name?: string,
/** The language that is read. */
locale?: string,
/** The currency that prices are read in. */
currency?: string, } | { "t": "say",
/** Answered by `sent` or `refused`. */
ref: Ref,
/** What is said; 500 characters at most. */
text: string,
/** The message that is answered. */
reply_to?: MessageId, } | { "t": "react",
/** Which. */
kind: ReactionKind,
/** How many: 1 to 10. */
n: number, } | { "t": "name",
/** The name; 32 characters at most. */
name: string, } | { "t": "ping", } | { "t": "ack",
/** The last offset seen. */
offset: number, } | { "t": "remove",
/** Answered by `done` or `refused`. */
ref: Ref,
/** Which. */
message_id: MessageId,
/** Why, for the log. */
reason?: string, } | { "t": "restore",
/** Answered by `done` or `refused`. */
ref: Ref,
/** Which. */
message_id: MessageId, } | { "t": "mute",
/** Answered by `done` or `refused`. */
ref: Ref,
/** Whom. */
viewer_id: ViewerId,
/** For how long: 1 to 86,400. */
seconds: number, } | { "t": "unmute",
/** Answered by `done` or `refused`. */
ref: Ref,
/** Whom. */
viewer_id: ViewerId, } | { "t": "ban",
/** Answered by `done` or `refused`. */
ref: Ref,
/** Whom. */
viewer_id: ViewerId,
/** Why, for the log. */
reason?: string, } | { "t": "unban",
/** Answered by `done` or `refused`. */
ref: Ref,
/** Whom. */
viewer_id: ViewerId, } | { "t": "slow",
/** Answered by `done` or `refused`. */
ref: Ref,
/** 0 turns slow mode off; 300 at most. */
seconds: number, } | { "t": "pin_message",
/** Answered by `done` or `refused`. */
ref: Ref,
/** Which; none takes the pinned one down. */
message_id: MessageId | null, };

/** What the server says.
 *
 * `pin`, `unpin`, `banner`, `flash`, `flash_end` and `state` apply when the frame on screen reaches `at`;
 * everything else applies on arrival. */
export type ServerMessage = { "t": "welcome",
/** The epoch of all offsets on this socket. */
epoch: number,
/** The newest offset. */
offset: number,
/** Whether exactly what was missed follows. */
recovered: boolean,
/** Who the client is. */
you: You,
/** The server's clock. */
now: UtcMs,
/** A client that hears nothing for twice this long reconnects; it sends `ping` this often. */
ping_s: number,
/** The client sends `ack` after this many sequenced messages, and with every `ping`; 0: never. */
ack_every: number, } | { "t": "snapshot" } & Snapshot | { "t": "chat",
/** The position. */
offset: number,
/** What was said. */
message: ChatMessage, } | { "t": "sold",
/** The position. */
offset: number,
/** When it was paid. */
at: UtcMs,
/** The buyer, if they have a name here. */
name: string | null,
/** What was bought. */
product_id: ProductId,
/** Its title then. */
title: string,
/** How many. */
quantity: number, } | { "t": "removed",
/** The position. */
offset: number,
/** Which. */
message_id: MessageId, } | { "t": "restored",
/** The position. */
offset: number,
/** What was said. */
message: ChatMessage, } | { "t": "pin",
/** The position. */
offset: number,
/** The moment of the frame it belongs to. */
at: UtcMs,
/** Which. */
product_id: ProductId,
/** A lower version is stale. */
version: number, } | { "t": "unpin",
/** The position. */
offset: number,
/** The moment of the frame it belongs to. */
at: UtcMs,
/** A lower version is stale. */
version: number, } | { "t": "banner",
/** The position. */
offset: number,
/** The moment of the frame it belongs to. */
at: UtcMs,
/** The line; none takes it away. */
text: string | null,
/** A lower version is stale. */
version: number, } | { "t": "flash",
/** The position. */
offset: number,
/** The product. */
product_id: ProductId,
/** The moment of the frame it belongs to. */
at: UtcMs,
/** When its prices end, at the latest. */
ends_at: UtcMs,
/** How many pieces are sold at these prices, at most. */
cap: number,
/** The prices, in every currency. */
prices: Array<VariantPrice>,
/** A lower version is stale. */
version: number, } | { "t": "flash_end",
/** The position. */
offset: number,
/** The moment of the frame it belongs to. */
at: UtcMs,
/** The product. */
product_id: ProductId,
/** Why. */
reason: FlashSaleEnd,
/** A lower version is stale. */
version: number, } | { "t": "price",
/** The position. */
offset: number,
/** Which. */
product_id: ProductId,
/** A lower version is stale. */
version: number, } | { "t": "stock",
/** The position. */
offset: number,
/** The product. */
product_id: ProductId,
/** The variant. */
variant_id: VariantId,
/** Pieces that can be reserved now. */
available: number,
/** Pieces in checkouts that may still lapse. */
reserved: number,
/** A lower version is stale. */
version: number, } | { "t": "state",
/** The position. */
offset: number,
/** The moment of the frame it belongs to. */
at: UtcMs,
/** Where it stands now. */
state: ShowState,
/** A lower version is stale. */
version: number, } | { "t": "slow",
/** The position. */
offset: number,
/** How long a viewer waits between messages; 0 is off. */
seconds: number, } | { "t": "pinned_message",
/** The position. */
offset: number,
/** The message; none takes it down. */
message: ChatMessage | null, } | { "t": "reactions",
/** How many of each. */
counts: { [key in ReactionKind]?: number }, } | { "t": "presence",
/** Distinct viewers. */
viewers: number, } | { "t": "sent",
/** The client's name for it. */
ref: Ref,
/** Its id from now on. */
message_id: MessageId,
/** Where it stands. */
offset: number, } | { "t": "refused",
/** The client's name for it; none if it had none. */
ref?: Ref,
/** Why. */
reason: Refusal,
/** What to do next, for people. */
next: string,
/** When to try again. */
retry_ms?: number, } | { "t": "you",
/** Until when it is muted; in the past: no longer. */
muted_until?: UtcMs,
/** The name it speaks under. */
name?: string, } | { "t": "done",
/** The client's name for it. */
ref: Ref, } | { "t": "skipped",
/** The first. */
from: number,
/** The last. */
to: number, } | { "t": "pong",
/** The server's clock. */
now: UtcMs, } | { "t": "bye",
/** The close code. */
code: number,
/** Why, for people. */
reason: string,
/** When to come back; none: not by itself. */
resume_after_ms: number | null, };

/** An audience key: everybody with the same one sees the same overlay. */
export type Audience = {
/** The language, like `en` or `de-AT`. */
locale: string,
/** The currency of every price. */
currency: Currency, };

/** A picture, with where its sizes are. */
export type ImageRef = {
/** Which. */
id: ImageId,
/** What it shows, for those who do not see it. */
alt: string,
/** Pixels across. */
width: number,
/** Pixels down. */
height: number,
/** One size, for `src`. */
src: string,
/** Every size, for `srcset`. */
srcset: string, };

/** How a variant stands. */
export type VariantState = "available" | "last_one" | "held" | "sold_out";

/** A variant as one audience sees it. */
export type OverlayVariant = {
/** Which. */
id: VariantId,
/** The choice it is. */
title: string,
/** The choice it is, by option. */
options: { [key in string]: string },
/** What it costs now. */
price: Money,
/** What it costs otherwise, if that is more. */
was?: Money,
/** Pieces that can be reserved. */
available: number,
/** How it stands. */
state: VariantState, };

/** A product as one audience sees it. */
export type OverlayProduct = {
/** Which. */
id: ProductId,
/** Its title. */
title: string,
/** Its picture. */
image: ImageRef | null,
/** What can be bought of it, in this currency. */
variants: Array<OverlayVariant>, };

/** The product on screen. */
export type OverlayPinned = {
/** Which. */
product_id: ProductId,
/** The moment of the frame it belongs to. */
at: UtcMs, };

/** The line over the picture. */
export type OverlayBanner = {
/** The line. */
text: string,
/** The moment of the frame it belongs to. */
at: UtcMs, };

/** What one audience sees over the picture. */
export type Overlay = {
/** The room's epoch. */
epoch: number,
/** What the room told up to this offset is in it. */
offset: number,
/** When it was composed. */
at: UtcMs,
/** Whom it is for. */
audience: Audience,
/** Where the show stands. */
show_state: ShowState,
/** The product on screen. */
pinned: OverlayPinned | null,
/** The line over the picture. */
banner: OverlayBanner | null,
/** Flash sales that run, with this audience's prices. */
flash: Array<Flash>,
/** The show's products, in its order. */
products: Array<OverlayProduct>, };
