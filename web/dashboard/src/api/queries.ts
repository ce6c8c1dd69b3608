import { QueryClient, queryOptions } from '@tanstack/react-query';
import { call, get, Problem, queryOf, type Answer } from './http';
import type {
  Cues,
  Figures,
  Ingest,
  LedgerEntry,
  Me,
  ModerationEntry,
  Order,
  OrderPage,
  Page,
  Person,
  Product,
  ShopSettings,
  Show,
  StreamKey,
} from './types';

/** One place for keys, so that a change and what it makes stale can't drift apart. */
export const queryClient = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 5_000,
      refetchOnWindowFocus: true,
      retry: (failures, error) =>
        error instanceof Problem && (error.status === 0 || error.status >= 500) && failures < 2,
    },
  },
});

/** A thing with the ETag it was read with, for `If-Match`. */
export type Versioned<T> = Answer<T>;

const read = async <T>(path: string, signal: AbortSignal): Promise<Versioned<T>> => call<T>('GET', path, { signal });

export const me = queryOptions({
  queryKey: ['me'],
  queryFn: ({ signal }) => get<Me>('/v1/me', signal),
  retry: (failures, error) => error instanceof Problem && (error.status === 0 || error.status >= 500) && failures < 3,
  staleTime: 60_000,
});

export const shows = (state?: string, cursor?: string) =>
  queryOptions({
    queryKey: ['shows', state ?? '', cursor ?? ''],
    queryFn: ({ signal }) => get<Page<Show>>(`/v1/admin/shows${queryOf({ state, cursor, limit: 100 })}`, signal),
  });

export const show = (id: string) =>
  queryOptions({ queryKey: ['show', id], queryFn: ({ signal }) => read<Show>(`/v1/admin/shows/${id}`, signal) });

export const cues = (id: string) =>
  queryOptions({ queryKey: ['cues', id], queryFn: ({ signal }) => get<Cues>(`/v1/admin/shows/${id}/cues`, signal) });

export const figures = (id: string) =>
  queryOptions({
    queryKey: ['figures', id],
    queryFn: ({ signal }) => get<Figures>(`/v1/admin/shows/${id}/figures`, signal),
  });

export const ingest = (id: string) =>
  queryOptions({
    queryKey: ['ingest', id],
    queryFn: ({ signal }) => get<Ingest>(`/v1/admin/shows/${id}/ingest`, signal),
  });

export const streamKeys = (id: string) =>
  queryOptions({
    queryKey: ['stream-keys', id],
    queryFn: ({ signal }) => get<{ items: StreamKey[] }>(`/v1/admin/shows/${id}/stream-keys`, signal),
  });

export const moderationLog = (id: string) =>
  queryOptions({
    queryKey: ['moderation-log', id],
    queryFn: ({ signal }) => get<{ items: ModerationEntry[] }>(`/v1/admin/shows/${id}/moderation-log`, signal),
  });

export interface ProductFilter {
  q?: string | undefined;
  tag?: string | undefined;
  cursor?: string | undefined;
}

export const products = (filter: ProductFilter = {}) =>
  queryOptions({
    queryKey: ['products', filter],
    queryFn: ({ signal }) => get<Page<Product>>(`/v1/admin/products${queryOf({ ...filter, limit: 25 })}`, signal),
  });

export const product = (id: string) =>
  queryOptions({
    queryKey: ['product', id],
    queryFn: ({ signal }) => read<Product>(`/v1/admin/products/${id}`, signal),
  });

export const ledger = (id: string, cursor?: string) =>
  queryOptions({
    queryKey: ['ledger', id, cursor ?? ''],
    queryFn: ({ signal }) =>
      get<Page<LedgerEntry>>(`/v1/admin/products/${id}/ledger${queryOf({ cursor, limit: 25 })}`, signal),
  });

export interface OrderFilter {
  state?: string | undefined;
  q?: string | undefined;
  show?: string | undefined;
  cursor?: string | undefined;
}

export const orders = (filter: OrderFilter = {}, limit = 25) =>
  queryOptions({
    queryKey: ['orders', filter, limit],
    queryFn: ({ signal }) => get<OrderPage>(`/v1/admin/orders${queryOf({ ...filter, limit })}`, signal),
  });

export const order = (id: string) =>
  queryOptions({ queryKey: ['order', id], queryFn: ({ signal }) => get<Order>(`/v1/admin/orders/${id}`, signal) });

export const shop = queryOptions({
  queryKey: ['shop'],
  queryFn: ({ signal }) => read<ShopSettings>('/v1/admin/shop', signal),
});

export const people = queryOptions({
  queryKey: ['people'],
  queryFn: ({ signal }) => get<{ items: Person[] }>('/v1/admin/people', signal),
});
