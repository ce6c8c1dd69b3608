import type { Page } from "@playwright/test";

import { fillIn, openCheckout, openProduct, paid, pay } from "../support/buyer.ts";
import { publish, type Publisher } from "../support/publisher.ts";
import { openShopPage, type ShopPage } from "../support/shop-page.ts";
import { expect, line, say, test, viewer, whenLive } from "../support/test.ts";
import type { NewShow } from "../support/merchant.ts";

let shop: ShopPage;
let show: NewShow;
let encoder: Publisher;

test.beforeEach(async ({ ready, merchant, request }) => {
  const policy = (await request.get(ready.show_url)).headers()["content-security-policy"] ?? "";
  const live = new URL(ready.show_url).origin;
  // Our own page lists the payment provider too: of all that it may connect to, what is neither ours nor a socket.
  const provider = (/connect-src ([^;]*)/.exec(policy)?.[1] ?? "")
    .split(" ")
    .find((source) => source.startsWith("http") && source !== live);
  shop = await openShopPage(live, provider ?? "");
  const cones = await merchant.product(ready.idle_show_id, /Cone/);
  show = await merchant.newShow("Seen elsewhere", [cones.id]);
  encoder = publish(ready.rtmp_url, show.key);
  await expect
    .poll(async () => (await merchant.get<{ state: string }>(`/v1/admin/shows/${show.id}`)).state)
    .toBe("live");
});

test.afterEach(async ({ merchant }) => {
  await encoder.end();
  await shop.close();
  await merchant.patch("/v1/admin/shop", { allowed_origins: [] });
});

test("a site that the shop does not list can show what is public, and sells nothing", async ({ browser }) => {
  const page = await viewer(browser, shop.url(show.id));
  await whenLive(page);
  await openProduct(page, /Cone filters/);
  const dialog = page.getByRole("dialog");
  await dialog.getByRole("button", { name: "Buy now" }).click();
  await expect(dialog.getByRole("alert")).toContainText("The shop has not listed this site");
  await expect(page.getByText("Held for you")).toHaveCount(0);
});

test("a listed site sells under the strictest policy that a shop page can have", async ({ browser, merchant }) => {
  await merchant.patch("/v1/admin/shop", { allowed_origins: [shop.origin] });
  const page = await viewer(browser, shop.url(show.id));
  await whenLive(page);
  await openCheckout(page, /Cone filters/);
  await fillIn(page, "4242424242424242");
  await pay(page).click();
  await expect(paid(page)).toBeVisible();
});

test("a show's page is framed by listed sites only, and the dashboard by none", async ({ browser, ready, merchant }) => {
  const context = await browser.newContext();
  const framed = async (address: string): Promise<boolean> => {
    const page = await context.newPage();
    await page.goto(shop.frameUrl(address));
    // What a policy keeps out of a frame is replaced by the browser's own page.
    const inside = page.frames().find((frame) => frame.parentFrame() !== null);
    const shown = (inside?.url() ?? "").startsWith("http");
    await page.close();
    return shown;
  };
  expect(await framed(show.url), "not listed").toBe(false);
  await merchant.patch("/v1/admin/shop", { allowed_origins: [shop.origin] });
  expect(await framed(show.url), "listed").toBe(true);
  expect(await framed(ready.dashboard_url), "the dashboard").toBe(false);
});

test("where a browser keeps nothing, a viewer still watches, talks and buys", async ({ browser, merchant }) => {
  await merchant.patch("/v1/admin/shop", { allowed_origins: [shop.origin] });
  const other = await viewer(browser, show.url);
  const page = await viewer(browser, "about:blank");
  await page.addInitScript(forbidStorage);
  await page.goto(shop.url(show.id));
  await whenLive(page);
  await say(page, "Nothing is kept of me");
  await expect(line(other, "Nothing is kept of me")).toBeVisible();
  await openCheckout(page, /Cone filters/);
  await fillIn(page, "4242424242424242");
  await pay(page).click();
  await expect(paid(page)).toBeVisible();
  expect(await kept(page), "no cookie was set by anybody").toEqual([]);
});

const kept = async (page: Page): Promise<unknown[]> => page.context().cookies();

/** Runs in the page before its own scripts: all that could keep something refuses, as browsers do when told so. */
function forbidStorage(): void {
  const refuse = (): never => {
    throw new DOMException("Access is denied for this document.", "SecurityError");
  };
  for (const name of ["localStorage", "sessionStorage", "indexedDB", "caches"]) {
    Object.defineProperty(globalThis, name, { get: refuse });
  }
  Object.defineProperty(Document.prototype, "cookie", { get: refuse, set: refuse });
}
