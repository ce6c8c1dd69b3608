import type { components } from './generated/api.ts';

/** The shapes of the API's document, by name. */
export type Schemas = components['schemas'];

/**
 * A shape as the server tells it. What it does not have it leaves out, where the document can only say "optional, or
 * null"; what it must tell it may tell as null (`next_cursor`). Requests are not told but asked: they need no `Told`.
 */
export type Told<T> = T extends readonly (infer Item)[]
  ? Told<Item>[]
  : T extends object
    ? { [K in keyof T]: object extends Pick<T, K> ? Exclude<Told<T[K]>, null> : Told<T[K]> }
    : T;
