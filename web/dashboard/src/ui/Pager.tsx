import type { ReactNode } from 'react';
import { Button } from './Button';

export interface PagerProps {
  /** Cursors of the pages before this one; the first page has none. */
  trail: string[];
  next: string | null | undefined;
  onGo: (trail: string[]) => void;
  children?: ReactNode;
}

/** Pages by cursor: one can go on, and back the way one came. */
export function Pager({ trail, next, onGo, children }: PagerProps) {
  return (
    <footer className="pager pager--edge">
      {children}
      <span className="push row">
        <Button size="s" icon="left" disabled={trail.length === 0} onClick={() => onGo(trail.slice(0, -1))}>
          Back
        </Button>
        <Button size="s" disabled={!next} onClick={() => next && onGo([...trail, next])}>
          Next
        </Button>
      </span>
    </footer>
  );
}

/** Cursors in the address: the way here, so that Back works after a reload. */
export const trailOf = (text: string | undefined): string[] => (text ? text.split('~') : []);
export const trailText = (trail: string[]): string | undefined => (trail.length ? trail.join('~') : undefined);
