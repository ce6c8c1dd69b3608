import type { SyncedMessage } from '@showfloor/api-client';

/** A run of the media timeline whose capture time is known: `at` (UTC ms) is the moment of `start` (media seconds). */
export interface Stretch {
  start: number;
  end: number;
  at: number;
}

/** How far past the last known stretch a frame may lie and still be dated by it: parts arrive before their playlist. */
const BEYOND_S = 4;

/** Maps what the media element shows to when the camera saw it. */
export class Timeline {
  #stretches: readonly Stretch[] = [];

  /** The playlist's segments with their programme date-time, oldest first. */
  replace(stretches: readonly Stretch[]): void {
    this.#stretches = stretches;
  }

  /** UTC ms, whole, of the frame at `media` seconds; null where no programme date-time covers it. */
  captureTime(media: number): number | null {
    for (let i = this.#stretches.length - 1; i >= 0; i--) {
      const stretch = this.#stretches[i]!;
      if (media < stretch.start) continue;
      const last = i === this.#stretches.length - 1;
      if (media >= stretch.end + (last ? BEYOND_S : 0.5)) return null;
      return Math.round(stretch.at + (media - stretch.start) * 1000);
    }
    return null;
  }
}

/** More waiting events than a show can honestly have; beyond it the oldest are applied rather than lost. */
export const SYNCED_MAX = 256;
/** A snapshot's event this much older than now has passed on every viewer's screen, so it needs no frame. */
export const LONG_PAST_MS = 12_000;
/** With no picture for this long after its moment, an event takes effect by the clock. */
export const NO_PICTURE_MS = 6_000;
/** A host's pause or end comes without further frames: after this long on the last one it takes effect. */
export const LAST_FRAME_MS = 2_000;

/** What the picture is doing, as the queue needs to know it. */
export interface Screen {
  /** Capture time (UTC ms) of the frame on screen; null while there is none. */
  frameTime: number | null;
  /** Server time (UTC ms). */
  now: number;
  /** How long the same frame has been on screen. */
  stillMs: number;
}

/**
 * Holds synced events until the frame on screen was captured at or after their `at`; never earlier, and in order.
 * Without any picture they fall due by the clock; a pause or end falls due when its last frame has stood still.
 */
export class SyncedQueue {
  #waiting: SyncedMessage[] = [];

  get size(): number {
    return this.#waiting.length;
  }

  /** Queues an event; answers with those that no longer fit and must be applied now. */
  push(event: SyncedMessage): SyncedMessage[] {
    let i = this.#waiting.length;
    while (i > 0 && this.#waiting[i - 1]!.at > event.at) i--;
    this.#waiting.splice(i, 0, event);
    return this.#waiting.splice(0, Math.max(0, this.#waiting.length - SYNCED_MAX));
  }

  clear(): void {
    this.#waiting = [];
  }

  /** Takes out what is due on this screen, in order. */
  due(screen: Screen): SyncedMessage[] {
    let upTo = 0;
    this.#waiting.forEach((event, i) => {
      if (isDue(event, screen)) upTo = i + 1;
    });
    return this.#waiting.splice(0, upTo);
  }
}

function isDue(event: SyncedMessage, { frameTime, now, stillMs }: Screen): boolean {
  if (frameTime === null) {
    // Going on air has no earlier frame to wait for: it is what starts the picture.
    const waited = event.t === 'state' || stillMs >= NO_PICTURE_MS ? 0 : LONG_PAST_MS;
    return event.at <= now - waited;
  }
  if (frameTime >= event.at) return true;
  return event.t === 'state' && event.at <= now && stillMs >= LAST_FRAME_MS;
}
