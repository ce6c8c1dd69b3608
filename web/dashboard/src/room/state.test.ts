import type { ChatMessage, ServerMessage } from '@showfloor/api-client';
import { describe, expect, it } from 'vitest';
import { emptyRoom, LOG_LINES_MOST, reduceRoom, type RoomState } from './state';

const NOW = 1_000_000;
const message = (id: string, text = 'hello', name = 'Bea'): ChatMessage => ({
  id,
  at: NOW,
  from: { id: `v-${name}`, name, role: 'viewer' },
  text,
});
const welcome = (recovered: boolean, offset = 0): ServerMessage => ({
  t: 'welcome',
  epoch: 1,
  offset,
  recovered,
  you: { viewer_id: 'me', role: 'manager', name: 'Tomás' },
  now: NOW,
  ping_s: 20,
  ack_every: 0,
});
const snapshot = (chat: ChatMessage[] = [], offset = 10): ServerMessage => ({
  t: 'snapshot',
  offset,
  state: 'live',
  pinned: null,
  banner: null,
  flash: [],
  pinned_message: null,
  slow_s: 0,
  chat,
  presence: 7,
});
const room = (...messages: ServerMessage[]): RoomState =>
  reduceRoom(emptyRoom, [welcome(false), snapshot(), ...messages], NOW);
const texts = (state: RoomState): string[] =>
  state.log.map((line) => (line.kind === 'chat' ? (line.removed ? '(removed)' : line.message.text) : line.kind));

describe('a room', () => {
  it('is what its snapshot says, and replaces what was known before', () => {
    const before = room({ t: 'chat', offset: 11, message: message('a') });
    const after = reduceRoom(before, [welcome(false), snapshot([message('b', 'other')], 50)], NOW);
    expect(texts(after)).toEqual(['other']);
    expect(after.offset).toBe(50);
  });

  it('takes a message that comes twice once', () => {
    const chat: ServerMessage = { t: 'chat', offset: 11, message: message('a') };
    expect(texts(room(chat, chat))).toEqual(['hello']);
  });

  it('goes on after a recovered gap, and says so once', () => {
    const before = room({ t: 'chat', offset: 11, message: message('a', 'one') });
    const after = reduceRoom(
      before,
      [
        welcome(true, 12),
        { t: 'chat', offset: 11, message: message('a', 'one') },
        { t: 'chat', offset: 12, message: message('b', 'two') },
      ],
      NOW,
    );
    expect(texts(after)).toEqual(['one', 'two']);
    expect(after.caughtUp).toBe(1);
  });

  it('hides a removed message at once, and shows it again when it is put back', () => {
    const removed = room(
      { t: 'chat', offset: 11, message: message('a') },
      { t: 'removed', offset: 12, message_id: 'a' },
    );
    expect(texts(removed)).toEqual(['(removed)']);
    expect(texts(reduceRoom(removed, [{ t: 'restored', offset: 13, message: message('a') }], NOW))).toEqual(['hello']);
  });

  it('never lets an older pin win over a newer one', () => {
    const state = room(
      { t: 'pin', offset: 11, at: NOW, product_id: 'new', version: 5 },
      { t: 'pin', offset: 12, at: NOW, product_id: 'old', version: 4 },
    );
    expect(state.pinned?.product_id).toBe('new');
  });

  it('keeps one sale per product, and ends the one that ended', () => {
    const sale = (product: string, version: number): ServerMessage => ({
      t: 'flash',
      offset: 10 + version,
      at: NOW,
      product_id: product,
      ends_at: NOW + 1,
      cap: 3,
      prices: [],
      version,
    });
    const running = room(sale('a', 1), sale('b', 2), sale('a', 3));
    expect(running.flash.map(({ product_id: id }) => id)).toEqual(['b', 'a']);
    expect(
      reduceRoom(
        running,
        [{ t: 'flash_end', offset: 20, at: NOW, product_id: 'b', reason: 'deadline', version: 4 }],
        NOW,
      ).flash,
    ).toHaveLength(1);
  });

  it('says where chat is missing', () => expect(texts(room({ t: 'skipped', from: 11, to: 40 }))).toEqual(['gap']));

  it('keeps no more lines than its limit, the newest ones', () => {
    const flood = Array.from({ length: LOG_LINES_MOST + 1 }, (_, index): ServerMessage => ({
      t: 'chat',
      offset: 11 + index,
      message: message(`m${index}`, `line ${index}`),
    }));
    const state = room(...flood);
    expect(state.log).toHaveLength(LOG_LINES_MOST);
    expect(texts(state)[0]).toBe('line 1');
  });

  it('knows how far its clock is from ours', () => {
    expect(reduceRoom(emptyRoom, [welcome(false)], NOW - 250).skewMs).toBe(250);
  });
});
