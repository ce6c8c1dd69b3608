import { useCallback, useEffect, useRef, useState } from 'react';
import { call, Problem } from '../../api/http';
import { queryClient } from '../../api/queries';
import type { Show, ShowEdit } from '../../api/types';
import type { Versioned } from '../../api/queries';

const PAUSE_MS = 700;

export type Saving =
  | { state: 'clean' }
  | { state: 'saving' }
  | { state: 'saved'; at: Date }
  | { state: 'failed'; problem: unknown }
  /** Somebody else saved first; `theirs` is what the server has now. */
  | { state: 'conflict'; theirs: Versioned<Show> };

export interface Autosave {
  saving: Saving;
  edit: (change: ShowEdit) => void;
  /** Sends what waits, at once. Resolves false when it could not be saved. */
  flush: () => Promise<boolean>;
  /** After a conflict: saves mine over theirs, or takes theirs. */
  keepMine: () => void;
  takeTheirs: () => void;
}

/** Later fields win; settings are merged one by one. */
export function mergeEdits(first: ShowEdit, second: ShowEdit): ShowEdit {
  const settings = first.settings || second.settings ? { settings: { ...first.settings, ...second.settings } } : {};
  return { ...first, ...second, ...settings };
}

/** Saves a show as it is typed: one request at a time, always based on the version last seen. */
export function useAutosave(answer: Versioned<Show> | undefined, onTheirs: (show: Show) => void): Autosave {
  const id = answer?.value.id;
  const [saving, setSaving] = useState<Saving>({ state: 'clean' });
  const etag = useRef(answer?.etag);
  const waiting = useRef<ShowEdit | null>(null);
  const running = useRef<Promise<boolean> | null>(null);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  etag.current ??= answer?.etag;

  const send = useCallback(async (): Promise<boolean> => {
    const change = waiting.current;
    if (!change || !id) return true;
    waiting.current = null;
    setSaving({ state: 'saving' });
    try {
      const saved = await call<Show>('PATCH', `/v1/admin/shows/${id}`, { body: change, ifMatch: etag.current });
      etag.current = saved.etag;
      queryClient.setQueryData(['show', id], saved);
      void queryClient.invalidateQueries({ queryKey: ['shows'] });
      setSaving({ state: 'saved', at: new Date() });
      return true;
    } catch (problem) {
      waiting.current = mergeEdits(change, waiting.current ?? {});
      if (problem instanceof Problem && problem.status === 412)
        setSaving({ state: 'conflict', theirs: await call<Show>('GET', `/v1/admin/shows/${id}`) });
      else setSaving({ state: 'failed', problem });
      return false;
    }
  }, [id]);

  const flush = useCallback(async (): Promise<boolean> => {
    clearTimeout(timer.current);
    while (running.current) await running.current;
    running.current = send();
    const saved = await running.current;
    running.current = null;
    return saved;
  }, [send]);

  useEffect(() => () => void flush(), [flush]);

  const edit = (change: ShowEdit): void => {
    waiting.current = mergeEdits(waiting.current ?? {}, change);
    clearTimeout(timer.current);
    timer.current = setTimeout(() => void flush(), PAUSE_MS);
  };

  const settle = (mine: boolean): void => {
    if (saving.state !== 'conflict') return;
    etag.current = saving.theirs.etag;
    queryClient.setQueryData(['show', id], saving.theirs);
    if (mine) void flush();
    else {
      waiting.current = null;
      onTheirs(saving.theirs.value);
      setSaving({ state: 'clean' });
    }
  };
  return { saving, edit, flush, keepMine: () => settle(true), takeTheirs: () => settle(false) };
}
