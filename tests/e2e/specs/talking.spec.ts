import { expect, line, say, test, viewer } from "../support/test.ts";

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
