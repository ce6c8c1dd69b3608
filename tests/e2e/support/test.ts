// The tests' own fixtures: one stack for each file, a merchant, and viewers.

import { test as base, expect, type Browser, type Page } from "@playwright/test";

import { Merchant } from "./merchant.ts";
import { startStack, type Ready, type Stack } from "./stack.ts";

interface Workers {
  stack: Stack;
}

interface Fixtures {
  ready: Ready;
  merchant: Merchant;
}

export const test = base.extend<Fixtures, Workers>({
  stack: [
    async ({}, use) => {
      const stack = await startStack({ silent: true });
      await use(stack);
      expect(await stack.stop(), "Ctrl-C ends it in good order").toBe(0);
    },
    { scope: "worker", timeout: 120_000 },
  ],
  ready: async ({ stack }, use) => use(stack.ready),
  merchant: async ({ request, ready }, use) => use(await Merchant.signIn(request, ready)),
});

export { expect };

/** A viewer of their own: another browser context, another device. */
export async function viewer(browser: Browser, url: string): Promise<Page> {
  const context = await browser.newContext({ viewport: { width: 390, height: 844 } });
  const page = await context.newPage();
  watchForFaults(page);
  await page.goto(url);
  return page;
}

/** Makes a test fail on what a viewer would never see: page errors and policy violations. */
export function watchForFaults(page: Page): void {
  page.on("pageerror", (error) => {
    throw error;
  });
  page.on("console", (message) => {
    if (/Content Security Policy|Trusted Type/i.test(message.text())) throw new Error(message.text());
  });
}

/** The player element. */
export const player = (page: Page) => page.locator("showfloor-show");

/** Waits until the show is on air in this page, with a picture that moves. */
export async function whenLive(page: Page): Promise<void> {
  await expect(player(page)).toHaveAttribute("state", "live", { timeout: 30_000 });
  await page.waitForFunction(
    () => (document.querySelector("showfloor-show")?.shadowRoot?.querySelector("video")?.currentTime ?? 0) > 0,
    undefined,
    { timeout: 30_000 },
  );
}
