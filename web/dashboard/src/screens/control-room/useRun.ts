import type { ServerMessage } from '@showfloor/api-client';
import { useQuery } from '@tanstack/react-query';
import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import { call, post } from '../../api/http';
import { cues as cuesQuery, queryClient } from '../../api/queries';
import type { Cue, Cues, NewCue } from '../../api/types';
import { toast, toastFailure } from '../../ui/toast';
import { cueTitle, moved, needsArming, runOf } from './cue-words';

export const ARM_MS = 5_000;
/** Stock and prices may change many times a second; the list is read again at most this often. */
const REREAD_MS = 1_000;

export interface Armed {
  cue: Cue;
  firesAt: number;
}

export interface Run {
  loaded: boolean;
  cues: Cue[];
  done: Cue[];
  onScreen: Cue[];
  planned: Cue[];
  /** What is pinned: a cue, or a product pinned by hand that no cue stands for. */
  pinned: Cue | undefined;
  /** Cues whose start was sent and is not in the room yet. */
  sending: ReadonlySet<string>;
  armed: Armed | null;
  selected: Cue | undefined;
  select: (id: string | undefined) => void;
  /** Starts a cue; a sale is armed first. */
  start: (cue: Cue) => void;
  cancelArmed: () => void;
  unpin: () => Promise<void>;
  stop: (cue: Cue) => Promise<void>;
  move: (cue: Cue, by: number) => void;
  add: (cue: NewCue) => Promise<void>;
  remove: (cue: Cue) => Promise<void>;
  /** To be told what the room said: pins, stock and prices make the list stale. */
  heard: (messages: ServerMessage[]) => void;
}

/** The pin of a run. One made by hand borrows its product from any cue that shows it. */
export function pinnedIn(run: Cues | undefined): Cue | undefined {
  const id = run?.pinned_product_id;
  const cue = run?.items.find((candidate) => candidate.kind === 'product' && candidate.state === 'on_screen');
  if (cue || !run || !id) return cue;
  const product = run.items.find((candidate) => candidate.product?.id === id)?.product;
  return (
    product && {
      id: `pinned-${id}`,
      kind: 'product',
      state: 'on_screen',
      position: -1,
      title: product.title,
      product,
      live_prices: [],
    }
  );
}

/** The run of show: what is planned, what is on screen, and the hands on it. */
export function useRun(showId: string, online: boolean): Run {
  const query = useQuery({ ...cuesQuery(showId), refetchInterval: 20_000 });
  const items = useMemo(() => query.data?.items ?? [], [query.data]);
  const parts = useMemo(() => runOf(items), [items]);
  const [sending, setSending] = useState<ReadonlySet<string>>(new Set());
  const [armed, setArmed] = useState<Armed | null>(null);
  const [selectedId, select] = useState<string>();
  const path = `/v1/admin/shows/${showId}`;
  const key = cuesQuery(showId).queryKey;
  const pinned = useMemo(() => pinnedIn(query.data), [query.data]);

  const reread = useMemo(() => {
    let due: ReturnType<typeof setTimeout> | undefined;
    return (): void => {
      due ??= setTimeout(() => {
        due = undefined;
        void queryClient.invalidateQueries({ queryKey: key });
        void queryClient.invalidateQueries({ queryKey: ['product'] });
      }, REREAD_MS);
    };
    // The key is made of the show's id alone.
  }, [showId]);

  const fire = useCallback(
    async (cue: Cue): Promise<void> => {
      const before = pinnedIn(queryClient.getQueryData<Cues>(key));
      setSending((now) => new Set(now).add(cue.id));
      try {
        await post(`${path}/cues/${cue.id}/start`);
        const name = cueTitle(cue);
        if (cue.kind === 'product') {
          toast(`Pinned ${name}`, {
            undo: () =>
              void (before ? post(`${path}/pin`, { product_id: before.product!.id }) : post(`${path}/unpin`))
                .catch((error: unknown) => toastFailure('Not undone', error))
                .then(reread),
          });
        } else if (cue.kind === 'banner') {
          toast('The banner is up', {
            undo: () =>
              void post(`${path}/cues/${cue.id}/stop`)
                .catch((error: unknown) => toastFailure('Not undone', error))
                .then(reread),
          });
        } else toast(`${name} has begun`);
        await queryClient.invalidateQueries({ queryKey: key });
      } catch (error) {
        toastFailure(cue.kind === 'product' ? 'Not pinned' : 'Not started', error, () => void fire(cue));
      }
      setSending((now) => {
        const next = new Set(now);
        next.delete(cue.id);
        return next;
      });
    },
    [showId, reread],
  );

  const onlineNow = useRef(online);
  onlineNow.current = online;
  useEffect(() => {
    if (!armed) return;
    const timer = setTimeout(() => {
      setArmed(null);
      if (onlineNow.current) void fire(armed.cue);
      else toast('Not started: you lost the connection', { tone: 'bad' });
    }, armed.firesAt - Date.now());
    return () => clearTimeout(timer);
  }, [armed, fire]);

  const start = (cue: Cue): void => {
    if (!online || sending.has(cue.id) || armed) return;
    if (needsArming(cue)) setArmed({ cue, firesAt: Date.now() + ARM_MS });
    else void fire(cue);
  };

  const order = async (ids: string[]): Promise<void> => {
    queryClient.setQueryData<Cues>(
      key,
      (now) =>
        now && {
          ...now,
          items: now.items.map((cue) => ({
            ...cue,
            position: ids.includes(cue.id) ? 10_000 + ids.indexOf(cue.id) : cue.position,
          })),
        },
    );
    try {
      await post(`${path}/cues/order`, { cue_ids: [...parts.done, ...parts.onScreen].map(({ id }) => id).concat(ids) });
    } catch (error) {
      toastFailure('Not moved', error);
    }
    await queryClient.invalidateQueries({ queryKey: key });
  };

  const move = (cue: Cue, by: number): void => {
    const before = parts.planned.map(({ id }) => id);
    const after = moved(before, cue.id, by);
    if (!online || after === before) return;
    void order(after);
    toast(`Moved ${cueTitle(cue)} ${by < 0 ? 'up' : 'down'}`, { undo: () => void order(before) });
  };

  const act = async (what: string, action: () => Promise<unknown>): Promise<void> => {
    try {
      await action();
    } catch (error) {
      toastFailure(what, error);
    }
    await queryClient.invalidateQueries({ queryKey: key });
  };

  return {
    loaded: query.data !== undefined,
    cues: items,
    ...parts,
    pinned,
    sending,
    armed,
    selected: parts.planned.find(({ id }) => id === selectedId),
    select,
    start,
    cancelArmed: () => setArmed(null),
    unpin: () => {
      const shown = pinned;
      return act('Not unpinned', async () => {
        await post(`${path}/unpin`);
        const product = shown?.product;
        toast(
          product ? `Unpinned ${product.title}` : 'Unpinned',
          product ? { undo: () => void act('Not pinned', () => post(`${path}/pin`, { product_id: product.id })) } : {},
        );
      });
    },
    stop: (cue) => act('Not stopped', () => post(`${path}/cues/${cue.id}/stop`)),
    move,
    add: async (cue) => {
      await post(`${path}/cues`, cue);
      await queryClient.invalidateQueries({ queryKey: key });
    },
    remove: (cue) => act('Not removed', () => call('DELETE', `${path}/cues/${cue.id}`)),
    heard: (messages) => {
      if (
        messages.some(
          ({ t }) =>
            t === 'pin' ||
            t === 'unpin' ||
            t === 'flash' ||
            t === 'flash_end' ||
            t === 'banner' ||
            t === 'state' ||
            t === 'snapshot',
        )
      )
        void queryClient.invalidateQueries({ queryKey: key });
      if (messages.some(({ t }) => t === 'stock' || t === 'price' || t === 'sold')) reread();
    },
  };
}
