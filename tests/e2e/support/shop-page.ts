// A foreign shop: a page on an origin of its own that embeds the player, under the policy that such a page needs and
// not a word more.

import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

export interface ShopPage {
  /** What the shop lists. */
  origin: string;
  url(show: string): string;
  /** A page that puts another page into a frame. */
  frameUrl(address: string): string;
  close(): Promise<void>;
}

/** Serves the page; `live` is the origin of player, API and media, `provider` the payment provider's. */
export async function openShopPage(live: string, provider: string): Promise<ShopPage> {
  const policy = [
    "default-src 'none'",
    "style-src 'self'",
    `script-src ${live}`,
    `connect-src ${live} ${live.replace(/^http/, "ws")} ${provider}`,
    `img-src ${live}`,
    `media-src ${live} blob:`,
    "base-uri 'none'",
    "form-action 'none'",
  ].join("; ");
  const server = createServer((request, response) => {
    const { pathname, searchParams } = new URL(request.url ?? "/", "http://shop.test");
    if (pathname === "/shop.css") {
      response.setHeader("content-type", "text/css");
      response.end("body { margin: 0 } showfloor-show { width: 100%; height: 100dvh }");
      return;
    }
    if (pathname === "/frame") {
      response.setHeader("content-type", "text/html; charset=utf-8");
      const address = new URL(searchParams.get("address") ?? "", live).href.replaceAll(/["&<>]/g, encodeURIComponent);
      response.end(`<!doctype html><html lang="en"><title>Nordlicht</title><iframe src="${address}"></iframe></html>`);
      return;
    }
    const show = /^shw_[0-9a-z]+$/.exec(searchParams.get("show") ?? "")?.[0];
    if (pathname !== "/" || show === undefined) {
      response.statusCode = 404;
      response.end();
      return;
    }
    response.setHeader("content-type", "text/html; charset=utf-8");
    response.setHeader("content-security-policy", policy);
    response.end(
      `<!doctype html><html lang="en"><title>Nordlicht</title><link rel="stylesheet" href="/shop.css">` +
        `<script type="module" src="${live}/player/showfloor-show.js"></script>` +
        `<h1>Coffee</h1><showfloor-show show="${show}" api="${live}" locale="en"></showfloor-show></html>`,
    );
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    origin,
    frameUrl: (address) => `${origin}/frame?address=${encodeURIComponent(address)}`,
    url: (show) => `${origin}/?show=${show}`,
    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}
