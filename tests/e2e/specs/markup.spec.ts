// Abuse cases R3 and P3: what strangers write is text, wherever it comes up, and settings that a page hands over make
// no request and no style of their own.

import type { Page } from "@playwright/test";

import { asName, PAYLOADS, strangeElements } from "../support/markup.ts";
import { DESK, expect, line, player, test, viewer } from "../support/test.ts";

const nothingStrange = async (page: Page): Promise<void> => expect(await page.evaluate(strangeElements)).toEqual([]);

interface Line {
  name: string;
  text: string;
}

/**
 * Says each text under the name beside it; gives the reasons of all refusals. Each socket says two, because a room takes
 * newcomers only so fast, and two that lie apart, because near ones read like repetitions.
 */
async function sayAll(page: Page, show: string, lines: Line[]): Promise<string[]> {
  return page.evaluate(
    async ({ show, lines }) => {
      const pair = async ([first, second]: (Line | undefined)[]): Promise<string[]> => {
        if (first === undefined || second === undefined) throw new Error("an even number of lines");
        const secret = btoa(String.fromCharCode(...crypto.getRandomValues(new Uint8Array(24))));
        const device_secret = secret.replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
        const answer = await fetch(`/v1/shows/${show}/viewer-tokens`, {
          method: "POST",
          headers: { "content-type": "application/json" },
          body: JSON.stringify({ device_secret }),
        });
        const { token } = (await answer.json()) as { token: string };
        const url = `${location.origin.replace(/^http/, "ws")}/v1/rooms/${show}/socket`;
        const socket = new WebSocket(url, ["showfloor.v1", `token.${token}`]);
        const send = (message: object): void => socket.send(JSON.stringify([message]));
        return new Promise((resolve) => {
          const refusals: string[] = [];
          socket.onopen = () => {
            send({ t: "hello", name: first.name });
            send({ t: "say", ref: "first", text: first.text });
            send({ t: "name", name: second.name });
            send({ t: "say", ref: "second", text: second.text });
          };
          socket.onclose = ({ code }) => resolve([...refusals, `closed ${code}`]);
          socket.onmessage = ({ data }) => {
            for (const { t, ref, reason } of JSON.parse(String(data)) as { t: string; ref?: string; reason?: string }[]) {
              if (t === "refused") refusals.push(`${reason}: ${JSON.stringify([first, second])}`);
              if (ref !== "second") continue;
              socket.onclose = null;
              socket.close();
              resolve(refusals);
            }
          };
        });
      };
      const refusals: string[] = [];
      const half = lines.length / 2;
      for (let at = 0; at < half; at++) refusals.push(...(await pair([lines[at], lines[at + half]])));
      return refusals;
    },
    { show, lines },
  );
}

test("two hundred payloads in every field are text and nothing else", async ({ browser, ready, merchant }) => {
  test.setTimeout(120_000);
  const ids: string[] = [];
  for (let at = 0; at < PAYLOADS.length; at += 4) {
    const [title = "", description = "", option = "", value = ""] = PAYLOADS.slice(at, at + 4);
    const { id } = await merchant.post<{ id: string }>("/v1/admin/products", {
      title,
      description,
      tags: [asName(title)],
      options: [{ name: asName(option), values: [asName(value)] }],
      images: [],
      variants: [
        {
          sku: `MARKUP-${at}`,
          options: { [asName(option)]: asName(value) },
          prices: [{ minor: 500, currency: "EUR" }],
          compare_at: [],
        },
      ],
    });
    ids.push(id);
  }
  const show = await merchant.newShow('<img src=x onerror=alert("show")>', ids);
  const page = await viewer(browser, show.url, { viewport: DESK });
  const room = await viewer(browser, `${ready.dashboard_url}shows/${show.id}/live`, {
    viewport: DESK,
    storageState: await merchant.signedIn(),
  });
  await expect(room.getByRole("list", { name: "Run of show" }).getByRole("listitem")).toHaveCount(ids.length);

  const lines = PAYLOADS.map((text, at) => ({ text, name: asName(PAYLOADS.at(-1 - at) ?? "") }));
  expect(await sayAll(page, show.id, lines), "the room takes them as the words they are").toEqual([]);
  for (const { text } of [lines[0], lines.at(-1)] as { text: string }[]) {
    await expect(line(page, text).first()).toBeAttached();
    await expect(room.getByRole("log").getByRole("listitem").filter({ hasText: text }).first()).toBeAttached();
  }
  const talk = (await page.getByRole("log").textContent()) ?? "";
  for (const { text } of lines) expect(talk).toContain(text);

  for (const text of PAYLOADS) {
    await merchant.post(`/v1/admin/shows/${show.id}/banner`, { text });
    await expect(page.getByText(text, { exact: true }).first()).toBeAttached();
  }
  await nothingStrange(page);

  for (const id of ids) {
    await merchant.post(`/v1/admin/shows/${show.id}/pin`, { product_id: id });
    await expect(player(page)).toHaveAttribute("on-now", id);
  }
  await page.getByRole("region", { name: /In this show/ }).getByRole("button").first().click();
  await expect(page.getByRole("dialog")).toBeVisible();
  await nothingStrange(page);
  await nothingStrange(room);
  await room.goto(`${ready.dashboard_url}products`);
  await expect(room.getByText(PAYLOADS[0] ?? "").first()).toBeVisible();
  await nothingStrange(room);
});

test("no attribute, style or message makes a foreign request or changes what objects are", async ({ browser, ready }) => {
  const own = new URL(ready.show_url).host;
  const context = await browser.newContext();
  const page = await context.newPage();
  const foreign: string[] = [];
  page.on("request", (request) => {
    const { host, protocol } = new URL(request.url());
    if (/^(http|ws)/.test(protocol) && host !== own) foreign.push(request.url());
  });
  await page.routeWebSocket(/\/v1\/rooms\//, (socket) => {
    const server = socket.connectToServer();
    server.onMessage((frame) => {
      socket.send(frame);
      if (!String(frame).includes('"snapshot"')) return;
      for (const t of ["chat", "pin", "banner", "flash", "price", "you", "state", "__proto__", "constructor"]) {
        socket.send(`[{"t":"${t}","offset":9,"at":0,"version":9,"__proto__":{"stained":1},"constructor":{"prototype":{"stained":1}},"product_id":"__proto__","text":{"__proto__":{"stained":1}},"message":{"__proto__":{"stained":1}}}]`);
      }
      socket.send('{"__proto__":{"stained":1}}');
      socket.send("[".repeat(2_000));
    });
  });
  await page.goto(ready.show_url);
  await expect(player(page)).toHaveAttribute("state", "before");
  const stained = await page.evaluate(() => {
    const element = document.querySelector("showfloor-show") as HTMLElement;
    const hosts = ["//x.test", "javascript:alert(1)", "data:text/html,x", "ftp://x.test", "http://x.test", "https://u:p@x.test"];
    for (const host of hosts) {
      for (const name of ["locale", "currency", "layout", "scheme", "mini", "mini-corner", "checkout", "token"]) {
        element.setAttribute(name, host);
      }
      for (const name of ["accent", "on-accent", "font", "radius", "mini-width", "mini-inset"]) {
        element.style.setProperty(`--showfloor-${name}`, `url(${host}/stain)`);
      }
      if (!host.startsWith("//")) element.setAttribute("api", host);
    }
    return "stained" in {} || "stained" in [] || "stained" in (() => undefined);
  });
  expect(stained, "Object.prototype is unchanged").toBe(false);
  await page.evaluate(() => {
    const element = document.querySelector("showfloor-show") as HTMLElement;
    for (const { name } of [...element.attributes]) if (!["show", "style"].includes(name)) element.removeAttribute(name);
  });
  await expect(player(page)).toHaveAttribute("state", "before");
  expect(foreign).toEqual([]);
});
