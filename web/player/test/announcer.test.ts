import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Line } from '../src/core/talk.ts';
import { ANNOUNCE_EVERY_MS, Announcer, BUSY_LINES_PER_MINUTE } from '../src/shop/announcer.ts';

const line = (text: string, more: Partial<Line> = {}): Line => ({
  key: text,
  kind: 'said',
  name: 'x',
  role: 'viewer',
  text,
  mine: false,
  state: 'there',
  ...more,
});
const texts = (lines: Line[]) => lines.map((l) => l.text);

describe('what a screen reader hears of the chat', () => {
  it('is one announcement in five seconds', () => {
    const announcer = new Announcer();
    announcer.heard(0, line('one'));
    assert.deepEqual(texts(announcer.take(0)), ['one']);
    announcer.heard(1_000, line('two'));
    announcer.heard(2_000, line('three'));
    assert.deepEqual(announcer.take(ANNOUNCE_EVERY_MS - 1), []);
    assert.deepEqual(texts(announcer.take(ANNOUNCE_EVERY_MS)), ['two', 'three']);
  });

  it('is not the viewer’s own words', () => {
    const announcer = new Announcer();
    announcer.heard(0, line('mine', { mine: true }));
    assert.deepEqual(announcer.take(0), []);
  });

  it('past twenty lines a minute is only the host and replies to the viewer', () => {
    const announcer = new Announcer();
    for (let i = 0; i <= BUSY_LINES_PER_MINUTE; i++) announcer.heard(i, line(`chatter ${i}`));
    announcer.heard(100, line('host', { role: 'host' }));
    announcer.heard(101, line('reply', { replyTo: { name: 'me', text: '?', mine: true } }));
    announcer.heard(102, line('other reply', { replyTo: { name: 'you', text: '?', mine: false } }));
    assert.deepEqual(texts(announcer.take(6_000)), ['host', 'reply']);
  });

  it('is everybody again once it is calm', () => {
    const announcer = new Announcer();
    for (let i = 0; i <= BUSY_LINES_PER_MINUTE; i++) announcer.heard(i, line(`chatter ${i}`));
    announcer.take(1_000);
    announcer.heard(70_000, line('calm'));
    assert.deepEqual(texts(announcer.take(70_000)), ['calm']);
  });
});
