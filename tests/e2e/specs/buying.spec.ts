import { fillIn, fillInCard, openCheckout, openProduct, paid, pay } from "../support/buyer.ts";
import { expect, test, viewer } from "../support/test.ts";

test("a card that is good buys, and the order is in the dashboard and in the room", async ({ browser, ready, merchant }) => {
  const [buyer, other] = [await viewer(browser, ready.show_url), await viewer(browser, ready.show_url)];
  await openCheckout(buyer, /Ridge mugs/);
  await fillIn(buyer, "4242424242424242");
  const total = (await pay(buyer).textContent())?.replace(/[^\d.,]/g, "");
  await pay(buyer).click();
  await expect(paid(buyer)).toBeVisible();
  await expect(other.getByRole("log").getByText(/bought/)).toBeVisible();
  const { items } = await merchant.get<{ items: { id: string; total: { minor: number } }[] }>("/v1/admin/orders");
  expect(((items[0]?.total.minor ?? 0) / 100).toFixed(2)).toBe(total);
});

test("a card that is declined charges nothing and keeps the pieces; another card buys", async ({ browser, ready }) => {
  const page = await viewer(browser, ready.show_url);
  await openCheckout(page, /Ridge mugs/);
  await fillIn(page, "4000000000000002");
  await pay(page).click();
  await expect(page.getByRole("alert").getByText("Your bank said no to this card")).toBeVisible();
  await fillInCard(page, "4242424242424242");
  await pay(page).click();
  await expect(paid(page)).toBeVisible();
});

test("a card without enough money says so, charges nothing, and keeps the pieces", async ({ browser, ready, merchant }) => {
  const { totals: before } = await merchant.get<{ totals: { count: number } }>("/v1/admin/orders");
  const page = await viewer(browser, ready.show_url);
  await openCheckout(page, /Ridge mugs/);
  await fillIn(page, "4000000000009995");
  await pay(page).click();
  await expect(page.getByRole("alert").getByText("There is not enough money on this card")).toBeVisible();
  await expect(page.getByText("Held for you")).toBeVisible();
  const { totals: after } = await merchant.get<{ totals: { count: number } }>("/v1/admin/orders");
  expect(after.count).toBe(before.count);
});

test("a reload in the middle of a checkout goes on with the same hold", async ({ browser, ready }) => {
  const page = await viewer(browser, ready.show_url);
  await openCheckout(page, /Ridge mugs/);
  const holds = async (): Promise<string | undefined> =>
    page.evaluate(() => Object.entries(localStorage).find(([key]) => key.endsWith(":checkout"))?.[1]);
  const held = await holds();
  expect(held).toMatch(/^chk_/);
  await page.reload();
  await page.getByRole("button", { name: "Bag, 1 item" }).first().click();
  await expect(page.getByRole("dialog").getByText("Held for you")).toBeVisible();
  await page.getByRole("dialog").getByRole("button", { name: /^(Check out|Continue to pay)/ }).click();
  await fillIn(page, "4242424242424242");
  expect(await holds(), "the same checkout").toBe(held);
  await pay(page).click();
  await expect(paid(page)).toBeVisible();
});

test("a bank that asks is answered inside the picture", async ({ browser, ready }) => {
  const page = await viewer(browser, ready.show_url);
  await openCheckout(page, /Ridge mugs/);
  await fillIn(page, "4000000000003220");
  await pay(page).click();
  await page.getByRole("button", { name: "Yes, it’s me" }).click();
  await expect(paid(page)).toBeVisible();
});

test("a bank that is told no charges nothing", async ({ browser, ready }) => {
  const page = await viewer(browser, ready.show_url);
  await openCheckout(page, /Ridge mugs/);
  await fillIn(page, "4000000000003220");
  await pay(page).click();
  await page.getByRole("dialog").getByRole("button", { name: "No", exact: true }).click();
  await expect(page.getByRole("alert").getByText("Nothing was charged", { exact: false })).toBeVisible();
  await fillInCard(page, "4242424242424242");
  await pay(page).click();
  await expect(paid(page)).toBeVisible();
});

for (const [name, card] of [
  ["late", "4000000000000077"],
  ["twice", "4000000000000036"],
  ["out of order", "4000000000000044"],
] as const) {
  test(`a provider that answers ${name} makes one order`, async ({ browser, ready, merchant }) => {
    const count = async () =>
      (await merchant.get<{ totals: { count: number } }>("/v1/admin/orders")).totals.count;
    const before = await count();
    const page = await viewer(browser, ready.show_url);
    await openCheckout(page, /Cone filters/);
    await fillIn(page, card);
    await pay(page).click();
    await expect(paid(page)).toBeVisible({ timeout: 30_000 });
    expect(await count()).toBe(before + 1);
  });
}

test("a purchase needs nothing but a keyboard", async ({ browser, ready }) => {
  const page = await viewer(browser, ready.show_url);
  const press = async (until: (label: string) => boolean, key = "Tab"): Promise<void> => {
    for (let step = 0; step < 80; step++) {
      await page.keyboard.press(key);
      const label = await page.evaluate(() => {
        let active: Element | null = document.activeElement;
        while (active?.shadowRoot?.activeElement) active = active.shadowRoot.activeElement;
        const named = active as HTMLElement | null;
        const label = named?.getAttribute("aria-label") ?? (named as HTMLInputElement | null)?.labels?.[0]?.textContent;
        return label ?? named?.textContent ?? "";
      });
      if (until(label.trim())) return;
    }
    throw new Error("the keyboard does not get there");
  };
  await press((label) => /See all|Products/.test(label));
  await page.keyboard.press("Enter");
  await press((label) => /Cone filters/.test(label));
  await page.keyboard.press("Enter");
  await press((label) => label.startsWith("Buy now"));
  await page.keyboard.press("Enter");
  await expect(page.getByText("Held for you")).toBeVisible();
  const fields: [RegExp, string][] = [
    [/^Name/, "Ana Ruiz"],
    [/^E-mail/, "ana@example.com"],
    [/^Street/, "Bergstraße 14"],
    [/^Postcode/, "20095"],
    [/^City/, "Hamburg"],
    [/^Card number/, "4242424242424242"],
    [/^Valid until/, "1230"],
    [/^Security code/, "123"],
  ];
  for (const [name, text] of fields) {
    await press((label) => name.test(label));
    await page.keyboard.type(text);
  }
  await press((label) => label.startsWith("Pay"));
  await page.keyboard.press("Enter");
  await expect(paid(page)).toBeVisible();
});

test("a bag outlives a reload", async ({ browser, ready }) => {
  const page = await viewer(browser, ready.show_url);
  await openProduct(page, /Cone filters/);
  await page.getByRole("dialog").getByRole("button", { name: "Add to bag" }).click();
  await expect(page.getByRole("button", { name: "Bag, 1 item" }).first()).toBeVisible();
  await page.reload();
  await expect(page.getByRole("button", { name: "Bag, 1 item" }).first()).toBeVisible();
});
