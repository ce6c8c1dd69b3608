import type { Browser, Page } from "@playwright/test";

import { fillIn, openCheckout, paid, pay } from "../support/buyer.ts";
import type { Merchant } from "../support/merchant.ts";
import { publish } from "../support/publisher.ts";
import { DESK, expect, line, PHONE, player, say, test, viewer, whenLive } from "../support/test.ts";

/** A page of the dashboard, signed in as the owner. */
async function office(browser: Browser, merchant: Merchant, url: string, viewport = DESK): Promise<Page> {
  return viewer(browser, url, { viewport, storageState: await merchant.signedIn() });
}

const row = (page: Page, title: string) =>
  page.getByRole("list", { name: "Run of show" }).getByRole("listitem").filter({ hasText: title });

test("an owner signs in, plans a show, makes its key, and an encoder puts it on air", async ({ browser, ready }) => {
  const page = await viewer(browser, ready.dashboard_url, { viewport: DESK });
  await page.getByLabel("E-mail").fill(ready.owner.email);
  await page.getByLabel("Password").fill(ready.owner.password);
  await page.getByRole("button", { name: "Sign in" }).click();

  await page.getByRole("button", { name: /^(New|Plan a) show/ }).first().click();
  await page.getByLabel("Title").fill("Evening with teapots");
  await page.getByRole("button", { name: "Plan the show" }).click();
  await page.getByRole("button", { name: "Publish" }).click();
  await expect(page.getByText("Scheduled").first()).toBeVisible();

  await page.getByRole("link", { name: "Studio" }).click();
  await page.getByRole("button", { name: "Make a stream key" }).click();
  const field = page.locator(".field").filter({ hasText: "shown this once" });
  const key = (await field.locator(".mono").first().textContent()) ?? "";
  expect(key.length).toBeGreaterThanOrEqual(20);
  await page.getByRole("button", { name: "I have stored it" }).click();
  await expect(page.getByText(`•••• ${key.slice(-4)}`)).toBeVisible();
  await page.reload();
  await expect(page.getByText(`•••• ${key.slice(-4)}`)).toBeVisible();
  expect(await page.content(), "the key is shown once").not.toContain(key);

  const id = /shw_[0-9a-z]+/.exec(page.url())?.[0] ?? "";
  const seen = await viewer(browser, new URL(`/s/${id}`, ready.show_url).href);
  await expect(player(seen)).toHaveAttribute("state", "before");
  const encoder = publish(ready.rtmp_url, key);
  await expect(page).toHaveURL(new RegExp(`${id}/live$`), { timeout: 30_000 });
  await expect(page.getByText("LIVE", { exact: true }).first()).toBeVisible();
  await whenLive(seen);
  await page.goto(page.url().replace(/live$/, "studio"));
  await expect(page.getByText(/^Receiving .*360/)).toBeVisible();
  await encoder.end();
});

test("what is pinned by a click and by a key is what viewers see", async ({ browser, ready, merchant }) => {
  const products = [
    await merchant.product(ready.idle_show_id, /Tomo/),
    await merchant.product(ready.idle_show_id, /Ridge/),
    await merchant.product(ready.idle_show_id, /Cone/),
  ] as const;
  const show = await merchant.newShow("Pinned by hand", products.map(({ id }) => id));
  const encoder = publish(ready.rtmp_url, show.key);
  const seen = await viewer(browser, show.url);
  await whenLive(seen);
  const page = await office(browser, merchant, `${ready.dashboard_url}shows/${show.id}/live`);
  await page.getByRole("button", { name: `Pin now: ${products[1].title}` }).click();
  await expect(player(seen)).toHaveAttribute("on-now", products[1].id);
  await expect(row(page, products[1].title).getByText("ON SCREEN")).toBeVisible();
  await expect(page.getByRole("article", { name: "On screen now" }).getByText(products[1].title)).toBeVisible();
  await page.keyboard.press("n");
  await expect(player(seen)).toHaveAttribute("on-now", products[0].id);
  await page.keyboard.press("u");
  await expect(player(seen)).not.toHaveAttribute("on-now", products[0].id);
  await encoder.end();
});

test("a message that is removed is gone for viewers, undo brings it back, and a muted viewer is told", async ({
  browser,
  ready,
  merchant,
}) => {
  const show = await merchant.newShow("Talked about", []);
  const [writer, reader] = [await viewer(browser, show.url), await viewer(browser, show.url)];
  const page = await office(browser, merchant, `${ready.dashboard_url}shows/${show.id}/live`);
  const words = "Cheaper at the other shop";
  await say(writer, words);
  await expect(line(reader, words)).toBeVisible();
  const message = page.getByRole("log").getByRole("listitem").filter({ hasText: words });
  await message.hover();
  await message.getByRole("button", { name: "Remove the message" }).click();
  await expect(line(reader, "A message was removed")).toBeVisible();
  await expect(line(reader, words)).toHaveCount(0);
  await page.getByRole("log").getByRole("button", { name: /^Undo/ }).click();
  await expect(line(reader, words)).toBeVisible();
  await message.hover();
  await message.getByRole("button", { name: "Mute for 10 minutes" }).click();
  await expect(writer.getByText(/Chat paused until/)).toBeVisible();
  await say(reader, "I may still write");
  await expect(line(writer, "I may still write")).toBeVisible();
});

test("an order is in the list with its mail, and is refunded with the password's consent", async ({
  browser,
  ready,
  merchant,
}) => {
  const buyer = await viewer(browser, ready.show_url);
  await openCheckout(buyer, /Cone filters/);
  await fillIn(buyer, "4242424242424242");
  await pay(buyer).click();
  await expect(paid(buyer)).toBeVisible();
  const note = await buyer.getByText(/Order \S+ is paid/).first().textContent();
  const number = /Order (\S+) is paid/.exec(note ?? "")?.[1] ?? "";

  const page = await office(browser, merchant, `${ready.dashboard_url}orders`);
  await page.getByRole("link", { name: number }).click();
  await expect(page.getByText("ana@example.com").first()).toBeVisible();
  await page.getByRole("region", { name: "Mails" }).getByRole("button").first().click();
  const mail = page.getByRole("dialog");
  await expect(mail.getByText("To ana@example.com")).toBeVisible();
  await expect(mail.locator("pre")).toContainText(number);
  await mail.getByRole("button", { name: "Close" }).last().click();

  await page.getByRole("button", { name: "Refund…" }).click();
  const refund = page.getByRole("dialog", { name: `Refund order ${number}` });
  await refund.getByRole("button", { name: "One more" }).first().click();
  // Ten minutes after the sign-in the password is asked for; the first answer stands in for those ten minutes.
  await page.route(
    "**/refunds",
    (route) =>
      route.fulfill({
        status: 403,
        contentType: "application/problem+json",
        json: { type: "https://showfloor.dev/problems/confirm-password", title: "Confirm your password", status: 403 },
      }),
    { times: 1 },
  );
  await refund.getByRole("button", { name: /^Refund €/ }).click();
  const password = page.getByRole("dialog", { name: "Confirm that it is you" });
  await password.getByLabel("Password").fill(`not ${ready.owner.password}`);
  await password.getByRole("button", { name: "Confirm" }).click();
  await expect(password.getByLabel("Password")).toHaveAttribute("aria-invalid", "true");
  await password.getByLabel("Password").fill(ready.owner.password);
  await password.getByRole("button", { name: "Confirm" }).click();
  await expect(page.getByText(new RegExp(`^Refunded .* of order ${number}`)).first()).toBeVisible();
  await page.reload();
  await expect(page.getByRole("heading", { level: 1 }).locator("..").getByText(/refunded/i).first()).toBeVisible();
});

test("the control room of a phone has its three parts, and nothing sticks out", async ({ browser, ready, merchant }) => {
  const page = await office(browser, merchant, `${ready.dashboard_url}shows/${ready.show_id}/live`, PHONE);
  const tabs = page.getByRole("tablist", { name: "Show" });
  for (const [tab, content] of [
    ["Pin", page.locator(".ph").first()],
    ["Chat", page.getByRole("log")],
    ["Numbers", page.getByRole("region", { name: "Numbers" })],
  ] as const) {
    await tabs.getByRole("tab", { name: tab, exact: true }).click();
    await expect(content).toBeVisible();
    const overflow = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
    expect(overflow, "nothing sticks out").toBeLessThanOrEqual(0);
  }
});
