import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { SyncedMessage } from '@showfloor/api-client';
import {
  LAST_FRAME_MS,
  LONG_PAST_MS,
  NO_PICTURE_MS,
  SYNCED_MAX,
  SyncedQueue,
  Timeline,
  type Screen,
} from '../src/core/timeline.ts';

const pin = (at: number, version = at): SyncedMessage => ({
  t: 'pin',
  offset: version,
  at,
  product_id: `prd_${at}`,
  version,
});
const screen = (frameTime: number | null, more: Partial<Screen> = {}): Screen => ({
  frameTime,
  now: (frameTime ?? 0) + 1_000,
  stillMs: 0,
  ...more,
});
const ats = (events: SyncedMessage[]) => events.map((event) => event.at);

describe('the timeline', () => {
  it('dates a frame by the segment it lies in', () => {
    const timeline = new Timeline();
    timeline.replace([
      { start: 10, end: 12, at: 1_000_000 },
      { start: 12, end: 14, at: 1_002_000 },
    ]);
    assert.equal(timeline.captureTime(10), 1_000_000);
    assert.equal(timeline.captureTime(11.9667), 1_001_967);
    assert.equal(timeline.captureTime(12.5), 1_002_500);
  });

  it('follows a discontinuity: each segment has its own clock', () => {
    const timeline = new Timeline();
    timeline.replace([
      { start: 0, end: 2, at: 1_000_000 },
      { start: 2, end: 4, at: 1_090_000 },
    ]);
    assert.equal(timeline.captureTime(1.999), 1_001_999);
    assert.equal(timeline.captureTime(2), 1_090_000);
  });

  it('dates parts that come before their playlist, but not a gap it knows nothing of', () => {
    const timeline = new Timeline();
    timeline.replace([{ start: 0, end: 2, at: 1_000_000 }]);
    assert.equal(timeline.captureTime(3), 1_003_000);
    assert.equal(timeline.captureTime(60), null);
    assert.equal(timeline.captureTime(-1), null);
    assert.equal(new Timeline().captureTime(0), null);
  });
});

describe('the queue of synced events', () => {
  it('never applies an event before its frame, and applies it with that frame', () => {
    const queue = new SyncedQueue();
    queue.push(pin(5_000));
    assert.deepEqual(queue.due(screen(4_999)), []);
    assert.deepEqual(ats(queue.due(screen(5_000))), [5_000]);
    assert.equal(queue.size, 0);
  });

  it('applies within one frame of the moment, whatever the frame rate (10,000 random shows)', () => {
    let seed = 7;
    const random = () => (seed = (seed * 48_271) % 2_147_483_647) / 2_147_483_647;
    for (let i = 0; i < 10_000; i++) {
      const queue = new SyncedQueue();
      const step = 1000 / [24, 25, 30, 50, 60][Math.floor(random() * 5)]!;
      const at = Math.floor(random() * 2_000);
      queue.push(pin(at));
      for (let n = 0; ; n++) {
        const frame = Math.round(n * step);
        const due = queue.due(screen(frame));
        if (!due.length) continue;
        assert.ok(frame >= at && frame - at <= step + 1, `${at} applied with frame ${frame}`);
        break;
      }
    }
  });

  it('keeps the order of moments when messages arrive out of order', () => {
    const queue = new SyncedQueue();
    [3_000, 1_000, 2_000].forEach((at) => queue.push(pin(at)));
    assert.deepEqual(ats(queue.due(screen(9_000))), [1_000, 2_000, 3_000]);
  });

  it('without any picture waits for one, unless the moment is long past', () => {
    const queue = new SyncedQueue();
    queue.push(pin(100_000));
    assert.deepEqual(queue.due(screen(null, { now: 101_000 })), []);
    assert.deepEqual(ats(queue.due(screen(null, { now: 100_000 + LONG_PAST_MS }))), [100_000]);
  });

  it('goes by the clock once it is plain that no picture comes', () => {
    const queue = new SyncedQueue();
    queue.push(pin(100_000));
    assert.deepEqual(ats(queue.due(screen(null, { now: 100_000, stillMs: NO_PICTURE_MS }))), [100_000]);
  });

  it('takes a pause after the last frame, for which no frame will ever come', () => {
    const queue = new SyncedQueue();
    queue.push(pin(4_900));
    queue.push({ t: 'state', offset: 2, at: 5_000, state: 'paused', version: 2 });
    assert.deepEqual(queue.due(screen(4_800, { now: 6_000, stillMs: LAST_FRAME_MS - 1 })), []);
    assert.deepEqual(ats(queue.due(screen(4_800, { now: 6_000, stillMs: LAST_FRAME_MS }))), [4_900, 5_000]);
  });

  it('a frozen picture does not bring a product forward', () => {
    const queue = new SyncedQueue();
    queue.push(pin(5_000));
    assert.deepEqual(queue.due(screen(4_800, { now: 60_000, stillMs: 50_000 })), []);
  });

  it(`holds ${SYNCED_MAX} events; one more pushes the oldest out to be applied, not lost`, () => {
    const queue = new SyncedQueue();
    for (let at = 1; at <= SYNCED_MAX; at++) assert.deepEqual(queue.push(pin(at)), []);
    assert.deepEqual(ats(queue.push(pin(SYNCED_MAX + 1))), [1]);
    assert.equal(queue.size, SYNCED_MAX);
  });
});
