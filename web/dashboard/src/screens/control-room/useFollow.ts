import { useLayoutEffect, useRef, useState, type PointerEvent, type RefObject } from 'react';
import type { LogLine } from '../../room/state';

/** Nearer to the end than this counts as being at the end. */
const AT_END_PX = 24;

export interface Follow {
  list: RefObject<HTMLDivElement | null>;
  /** The lines to draw: while the list is held, none that came later. */
  shown: LogLine[];
  /** How many lines wait below. */
  missed: number;
  toEnd: () => void;
  /** For the element around the list and its button. */
  hold: {
    onScrollCapture: () => void;
    onPointerEnter: (event: PointerEvent) => void;
    onPointerLeave: () => void;
    onFocus: () => void;
    onBlur: () => void;
  };
}

/** Follows the end of a log. A pointer or the focus inside holds it: then nothing moves, and what comes is counted. */
export function useFollow(lines: LogLine[]): Follow {
  const list = useRef<HTMLDivElement>(null);
  const [held, setHeld] = useState({ pointer: false, focus: false });
  /** Key of the last line that is drawn while the list is held. */
  const [until, setUntil] = useState<string>();
  const [atEnd, setAtEnd] = useState(true);
  const seen = useRef<string>(undefined);
  const last = lines.at(-1)?.key;
  const isHeld = held.pointer || held.focus;
  const cut = isHeld && until !== undefined ? lines.findIndex(({ key }) => key === until) : -1;
  const shown = cut < 0 ? lines : lines.slice(0, cut + 1);

  const scrollToEnd = (): void => {
    const element = list.current;
    if (element) element.scrollTop = element.scrollHeight;
  };
  const lastShown = shown.at(-1)?.key;
  useLayoutEffect(() => {
    if (!atEnd || isHeld) return;
    scrollToEnd();
    seen.current = lastShown;
  }, [lastShown, atEnd, isHeld]);

  const change = (next: Partial<typeof held>): void => {
    const now = { ...held, ...next };
    if (!isHeld && (now.pointer || now.focus)) setUntil(last);
    setHeld(now);
  };
  const seenAt = lines.findIndex(({ key }) => key === seen.current);
  return {
    list,
    shown,
    missed: cut >= 0 ? lines.length - shown.length : atEnd || seenAt < 0 ? 0 : lines.length - 1 - seenAt,
    toEnd: () => {
      setUntil(last);
      setAtEnd(true);
      seen.current = last;
      requestAnimationFrame(scrollToEnd);
    },
    hold: {
      onScrollCapture: () => {
        const element = list.current;
        if (!element) return;
        const end = element.scrollHeight - element.scrollTop - element.clientHeight < AT_END_PX;
        if (end) seen.current = lastShown;
        setAtEnd(end);
      },
      onPointerEnter: (event) => {
        if (event.pointerType === 'mouse') change({ pointer: true });
      },
      onPointerLeave: () => change({ pointer: false }),
      onFocus: () => change({ focus: true }),
      onBlur: () => change({ focus: false }),
    },
  };
}
