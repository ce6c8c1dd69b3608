import type { Line } from '../core/talk.ts';

/** At most one announcement in this time. */
export const ANNOUNCE_EVERY_MS = 5_000;
/** Past this many lines in a minute only the host, and replies to the viewer, are read out. */
export const BUSY_LINES_PER_MINUTE = 20;
/** Lines read out in one announcement; the log itself keeps them all. */
const READ_OUT_MAX = 4;

/** Chooses what a screen reader hears of the chat. Pure: the time is an argument. */
export class Announcer {
  #waiting: Line[] = [];
  #times: number[] = [];
  #last = -ANNOUNCE_EVERY_MS;

  heard(now: number, line: Line): void {
    this.#times = [...this.#times.filter((time) => now - time < 60_000), now];
    if (!line.mine) this.#waiting.push(line);
  }

  /** Lines to read out now; empty while the last announcement is too fresh. */
  take(now: number): Line[] {
    if (!this.#waiting.length || now - this.#last < ANNOUNCE_EVERY_MS) return [];
    const busy = this.#times.length > BUSY_LINES_PER_MINUTE;
    const chosen = this.#waiting.filter((line) => !busy || line.role === 'host' || line.replyTo?.mine);
    this.#waiting = [];
    if (chosen.length) this.#last = now;
    return chosen.slice(-READ_OUT_MAX);
  }
}
