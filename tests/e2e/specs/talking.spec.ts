import { expect, test, viewer } from "../support/test.ts";
import type { Page } from "@playwright/test";

async function say(page: Page, text: string): Promise<void> {
  const field = page.getByRole("textbox", { name: "Message" });
  await field.fill(text);
  await field.press("Enter");
}

const line = (page: Page, text: string) => page.getByRole("log").getByText(text, { exact: true });

test("two browsers talk to each other", async ({ browser, ready }) => {
  const [ines, noor] = [await viewer(browser, ready.show_url), await viewer(browser, ready.show_url)];
  await say(ines, "Does it come in blue?");
  await expect(line(noor, "Does it come in blue?")).toBeVisible();
  await say(noor, "It does");
  await expect(line(ines, "It does")).toBeVisible();
});

test("what was said while away is there on return, once", async ({ browser, ready }) => {
  const [away, here] = [await viewer(browser, ready.show_url), await viewer(browser, ready.show_url)];
  await say(here, "Before you left");
  await expect(line(away, "Before you left")).toBeVisible();
  await away.context().setOffline(true);
  await say(here, "While you were gone");
  await expect(line(here, "While you were gone")).toBeVisible();
  await away.context().setOffline(false);
  await expect(line(away, "While you were gone")).toBeVisible({ timeout: 30_000 });
  await expect(line(away, "Before you left")).toHaveCount(1);
  await away.reload();
  await expect(line(away, "While you were gone")).toHaveCount(1);
});

test("markup in a message is text and nothing else", async ({ browser, ready }) => {
  const [writer, reader] = [await viewer(browser, ready.show_url), await viewer(browser, ready.show_url)];
  reader.on("dialog", () => {
    throw new Error("a message opened a dialog");
  });
  const payloads = ['<img src=x onerror="alert(1)">', "<script>alert(1)</script>", "<svg/onload=alert(1)>", "${alert(1)}"];
  for (const payload of payloads) {
    await say(writer, payload);
    await expect(line(reader, payload)).toBeVisible();
  }
  const injected = await reader.evaluate(
    () => document.querySelector("showfloor-show")?.shadowRoot?.querySelectorAll('[role="log"] img, [role="log"] script').length,
  );
  expect(injected).toBe(0);
});
