// What a buyer does in the player, from the product to the paid order.

import { expect, type Page } from "@playwright/test";

/** Opens a product's sheet from the list of all. */
export async function openProduct(page: Page, title: RegExp): Promise<void> {
  await page.getByRole("button", { name: /See all|Products/ }).first().click();
  await page.getByRole("button", { name: title }).first().click();
}

/** Opens a product from the list of all, and takes it to the checkout. */
export async function openCheckout(page: Page, title: RegExp): Promise<void> {
  await openProduct(page, title);
  await page.getByRole("dialog").getByRole("button", { name: "Buy now" }).click();
  await expect(page.getByText("Held for you")).toBeVisible();
}

export async function fillIn(page: Page, card: string): Promise<void> {
  await page.getByLabel("Name", { exact: true }).fill("Ana Ruiz");
  await page.getByLabel("E-mail").fill("ana@example.com");
  await page.getByLabel("Street and number").fill("Bergstraße 14");
  await page.getByLabel("Postcode").fill("20095");
  await page.getByLabel("City").fill("Hamburg");
  await fillInCard(page, card);
}

export async function fillInCard(page: Page, card: string): Promise<void> {
  await page.getByLabel("Card number").fill(card);
  await page.getByLabel("Valid until").fill("12 / 30");
  await page.getByLabel("Security code").fill("123");
}

export const pay = (page: Page) => page.getByRole("button", { name: /^Pay/ });
export const paid = (page: Page) => page.getByText("It’s yours, Ana.");
