// A merchant over the public API, for what a test arranges rather than tests.

import type { APIRequestContext } from "@playwright/test";

import type { Ready } from "./stack.ts";

export interface Cue {
  id: string;
  kind: string;
  state: string;
  product?: { id: string; title: string };
}

export interface NewShow {
  id: string;
  key: string;
  url: string;
}

export class Merchant {
  readonly #request: APIRequestContext;
  readonly #ready: Ready;

  private constructor(request: APIRequestContext, ready: Ready) {
    this.#request = request;
    this.#ready = ready;
  }

  /** Signs in as the owner. */
  static async signIn(request: APIRequestContext, ready: Ready): Promise<Merchant> {
    const merchant = new Merchant(request, ready);
    await merchant.post("/v1/auth/sign-in", ready.owner);
    return merchant;
  }

  async get<T>(path: string): Promise<T> {
    const response = await this.#request.get(this.#ready.api_url + path);
    if (!response.ok()) throw new Error(`${path}: ${response.status()} ${await response.text()}`);
    return (await response.json()) as T;
  }

  /** Changes something under its version, as an editor does that has read it before. */
  async patch<T>(path: string, data: unknown): Promise<T> {
    const url = this.#ready.api_url + path;
    const etag = (await this.#request.get(url)).headers()["etag"] ?? "";
    const response = await this.#request.patch(url, { data, headers: { origin: this.#ready.api_url, "if-match": etag } });
    if (!response.ok()) throw new Error(`${path}: ${response.status()} ${await response.text()}`);
    return (await response.json()) as T;
  }

  /** What a browser needs to be signed in as this merchant. */
  async signedIn(): Promise<Awaited<ReturnType<APIRequestContext["storageState"]>>> {
    return this.#request.storageState();
  }

  async post<T>(path: string, data: unknown = {}): Promise<T> {
    const response = await this.#request.post(this.#ready.api_url + path, {
      data,
      headers: { origin: this.#ready.api_url, "idempotency-key": crypto.randomUUID() },
    });
    if (!response.ok()) throw new Error(`${path}: ${response.status()} ${await response.text()}`);
    const text = await response.text();
    return (text === "" ? undefined : JSON.parse(text)) as T;
  }

  /** A published show with these products in its run, and the key to publish its picture with. */
  async newShow(title: string, productIds: string[]): Promise<NewShow> {
    const { id } = await this.post<{ id: string }>("/v1/admin/shows", {
      title,
      starts_at: new Date(Date.now() + 3_600_000).toISOString(),
      host_name: "Mara",
    });
    for (const product_id of productIds) await this.post(`/v1/admin/shows/${id}/cues`, { kind: "product", product_id });
    await this.post(`/v1/admin/shows/${id}/publish`);
    const { key } = await this.post<{ key: string }>(`/v1/admin/shows/${id}/stream-keys`);
    return { id, key, url: new URL(`/s/${id}`, this.#ready.show_url).href };
  }

  /** The run of show. */
  async cues(show: string): Promise<Cue[]> {
    return (await this.get<{ items: Cue[] }>(`/v1/admin/shows/${show}/cues`)).items;
  }

  /** Holds a product up; gives the moment of its frame, in UTC milliseconds. */
  async pin(show: string, productId: string): Promise<number> {
    const { at } = await this.post<{ at: string }>(`/v1/admin/shows/${show}/pin`, { product_id: productId });
    return Date.parse(at);
  }

  /** The first product of the run of show whose title matches. */
  async product(show: string, title: RegExp): Promise<{ id: string; title: string }> {
    const found = (await this.cues(show)).find((cue) => cue.product !== undefined && title.test(cue.product.title));
    if (found?.product === undefined) throw new Error(`no product is called ${title}`);
    return found.product;
  }
}
