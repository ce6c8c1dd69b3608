import type { ChatMessage, FlashSale, ServerMessage } from '@showfloor/api-client';

/** How many lines of chat a screen keeps; older ones fall off the far end. */
export const LOG_LINES_MOST = 500;

export type LogLine =
  | { kind: 'chat'; key: string; offset: number; message: ChatMessage; removed: boolean }
  | { kind: 'sold'; key: string; offset: number; at: number; name: string | null; title: string; quantity: number }
  | { kind: 'gap'; key: string; offset: number };

export interface RoomState {
  /** False until the first snapshot: nothing here means anything before. */
  ready: boolean;
  offset: number;
  you: { viewer_id: string; role: string; name: string } | null;
  show: string | null;
  pinned: { product_id: string; at: number; version: number } | null;
  banner: { text: string; at: number; version: number } | null;
  flash: FlashSale[];
  pinnedMessage: ChatMessage | null;
  slowS: number;
  viewers: number | null;
  log: LogLine[];
  /** Room clock minus ours, in ms: moments in the room are the server's. */
  skewMs: number;
  /** Set when a reconnect brought everything that was missed. */
  caughtUp: number;
}

export const emptyRoom: RoomState = {
  ready: false,
  offset: 0,
  you: null,
  show: null,
  pinned: null,
  banner: null,
  flash: [],
  pinnedMessage: null,
  slowS: 0,
  viewers: null,
  log: [],
  skewMs: 0,
  caughtUp: 0,
};

const chatLine = (message: ChatMessage, offset: number): LogLine => ({
  kind: 'chat',
  key: message.id,
  offset,
  message,
  removed: false,
});

/** What the room is after some messages. Pure: the same messages give the same room, whoever asks. */
export function reduceRoom(room: RoomState, messages: ServerMessage[], nowMs: number): RoomState {
  let next = room;
  for (const message of messages) next = step(next, message, nowMs);
  return next.log.length > LOG_LINES_MOST ? { ...next, log: next.log.slice(-LOG_LINES_MOST) } : next;
}

function step(room: RoomState, message: ServerMessage, nowMs: number): RoomState {
  switch (message.t) {
    case 'welcome':
      return {
        ...room,
        you: message.you,
        skewMs: message.now - nowMs,
        caughtUp: message.recovered && room.ready ? room.caughtUp + 1 : room.caughtUp,
      };
    case 'snapshot':
      return {
        ...room,
        ready: true,
        offset: message.offset,
        show: message.state,
        pinned: message.pinned,
        banner: message.banner,
        flash: message.flash,
        pinnedMessage: message.pinned_message,
        slowS: message.slow_s,
        viewers: message.presence,
        log: message.chat.map((line) => chatLine(line, message.offset)),
      };
    case 'presence':
      return { ...room, viewers: message.viewers };
    case 'skipped':
      return { ...room, log: [...room.log, { kind: 'gap', key: `gap${message.from}`, offset: message.to }] };
    case 'you':
    case 'reactions':
    case 'sent':
    case 'refused':
    case 'done':
    case 'pong':
    case 'bye':
      return room;
    default:
      // An offset seen before is a message seen before: resuming may repeat the last one.
      return message.offset <= room.offset ? room : { ...sequenced(room, message), offset: message.offset };
  }
}

type Sequenced = Exclude<
  ServerMessage,
  {
    t:
      | 'welcome'
      | 'snapshot'
      | 'presence'
      | 'skipped'
      | 'you'
      | 'reactions'
      | 'sent'
      | 'refused'
      | 'done'
      | 'pong'
      | 'bye';
  }
>;

/** Versioned state is overwritten by a newer version only. */
const newer = (version: number, known: { version: number } | null): boolean => !known || version > known.version;

function sequenced(room: RoomState, message: Sequenced): RoomState {
  switch (message.t) {
    case 'chat':
      return { ...room, log: [...room.log, chatLine(message.message, message.offset)] };
    case 'sold':
      return {
        ...room,
        log: [
          ...room.log,
          {
            kind: 'sold',
            key: `sold${message.offset}`,
            offset: message.offset,
            at: message.at,
            name: message.name,
            title: message.title,
            quantity: message.quantity,
          },
        ],
      };
    case 'removed':
      return {
        ...room,
        log: room.log.map((line) =>
          line.kind === 'chat' && line.message.id === message.message_id ? { ...line, removed: true } : line,
        ),
      };
    case 'restored':
      return {
        ...room,
        log: room.log.map((line) =>
          line.kind === 'chat' && line.message.id === message.message.id
            ? { ...line, message: message.message, removed: false }
            : line,
        ),
      };
    case 'pin':
      return newer(message.version, room.pinned)
        ? { ...room, pinned: { product_id: message.product_id, at: message.at, version: message.version } }
        : room;
    case 'unpin':
      return newer(message.version, room.pinned) ? { ...room, pinned: null } : room;
    case 'banner':
      return newer(message.version, room.banner)
        ? {
            ...room,
            banner: message.text === null ? null : { text: message.text, at: message.at, version: message.version },
          }
        : room;
    case 'flash': {
      const { product_id, at, ends_at, cap, prices, version } = message;
      const sale: FlashSale = { product_id, at, ends_at, cap, prices, version };
      return { ...room, flash: [...room.flash.filter((running) => running.product_id !== sale.product_id), sale] };
    }
    case 'flash_end':
      return { ...room, flash: room.flash.filter((running) => running.product_id !== message.product_id) };
    case 'state':
      return { ...room, show: message.state };
    case 'slow':
      return { ...room, slowS: message.seconds };
    case 'pinned_message':
      return { ...room, pinnedMessage: message.message };
    case 'price':
    case 'stock':
      return room;
  }
}
