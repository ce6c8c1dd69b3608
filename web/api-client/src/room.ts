/**
 * The room's wire, `showfloor.v1`: each text frame is one JSON array of messages, both ways. Times are UTC milliseconds.
 *
 * The messages are those of `generated/room.ts`; by hand are only the names for kinds of them, and the close codes.
 */
import type { ServerMessage } from './generated/room.ts';

export type {
  Badge,
  ChatMessage,
  ClientMessage,
  Refusal as RefusedReason,
  Role,
  ServerMessage,
} from './generated/room.ts';

export const ROOM_SUBPROTOCOL = 'showfloor.v1';

export type Snapshot = Extract<ServerMessage, { t: 'snapshot' }>;

/** Messages that carry an offset: missed ones are sent again after a reconnect. */
export type SequencedMessage = Exclude<
  Extract<ServerMessage, { offset: number }>,
  { t: 'welcome' | 'snapshot' | 'sent' }
>;

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
