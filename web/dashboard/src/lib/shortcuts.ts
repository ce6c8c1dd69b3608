import { useEffect, useRef } from 'react';
import { createStore, useStore } from './store';

const KEY = 'showfloor.shortcuts';

function remembered(): boolean {
  try {
    return localStorage.getItem(KEY) !== 'off';
  } catch {
    return true;
  }
}

export const shortcutsOn = createStore(typeof localStorage === 'undefined' ? true : remembered());

export function setShortcutsOn(on: boolean): void {
  shortcutsOn.set(on);
  try {
    localStorage.setItem(KEY, on ? 'on' : 'off');
  } catch {
    // A browser that stores nothing still switches for this visit.
  }
}

export interface KeyPress {
  key: string;
  altKey: boolean;
  ctrlKey: boolean;
  metaKey: boolean;
  code: string;
}

/** Names a key press as the maps below do: `p`, `ArrowUp`, `alt+ArrowUp`, `mod+s`. */
export function nameOfKey(event: KeyPress): string {
  const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
  if (event.metaKey || event.ctrlKey) return `mod+${key}`;
  if (event.altKey) return `alt+${key}`;
  return key;
}

/** True where letters are text: the keys rest there, and inside an open dialog. */
export function isTyping(target: EventTarget | null): boolean {
  if (!(target instanceof Element)) return false;
  return (
    target.closest(
      'input:not([type=checkbox]):not([type=radio]), textarea, select, [contenteditable], dialog, [role=menu], [role=listbox]',
    ) !== null
  );
}

/** Keys of a screen. Keys with `mod+` work while typing too; all others rest then, and can be switched off. */
export function useShortcuts(map: Record<string, (event: KeyboardEvent) => void>): void {
  const current = useRef(map);
  current.current = map;
  const on = useStore(shortcutsOn);
  useEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      if (event.defaultPrevented || event.isComposing) return;
      const name = nameOfKey(event);
      const command = name.startsWith('mod+');
      if (!command && (!on || isTyping(event.target))) return;
      if (command && event.target instanceof Element && event.target.closest('dialog')) return;
      const action = current.current[name];
      if (!action) return;
      event.preventDefault();
      action(event);
    };
    document.addEventListener('keydown', onKey);
    return () => document.removeEventListener('keydown', onKey);
  }, [on]);
}
