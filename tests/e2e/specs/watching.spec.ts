import { publish, FRAMES_PER_SECOND } from "../support/publisher.ts";
import { watchFrames, whenFramesSeen } from "../support/frames.ts";
import { DESK, expect, player, test, viewer, whenLive } from "../support/test.ts";

test("a publisher's frames are shown in order, each at its moment, and none is missing", async ({ browser, ready }) => {
  const encoder = publish(ready.rtmp_url, ready.stream_key);
  const page = await viewer(browser, ready.idle_show_url);
  await whenLive(page);
  await watchFrames(page);
  const frames = await whenFramesSeen(page, 5 * FRAMES_PER_SECOND);
  // A busy machine paints fewer pictures than it decodes, and reads one painted a moment later than announced; so it
  // is not painted frames that are counted. A frame lost or repeated on the way would move all later ones away from
  // their number's moment, and that is what must not happen between the first frames and the last.
  const places = frames.map((frame) => Math.round(frame.number - frame.mediaTime * FRAMES_PER_SECOND));
  const usual = (some: number[]): number => some.toSorted((a, b) => a - b)[Math.floor(some.length / 2)] ?? 0;
  const moved = Math.abs(usual(places.slice(-50)) - usual(places.slice(0, 50)));
  expect(moved, "frames lost or repeated on the way").toBe(0);
  const steps = frames.slice(1).map((frame, index) => frame.number - (frames[index]?.number ?? 0));
  expect(steps.every((step) => step >= 0), "frames never go back").toBe(true);
  const holes = await page.evaluate(
    () => (document.querySelector("showfloor-show")?.shadowRoot?.querySelector("video")?.buffered.length ?? 0) - 1,
  );
  expect(holes, "what is buffered has no holes").toBe(0);
  await encoder.end();
});

test("a pin rises with the frame in which it was made, and never before", async ({ browser, ready, merchant }) => {
  const encoder = publish(ready.rtmp_url, ready.stream_key);
  const page = await viewer(browser, ready.idle_show_url);
  await whenLive(page);
  const product = await merchant.product(ready.idle_show_id, /Tomo/);
  const pinned = page.evaluate(
    (id) =>
      new Promise<{ at: number; frameTime: number; before: number }>((resolve) => {
        const host = document.querySelector("showfloor-show") as HTMLElement & { frameTime: number };
        const video = host.shadowRoot?.querySelector("video");
        const shown: number[] = [];
        const note = (): void => {
          shown.push(host.frameTime);
          video?.requestVideoFrameCallback(note);
        };
        video?.requestVideoFrameCallback(note);
        host.addEventListener("show-pin", (event) => {
          const { productId, at, frameTime } = (event as CustomEvent<{ productId: string; at: number; frameTime: number }>).detail;
          if (productId === id) resolve({ at, frameTime, before: shown.findLast((time) => time < frameTime) ?? 0 });
        });
      }),
    product.id,
  );
  const at = await merchant.pin(ready.idle_show_id, product.id);
  const seen = await pinned;
  expect(seen.at).toBe(at);
  expect(seen.frameTime, "not before its frame").toBeGreaterThanOrEqual(at);
  // A busy machine leaves frames out; the pin belongs to the first that it does show.
  expect(seen.before, "with the first frame that shows its moment").toBeLessThan(at);
  await expect(page.getByText("Tomo kettle").first()).toBeVisible();
  await expect(player(page)).toHaveAttribute("on-now", product.id);
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

test("a desk shows products, picture and chat beside each other, and the product on screen over the picture", async ({
  browser,
  ready,
  merchant,
}) => {
  const encoder = publish(ready.rtmp_url, ready.stream_key);
  const page = await viewer(browser, ready.idle_show_url, { viewport: DESK });
  await whenLive(page);
  const product = await merchant.product(ready.idle_show_id, /Ridge/);
  await merchant.pin(ready.idle_show_id, product.id);
  await expect(player(page)).toHaveAttribute("on-now", product.id);
  const products = page.getByRole("region", { name: /In this show/ });
  const chat = page.getByRole("region", { name: "Chat" }).first();
  await expect(products.getByText(product.title)).toBeVisible();
  await expect(chat.getByRole("textbox", { name: "Message" })).toBeVisible();
  const [left, picture, right] = await Promise.all([
    products.boundingBox(),
    page.locator("showfloor-show video").boundingBox(),
    chat.boundingBox(),
  ]);
  expect((left?.x ?? 0) + (left?.width ?? 0)).toBeLessThanOrEqual(picture?.x ?? 0);
  expect((picture?.x ?? 0) + (picture?.width ?? 0)).toBeLessThanOrEqual(right?.x ?? 0);
  await encoder.end();
});
