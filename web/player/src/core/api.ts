import type { Problem, ViewerToken } from '@showfloor/api-client/http';
import type { Keep } from './keep.ts';

/** An address the player may talk to: https, or http on this very machine (or the page's own origin). */
export function allowedUrl(url: string, base?: string): URL | null {
  try {
    const parsed = new URL(url, base);
    const loopback = /^(localhost|127\.0\.0\.1|\[::1\])$/.test(parsed.hostname);
    const own = globalThis.location?.origin === parsed.origin;
    const safe = parsed.protocol === 'https:' || (parsed.protocol === 'http:' && (loopback || own));
    return safe && !parsed.username && !parsed.password ? parsed : null;
  } catch {
    return null;
  }
}

/** The origin of `api`, or of the page where none is given; null if it is not one to talk to. */
export function apiOrigin(attribute: string | null, page: string): string | null {
  return allowedUrl(attribute?.trim() || page, page)?.origin ?? null;
}

/** An answer that is not a success, or none at all (`status` 0). */
export class ApiError extends Error {
  constructor(
    readonly status: number,
    readonly problem: Partial<Problem>,
  ) {
    super(problem.title ?? `HTTP ${status}`);
  }

  /** The stable last part of the problem's type, such as `sold-out`. */
  get slug(): string {
    return (
      String(this.problem.type ?? '')
        .split('/')
        .pop() ?? ''
    );
  }
}

export interface Ask {
  method?: string;
  body?: unknown;
  headers?: Record<string, string>;
  signal?: AbortSignal;
}

const ANSWER_WITHIN_MS = 20_000;

export async function ask<T>(url: URL | string, { method = 'GET', body, headers = {}, signal }: Ask = {}): Promise<T> {
  let answer: Response;
  let parsed: unknown;
  try {
    const limit = AbortSignal.timeout(ANSWER_WITHIN_MS);
    answer = await fetch(url, {
      method,
      headers: {
        accept: 'application/json',
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      // Tokens travel in headers; nothing here reads or sets a cookie.
      credentials: 'omit',
      signal: signal ? AbortSignal.any([signal, limit]) : limit,
    });
    const text = await answer.text();
    parsed = text ? JSON.parse(text) : null;
  } catch (cause) {
    throw new ApiError(0, { title: String(cause) });
  }
  if (!answer.ok)
    throw new ApiError(answer.status, typeof parsed === 'object' && parsed ? (parsed as Partial<Problem>) : {});
  return parsed as T;
}

/** Random bytes as base64url. */
export function secret(bytes = 24): string {
  return btoa(String.fromCharCode(...crypto.getRandomValues(new Uint8Array(bytes))))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replaceAll('=', '');
}

/** Renew this long before the end. */
export const RENEW_BEFORE_MS = 90_000;

/** The viewer's token: made when first needed, renewed before it runs out, remade with the device's secret. */
export class Session {
  #token: { value: string; until: number } | null = null;
  #under: Promise<string> | null = null;
  readonly #device: string;

  constructor(
    readonly origin: string,
    readonly showId: string,
    readonly keep: Keep,
    /** A token from the page; used as it is, for as long as it is accepted. */
    readonly given: string | null,
    readonly now: () => number = Date.now,
  ) {
    this.#device = keep.get('device') ?? secret();
    keep.set('device', this.#device);
  }

  url(path: string): URL {
    const url = allowedUrl(path, this.origin);
    if (!url) throw new ApiError(0, { title: 'address refused' });
    return url;
  }

  /** When the token must be renewed (local ms); null while there is none, or when it came from the page. */
  get renewAt(): number | null {
    return this.#token && this.#token.until - RENEW_BEFORE_MS;
  }

  token = (fresh = false): Promise<string> => {
    if (this.given) return Promise.resolve(this.given);
    if (!fresh && this.#token && this.now() < this.#token.until - RENEW_BEFORE_MS)
      return Promise.resolve(this.#token.value);
    this.#under ??= this.#renew().finally(() => (this.#under = null));
    return this.#under;
  };

  async #renew(): Promise<string> {
    const old = this.#token?.value;
    const path = `/v1/shows/${encodeURIComponent(this.showId)}/viewer-tokens`;
    const request = { method: 'POST', body: { device_secret: this.#device } };
    const asked = this.now();
    let answer: ViewerToken;
    try {
      answer = await ask(this.url(path), old ? { ...request, headers: { authorization: `Bearer ${old}` } } : request);
    } catch (error) {
      // Too old to renew: the device's secret alone gets a new one.
      if (!old || !(error instanceof ApiError) || error.status !== 401) throw error;
      answer = await ask(this.url(path), request);
    }
    this.#token = { value: answer.token, until: asked + lifeMs(answer.token) };
    return answer.token;
  }

  /** A request in the viewer's name; tries once more with a new token if the old one is refused. */
  async ask<T>(path: string, request: Ask = {}): Promise<T> {
    const send = async (fresh: boolean): Promise<T> =>
      ask<T>(this.url(path), {
        ...request,
        headers: { ...request.headers, authorization: `Bearer ${await this.token(fresh)}` },
      });
    try {
      return await send(false);
    } catch (error) {
      if (!(error instanceof ApiError) || error.status !== 401 || this.given) throw error;
      return send(true);
    }
  }
}

/** How long a token lives by its own claims (ms); the local clock may be wrong, the difference is not. */
function lifeMs(token: string): number {
  try {
    const claims = JSON.parse(atob((token.split('.')[1] ?? '').replaceAll('-', '+').replaceAll('_', '/'))) as Record<
      string,
      unknown
    >;
    const life = (Number(claims['exp']) - Number(claims['iat'])) * 1000;
    return life > 0 && life < 86_400_000 ? life : 600_000;
  } catch {
    return 600_000;
  }
}
