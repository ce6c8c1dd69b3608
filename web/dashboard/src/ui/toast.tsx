import { useEffect } from 'react';
import { createStore, useStore } from '../lib/store';
import { sentenceOf } from '../api/http';
import { Button } from './Button';
import { Icon } from './Icon';

/** How long a toast, and the way back that it offers, lasts. */
export const UNDO_MS = 10_000;

export interface Toast {
  id: number;
  text: string;
  tone: 'plain' | 'bad';
  action?: { label: string; run: () => void };
}

const current = createStore<Toast | null>(null);
let lastId = 0;

/** Shows one sentence; a newer one takes its place. */
export function toast(
  text: string,
  options: { undo?: () => void; retry?: () => void; tone?: 'plain' | 'bad' } = {},
): void {
  const action = options.undo
    ? { label: 'Undo', run: options.undo }
    : options.retry
      ? { label: 'Try again', run: options.retry }
      : undefined;
  current.set({ id: ++lastId, text, tone: options.tone ?? 'plain', ...(action ? { action } : {}) });
}

/** A failed action, in the words of the answer. */
export function toastFailure(what: string, error: unknown, retry?: () => void): void {
  toast(`${what}: ${lowerFirst(sentenceOf(error))}`, { tone: 'bad', ...(retry ? { retry } : {}) });
}

const lowerFirst = (text: string): string => text.charAt(0).toLowerCase() + text.slice(1);

/** Takes the way back that is on offer, if there is one. */
export function undoLast(): boolean {
  const shown = current.get();
  if (shown?.action?.label !== 'Undo') return false;
  current.set(null);
  shown.action.run();
  return true;
}

export function dismissToast(): void {
  current.set(null);
}

/** The place toasts appear in: each screen has one, and nothing else is there. */
export function ToastSlot({ keyName }: { keyName?: string }) {
  const shown = useStore(current);
  useEffect(() => {
    if (!shown) return;
    const timer = setTimeout(() => current.set((now) => (now?.id === shown.id ? null : now)), UNDO_MS);
    return () => clearTimeout(timer);
  }, [shown]);
  return (
    <div className="toasts" role={shown?.tone === 'bad' ? 'alert' : 'status'}>
      {shown && (
        <div className="toast" key={shown.id}>
          {shown.tone === 'bad' ? (
            <Icon name="warn" />
          ) : (
            shown.action && (
              <svg className="ring ring--run" viewBox="0 0 20 20" aria-hidden="true">
                <circle cx="10" cy="10" r="8" />
                <circle cx="10" cy="10" r="8" strokeDasharray="50.3" />
              </svg>
            )
          )}
          <span>{shown.text}</span>
          {shown.action && (
            <Button
              {...(keyName && shown.action.label === 'Undo' ? { keyName } : {})}
              onClick={() => {
                const { run } = shown.action!;
                current.set(null);
                run();
              }}
            >
              {shown.action.label}
            </Button>
          )}
        </div>
      )}
    </div>
  );
}
