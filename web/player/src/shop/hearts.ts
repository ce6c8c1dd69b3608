export interface Heart {
  id: number;
  style: string;
}

/** In the air at once. */
export const HEARTS_MAX = 12;
const FLIGHT_MS = 3_200;
const APART_MS = 140;
const tints = ['', 'oklch(.88 .07 50)', 'oklch(.93 .045 70)'];

/** Hearts that drift up their own lane. Those beyond the limit are not queued: a crowd looks like a crowd. */
export class Hearts {
  list: readonly Heart[] = [];
  #next = 0;
  readonly #changed: () => void;

  constructor(changed: () => void) {
    this.#changed = changed;
  }

  rise(n: number): void {
    const room = Math.min(n, HEARTS_MAX - this.list.length);
    for (let i = 0; i < room; i++) {
      const id = this.#next++;
      const size = 16 + Math.round(Math.random() * 12);
      const tint = tints[id % tints.length];
      const style = `right:${4 + Math.round(Math.random() * 24)}px;width:${size}px;height:${size}px;--x:${Math.round(Math.random() * 24 - 12)}px;animation-delay:${i * APART_MS}ms;${tint ? `--h:${tint}` : ''}`;
      this.list = [...this.list, { id, style }];
      setTimeout(
        () => {
          this.list = this.list.filter((heart) => heart.id !== id);
          this.#changed();
        },
        FLIGHT_MS + i * APART_MS,
      );
    }
    if (room > 0) this.#changed();
  }
}
