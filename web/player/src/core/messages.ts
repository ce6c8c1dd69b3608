import type { ServerMessage } from '@showfloor/api-client';
import { decode, maybe, type Shape } from './decode.ts';

const money = { minor: 'n', currency: 's' } as const;
const chat: Shape = {
  id: 's',
  at: 'n',
  from: { id: 's', name: 's', role: 's' },
  text: 's',
  reply_to: maybe({ id: 's', name: 's', text: 's' }),
};
const flash: { [key: string]: Shape } = {
  product_id: 's',
  at: 'n',
  ends_at: 'n',
  cap: 'n',
  prices: [{ variant_id: 's', price: money }],
  version: 'n',
};
const synced: { [key: string]: Shape } = { offset: 'n', at: 'n', version: 'n' };
const product: { [key: string]: Shape } = { offset: 'n', product_id: 's', version: 'n' };

const shapes: Record<ServerMessage['t'], Shape> = {
  welcome: {
    t: 's',
    epoch: 'n',
    offset: 'n',
    recovered: 'b',
    you: { viewer_id: 's', role: 's', name: 's' },
    now: 'n',
    ping_s: 'n',
  },
  snapshot: {
    t: 's',
    offset: 'n',
    state: 's',
    pinned: maybe({ product_id: 's', at: 'n', version: 'n' }),
    banner: maybe({ text: 's', at: 'n', version: 'n' }),
    flash: [flash],
    pinned_message: maybe(chat),
    slow_s: 'n',
    chat: [chat],
    presence: 'n',
  },
  chat: { t: 's', offset: 'n', message: chat },
  sold: { t: 's', offset: 'n', at: 'n', name: maybe('s'), product_id: 's', title: 's', quantity: 'n' },
  removed: { t: 's', offset: 'n', message_id: 's' },
  restored: { t: 's', offset: 'n', message: chat },
  pin: { t: 's', ...synced, product_id: 's' },
  unpin: { t: 's', ...synced },
  banner: { t: 's', ...synced, text: maybe('s') },
  flash: { t: 's', offset: 'n', ...flash },
  flash_end: { t: 's', ...synced, product_id: 's', reason: maybe('s') },
  state: { t: 's', ...synced, state: 's' },
  price: { t: 's', ...product },
  stock: { t: 's', ...product, variant_id: 's', available: 'n', reserved: 'n' },
  slow: { t: 's', offset: 'n', seconds: 'n' },
  pinned_message: { t: 's', offset: 'n', message: maybe(chat) },
  reactions: { t: 's', counts: { heart: maybe('n') } },
  presence: { t: 's', viewers: 'n' },
  sent: { t: 's', ref: 's', message_id: 's', offset: maybe('n') },
  refused: { t: 's', ref: maybe('s'), reason: 's', next: maybe('s'), retry_ms: maybe('n') },
  you: { t: 's', muted_until: maybe('n'), name: maybe('s') },
  done: { t: 's', ref: 's' },
  skipped: { t: 's', from: 'n', to: 'n' },
  pong: { t: 's', now: 'n' },
  bye: { t: 's', code: 'n', reason: 's', resume_after_ms: maybe('n') },
};

/** Reads one text frame. Unknown and misshapen messages are skipped: a newer server may say more. */
export function readFrame(text: string): ServerMessage[] {
  let list: unknown;
  try {
    list = JSON.parse(text);
  } catch {
    return [];
  }
  if (!Array.isArray(list)) return [];
  return list.flatMap((item: unknown): ServerMessage[] => {
    const t = typeof item === 'object' && item !== null && Object.hasOwn(item, 't') ? (item as { t: unknown }).t : null;
    if (typeof t !== 'string' || !Object.hasOwn(shapes, t)) return [];
    try {
      return [decode(shapes[t as ServerMessage['t']], item) as ServerMessage];
    } catch {
      return [];
    }
  });
}
