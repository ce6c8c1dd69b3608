// Reading the burned-in frame number back from a playing video, frame by frame.

import type { Page } from "@playwright/test";

import { COUNTER_BITS, COUNTER_CELL_PX } from "./publisher.ts";

export interface SeenFrame {
  /** The number burned into the frame. */
  number: number;
  /** The frame's place in the media, in seconds. */
  mediaTime: number;
  /** When the frame came on screen, in milliseconds of the page's clock. */
  shownAt: number;
}

/** Records every frame that the player shows, from now on. */
export async function watchFrames(page: Page): Promise<void> {
  await page.evaluate(
    ({ bits, cell }) => {
      const host = document.querySelector("showfloor-show");
      const video = host?.shadowRoot?.querySelector("video");
      if (!video) throw new Error("the player has no video yet");
      const seen: { number: number; mediaTime: number; shownAt: number }[] = [];
      Object.assign(globalThis, { seenFrames: seen });
      const canvas = new OffscreenCanvas(bits * cell, cell);
      const context = canvas.getContext("2d", { willReadFrequently: true });
      if (!context) throw new Error("no canvas to read frames with");
      const read = (_now: number, frame: VideoFrameCallbackMetadata): void => {
        context.drawImage(video, 0, 0, bits * cell, cell, 0, 0, bits * cell, cell);
        const pixels = context.getImageData(0, cell / 2, bits * cell, 1).data;
        let number = 0;
        for (let bit = 0; bit < bits; bit++) {
          if ((pixels[(bit * cell + cell / 2) * 4] ?? 0) > 127) number |= 1 << bit;
        }
        seen.push({ number, mediaTime: frame.mediaTime, shownAt: performance.timeOrigin + frame.expectedDisplayTime });
        video.requestVideoFrameCallback(read);
      };
      video.requestVideoFrameCallback(read);
    },
    { bits: COUNTER_BITS, cell: COUNTER_CELL_PX },
  );
}

/** The frames recorded so far. */
export async function seenFrames(page: Page): Promise<SeenFrame[]> {
  return page.evaluate(() => (globalThis as unknown as { seenFrames: SeenFrame[] }).seenFrames);
}

/** Waits until at least `count` frames were recorded. */
export async function whenFramesSeen(page: Page, count: number): Promise<SeenFrame[]> {
  await page.waitForFunction(
    (wanted) => (globalThis as unknown as { seenFrames: unknown[] }).seenFrames.length >= wanted,
    count,
    { timeout: 40_000 },
  );
  return seenFrames(page);
}
