import { publish, FRAMES_PER_SECOND } from "../support/publisher.ts";
import { watchFrames, whenFramesSeen } from "../support/frames.ts";
import { expect, player, test, viewer, whenLive } from "../support/test.ts";

const FRAME_MS = 1_000 / FRAMES_PER_SECOND;

test("a publisher's frames come on screen in order, and next to none is left out", async ({ browser, ready }) => {
  const encoder = publish(ready.rtmp_url, ready.stream_key);
  const page = await viewer(browser, ready.idle_show_url);
  await whenLive(page);
  await watchFrames(page);
  const frames = await whenFramesSeen(page, 8 * FRAMES_PER_SECOND);
  const steps = frames.slice(1).map((frame, index) => frame.number - (frames[index]?.number ?? 0));
  expect(steps.every((step) => step >= 0), "frames never go back").toBe(true);
  const [first, last] = [frames[0]?.number ?? 0, frames.at(-1)?.number ?? 0];
  const distinct = new Set(frames.map((frame) => frame.number)).size;
  const skipped = last - first + 1 - distinct;
  expect(skipped / (last - first + 1)).toBeLessThanOrEqual(0.02);
  await page.context().close();
  await encoder.end();
});

test("a pin rises with the frame in which it was made, and never before", async ({ browser, ready, merchant }) => {
  const encoder = publish(ready.rtmp_url, ready.stream_key);
  const page = await viewer(browser, ready.idle_show_url);
  await whenLive(page);
  const product = await merchant.product(ready.idle_show_id, /Tomo/);
  const pinned = page.evaluate(
    (id) =>
      new Promise<{ at: number; frameTime: number }>((resolve) => {
        document.querySelector("showfloor-show")?.addEventListener("show-pin", (event) => {
          const detail = (event as CustomEvent<{ productId: string; at: number; frameTime: number }>).detail;
          if (detail.productId === id) resolve(detail);
        });
      }),
    product.id,
  );
  const at = await merchant.pin(ready.idle_show_id, product.id);
  const seen = await pinned;
  expect(seen.at).toBe(at);
  expect(seen.frameTime, "not before its frame").toBeGreaterThanOrEqual(at);
  expect(seen.frameTime - at, "within one frame").toBeLessThanOrEqual(FRAME_MS + 1);
  await expect(page.getByText("Tomo kettle").first()).toBeVisible();
  await expect(player(page)).toHaveAttribute("on-now", product.id);
  await page.context().close();
  await encoder.end();
});

test("a publisher that drops is waited for in words, and the picture returns by itself", async ({ browser, ready }) => {
  const first = publish(ready.rtmp_url, ready.stream_key);
  const page = await viewer(browser, ready.idle_show_url);
  await whenLive(page);
  await first.drop();
  await expect(player(page)).toHaveAttribute("state", "paused", { timeout: 20_000 });
  await expect(page.getByText(/will be right back/)).toBeVisible();
  const second = publish(ready.rtmp_url, ready.stream_key, { firstFrame: 10_000 });
  await expect(player(page)).toHaveAttribute("state", "live", { timeout: 20_000 });
  await watchFrames(page);
  const frames = await whenFramesSeen(page, FRAMES_PER_SECOND);
  expect(frames.at(-1)?.number).toBeGreaterThanOrEqual(10_000);
  await page.context().close();
  await second.end();
});

test("a show without a picture yet says when it starts, on a phone and on a desk", async ({ browser, ready }) => {
  for (const viewport of [
    { width: 390, height: 844 },
    { width: 1440, height: 900 },
  ]) {
    const context = await browser.newContext({ viewport });
    const page = await context.newPage();
    await page.goto(ready.show_url);
    await expect(player(page)).toHaveAttribute("state", "before");
    await expect(page.getByText("Slow coffee, warm hands").first()).toBeVisible();
    const overflow = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
    expect(overflow, "nothing sticks out").toBeLessThanOrEqual(0);
    await context.close();
  }
});
