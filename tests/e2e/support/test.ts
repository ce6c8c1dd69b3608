// The tests' own fixtures: one stack for each file, a merchant, and viewers.

import { test as base, expect, type Browser, type BrowserContextOptions, type Page } from "@playwright/test";

import { Merchant } from "./merchant.ts";
import { startStack, type Ready, type Stack } from "./stack.ts";

interface Workers {
  stack: Stack;
  /** Signed in once: an account may not sign in as often as there are tests. */
  merchant: Merchant;
}

interface Fixtures {
  ready: Ready;
  /** What went wrong in a page without anybody seeing it; a test ends with none. */
  faults: string[];
}

const faultsOf = new WeakMap<Browser, string[]>();

export const test = base.extend<Fixtures, Workers>({
  stack: [
    async ({}, use) => {
      const stack = await startStack({ silent: true });
      await use(stack);
      expect(await stack.stop(), "Ctrl-C ends it in good order").toBe(0);
    },
    { scope: "worker", timeout: 120_000 },
  ],
  merchant: [
    async ({ playwright, stack }, use) => {
      const request = await playwright.request.newContext();
      await use(await Merchant.signIn(request, stack.ready));
      await request.dispose();
    },
    { scope: "worker" },
  ],
  ready: async ({ stack }, use) => use(stack.ready),
  faults: [
    async ({ browser }, use) => {
      const faults: string[] = [];
      faultsOf.set(browser, faults);
      await use(faults);
      await Promise.all(browser.contexts().map((context) => context.close()));
      expect(faults, "no page errors, no policy violations, no dialogs").toEqual([]);
    },
    { auto: true },
  ],
});

export { expect };

/** A viewer of their own: another browser context, another device. */
export async function viewer(browser: Browser, url: string, options: BrowserContextOptions = {}): Promise<Page> {
  const context = await browser.newContext({ viewport: PHONE, ...options });
  const page = await context.newPage();
  watchForFaults(page);
  await page.goto(url);
  return page;
}

/** Collects what a viewer would never see: page errors, policy violations, and dialogs nobody asked for. */
export function watchForFaults(page: Page): void {
  const browser = page.context().browser();
  const note = (fault: string): void => void (browser && faultsOf.get(browser)?.push(fault));
  page.on("pageerror", (error) => note(error.stack ?? error.message));
  page.on("dialog", (dialog) => {
    note(`a dialog: ${dialog.message()}`);
    void dialog.dismiss();
  });
  page.on("console", (message) => {
    if (/Content Security Policy|Trusted Type/i.test(message.text())) note(message.text());
  });
}

/** Says something in the chat of the watch page. */
export async function say(page: Page, text: string): Promise<void> {
  const field = page.getByRole("textbox", { name: "Message" });
  await field.fill(text);
  await field.press("Enter");
}

/** The line of the chat that holds this text. */
export const line = (page: Page, text: string) => page.getByRole("log").getByRole("listitem").filter({ hasText: text });

export const PHONE = { width: 390, height: 844 };
export const DESK = { width: 1440, height: 900 };

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
