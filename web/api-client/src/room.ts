/**
 * The room's wire, `showfloor.v1`: each text frame is one JSON array of messages, both ways. Times are UTC milliseconds.
 *
 * Written by hand from the protocol; `generated/room.ts` replaces the bodies of these types, not their names.
 */
import type { FlashSale, ShowState } from './http.ts';

export const ROOM_SUBPROTOCOL = 'showfloor.v1';

export type Role = 'viewer' | 'host' | 'shop' | 'moderator' | 'manager' | 'owner' | 'analyst';

export interface ChatMessage {
  id: string;
  at: number;
  from: { id: string; name: string; role: 'viewer' | 'host' | 'shop' | 'moderator' };
  text: string;
  reply_to?: { id: string; name: string; text: string };
}

export type ClientMessage =
  | { t: 'hello'; resume?: { epoch: string; offset: number }; name?: string; locale?: string; currency?: string }
  | { t: 'say'; ref: string; text: string; reply_to?: string }
  | { t: 'react'; kind: 'heart'; n: number }
  | { t: 'name'; name: string }
  | { t: 'ping' }
  | { t: 'ack'; offset: number }
  | { t: 'remove'; ref: string; message_id: string; reason?: string }
  | { t: 'restore'; ref: string; message_id: string }
  | { t: 'mute'; ref: string; viewer_id: string; seconds: number }
  | { t: 'unmute'; ref: string; viewer_id: string }
  | { t: 'ban'; ref: string; viewer_id: string; reason?: string }
  | { t: 'unban'; ref: string; viewer_id: string }
  | { t: 'slow'; ref: string; seconds: number }
  | { t: 'pin_message'; ref: string; message_id: string | null };

export interface Snapshot {
  t: 'snapshot';
  offset: number;
  state: ShowState;
  pinned: { product_id: string; at: number; version: number } | null;
  banner: { text: string; at: number; version: number } | null;
  flash: FlashSale[];
  pinned_message: ChatMessage | null;
  slow_s: number;
  chat: ChatMessage[];
  presence: number;
}

export type RefusedReason =
  | 'slow_mode'
  | 'rate_limited'
  | 'muted'
  | 'blocked'
  | 'link'
  | 'duplicate'
  | 'too_long'
  | 'empty'
  | 'name_taken'
  | 'not_allowed'
  | 'not_found'
  | 'closed'
  | 'not_understood';

/** Messages that carry an offset: missed ones are sent again after a reconnect. */
export type SequencedMessage =
  | { t: 'chat'; offset: number; message: ChatMessage }
  | { t: 'sold'; offset: number; at: number; name: string | null; product_id: string; title: string; quantity: number }
  | { t: 'removed'; offset: number; message_id: string }
  | { t: 'restored'; offset: number; message: ChatMessage }
  | { t: 'pin'; offset: number; at: number; product_id: string; version: number }
  | { t: 'unpin'; offset: number; at: number; version: number }
  | { t: 'banner'; offset: number; at: number; text: string | null; version: number }
  | ({ t: 'flash'; offset: number } & FlashSale)
  | { t: 'flash_end'; offset: number; at: number; product_id: string; reason: string; version: number }
  | { t: 'price'; offset: number; product_id: string; version: number }
  | {
      t: 'stock';
      offset: number;
      product_id: string;
      variant_id: string;
      available: number;
      reserved: number;
      version: number;
    }
  | { t: 'state'; offset: number; at: number; state: ShowState; version: number }
  | { t: 'slow'; offset: number; seconds: number }
  | { t: 'pinned_message'; offset: number; message: ChatMessage | null };

export type ServerMessage =
  | {
      t: 'welcome';
      epoch: string;
      offset: number;
      recovered: boolean;
      you: { viewer_id: string; role: Role; name: string };
      now: number;
      ping_s: number;
    }
  | Snapshot
  | SequencedMessage
  | { t: 'reactions'; counts: { heart?: number } }
  | { t: 'presence'; viewers: number }
  | { t: 'sent'; ref: string; message_id: string; offset: number }
  | { t: 'refused'; ref?: string | null; reason: RefusedReason; next: string; retry_ms?: number }
  | { t: 'you'; muted_until?: number | null; name?: string }
  | { t: 'done'; ref: string }
  | { t: 'skipped'; from: number; to: number }
  | { t: 'pong'; now: number }
  | { t: 'bye'; code: number; reason: string; resume_after_ms: number };

/** Synced messages take effect when the frame on the viewer's screen was captured at or after their `at`. */
export type SyncedMessage = Extract<
  SequencedMessage,
  { t: 'pin' | 'unpin' | 'banner' | 'flash' | 'flash_end' | 'state' }
>;

export const CLOSE = {
  badFrame: 4400,
  tokenExpired: 4401,
  banned: 4403,
  tooSlow: 4408,
  showOver: 4409,
  tooManySockets: 4429,
  full: 1013,
  restart: 1012,
} as const;
