import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { readFrame } from '../src/core/messages.ts';

describe('reading the room', () => {
  it('reads every message it knows and drops unknown fields', () => {
    const [pin] = readFrame(
      '[{"t":"pin","offset":1,"at":2,"product_id":"prd_1","version":3,"price":1,"__proto__":{"x":1}}]',
    );
    assert.deepEqual(pin, { t: 'pin', offset: 1, at: 2, product_id: 'prd_1', version: 3 });
  });

  it('skips what it does not know and what has the wrong shape, and keeps the rest', () => {
    const frame = [
      { t: 'lottery' },
      { t: 'pin', at: 'soon' },
      null,
      7,
      [],
      { t: 'presence', viewers: 5 },
      { t: 'presence', viewers: null },
    ];
    assert.deepEqual(readFrame(JSON.stringify(frame)), [{ t: 'presence', viewers: 5 }]);
  });

  it('survives frames that are not frames', () => {
    for (const text of [
      '',
      '{',
      'null',
      '{}',
      '"x"',
      '[[]]',
      '[{"t":"__proto__"}]',
      '[{"t":"constructor"}]',
      '[{"t":"toString"}]',
    ])
      assert.deepEqual(readFrame(text), []);
  });

  it('never reaches a prototype, whatever arrives (abuse case P3)', () => {
    const keys = ['__proto__', 'constructor', 'prototype', 't', 'message', 'from', 'you'];
    let seed = 3;
    const pick = <T>(list: T[]): T => list[(seed = (seed * 48_271) % 2_147_483_647) % list.length]!;
    const make = (depth: number): unknown =>
      depth === 0
        ? pick(['pin', 'welcome', 'snapshot', 'chat', 1, null, 'x'] as unknown[])
        : Object.fromEntries(Array.from({ length: 4 }, () => [pick(keys), make(depth - 1)]));
    const before = Object.getOwnPropertyNames(Object.prototype).join();
    for (let i = 0; i < 2_000; i++) {
      const text = JSON.stringify([
        { ...(make(3) as object), t: pick(['pin', 'welcome', 'snapshot', 'chat', 'you']) },
      ]).replaceAll('"x"', '{"__proto__":{"polluted":true}}');
      readFrame(text);
    }
    assert.equal(Object.getOwnPropertyNames(Object.prototype).join(), before);
    assert.equal(({} as Record<string, unknown>)['polluted'], undefined);
  });

  it('refuses text longer than any message may be', () => {
    assert.deepEqual(
      readFrame(JSON.stringify([{ t: 'banner', offset: 1, at: 1, version: 1, text: 'x'.repeat(4_097) }])),
      [],
    );
    assert.equal(
      readFrame(JSON.stringify([{ t: 'banner', offset: 1, at: 1, version: 1, text: 'x'.repeat(4_096) }])).length,
      1,
    );
  });
});
