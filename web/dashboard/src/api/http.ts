/** One field of a request that was refused: where it is (JSON pointer) and what is wrong with it. */
export interface FieldProblem {
  pointer: string;
  detail: string;
}

interface ProblemBody {
  type?: string;
  title?: string;
  status?: number;
  detail?: string;
  next?: string;
  errors?: FieldProblem[];
  retry_after_s?: number;
}

/** A refused or failed call, as RFC 9457 tells it: what happened, and what to do next. */
export class Problem extends Error {
  /** Last part of the problem's type, such as `confirm-password`; `offline` when no answer came. */
  readonly slug: string;
  readonly status: number;
  readonly next: string;
  readonly errors: FieldProblem[];
  readonly retryAfterS: number | undefined;

  constructor(status: number, body: ProblemBody) {
    super(body.detail ?? body.title ?? `The server answered ${status}.`);
    this.slug = body.type?.split('/').pop() ?? '';
    this.status = status;
    this.next = body.next ?? '';
    this.errors = body.errors ?? [];
    this.retryAfterS = body.retry_after_s;
  }

  /** Both sentences, for a notice or a toast. */
  get sentence(): string {
    return this.next ? `${this.message} ${this.next}` : this.message;
  }

  /** The complaint about one field, found by the end of its pointer. */
  field(name: string): string | undefined {
    return this.errors.find((error) => error.pointer.endsWith(`/${name}`))?.detail;
  }
}

/** Anything that can be thrown, as a sentence a person can read. */
export function sentenceOf(error: unknown): string {
  if (error instanceof Problem) return error.sentence;
  return 'Something unexpected happened in this page. Load it again; nothing was lost on the server.';
}

export interface CallOptions {
  body?: unknown;
  /** Sent as it is, with its own content type: a picture. */
  raw?: Blob;
  /** The ETag that the edited thing had when it was read. */
  ifMatch?: string | undefined;
  /** Names one intention, so that a repeat of it spends nothing twice. */
  idempotencyKey?: string;
  signal?: AbortSignal;
}

export interface Answer<T> {
  value: T;
  etag: string | undefined;
}

type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

const signedOutListeners = new Set<() => void>();

/** Calls back whenever the server says that the session is over. */
export function onSignedOut(listener: () => void): () => void {
  signedOutListeners.add(listener);
  return () => signedOutListeners.delete(listener);
}

/** Calls the API on this host with the session's cookie. Throws `Problem`, and nothing else. */
export async function call<T>(method: Method, path: string, options: CallOptions = {}): Promise<Answer<T>> {
  const headers = new Headers({ Accept: 'application/json' });
  let body: BodyInit | null = null;
  if (options.raw) {
    headers.set('Content-Type', options.raw.type);
    body = options.raw;
  } else if (method !== 'GET') {
    headers.set('Content-Type', 'application/json');
    if (options.body !== undefined) body = JSON.stringify(options.body);
  }
  if (options.ifMatch) headers.set('If-Match', options.ifMatch);
  if (options.idempotencyKey) headers.set('Idempotency-Key', options.idempotencyKey);

  let response: Response;
  try {
    response = await fetch(path, { method, headers, body, credentials: 'same-origin', signal: options.signal ?? null });
  } catch (cause) {
    if (cause instanceof DOMException && cause.name === 'AbortError') throw cause;
    throw new Problem(0, {
      type: 'offline',
      detail: 'The server could not be reached.',
      next: 'Nothing was sent. Try again when you are online.',
    });
  }
  if (!response.ok) {
    const problem = new Problem(response.status, await readJson<ProblemBody>(response, {}));
    if (response.status === 401 && !path.startsWith('/v1/auth/')) for (const listener of signedOutListeners) listener();
    throw problem;
  }
  const value = response.status === 204 ? (undefined as T) : await readJson<T>(response, undefined as T);
  return { value, etag: response.headers.get('ETag') ?? undefined };
}

async function readJson<T>(response: Response, otherwise: T): Promise<T> {
  try {
    return (await response.json()) as T;
  } catch {
    return otherwise;
  }
}

export const get = async <T>(path: string, signal?: AbortSignal): Promise<T> =>
  (await call<T>('GET', path, signal ? { signal } : {})).value;

export const post = async <T>(path: string, body: unknown = {}, idempotencyKey?: string): Promise<T> =>
  (await call<T>('POST', path, idempotencyKey ? { body, idempotencyKey } : { body })).value;

/** Query string of what is set; empty values are left out. */
export function queryOf(values: Record<string, string | number | undefined | null>): string {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(values)) {
    if (value !== undefined && value !== null && value !== '') query.set(name, String(value));
  }
  const text = query.toString();
  return text ? `?${text}` : '';
}
