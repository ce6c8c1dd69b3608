import { useRef, type KeyboardEvent, type PointerEvent } from 'react';
import { Icon } from './Icon';

export interface DragHandleProps {
  /** What it moves. */
  name: string;
  /** Where the row is among those that move, and how many they are. */
  index: number;
  count: number;
  disabled?: boolean;
  onMove: (by: number) => void;
}

/** Moves a row: by dragging with a pointer, or with the arrow keys while it has the focus. */
export function DragHandle({ name, index, count, disabled, onMove }: DragHandleProps) {
  const drag = useRef<{ y: number; row: HTMLElement } | null>(null);
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.key !== 'ArrowUp' && event.key !== 'ArrowDown') return;
    event.preventDefault();
    event.stopPropagation();
    onMove(event.key === 'ArrowUp' ? -1 : 1);
  };
  const onPointerDown = (event: PointerEvent<HTMLButtonElement>): void => {
    const row = event.currentTarget.closest<HTMLElement>('li, tr');
    if (!row || event.button !== 0) return;
    drag.current = { y: event.clientY, row };
    event.currentTarget.setPointerCapture(event.pointerId);
    row.classList.add('is-held');
  };
  const onPointerMove = (event: PointerEvent): void => {
    if (drag.current) drag.current.row.style.translate = `0 ${event.clientY - drag.current.y}px`;
  };
  const onPointerEnd = (event: PointerEvent): void => {
    if (!drag.current) return;
    const { y, row } = drag.current;
    drag.current = null;
    row.style.translate = '';
    row.classList.remove('is-held');
    const places = Math.round((event.clientY - y) / row.offsetHeight);
    const to = Math.max(0, Math.min(count - 1, index + places));
    if (event.type === 'pointerup' && to !== index) onMove(to - index);
  };
  return (
    <button
      type="button"
      className="cue__drag"
      aria-label={`Move ${name}`}
      title="Drag, or use the arrow keys"
      disabled={disabled}
      onKeyDown={onKeyDown}
      onPointerDown={onPointerDown}
      onPointerMove={onPointerMove}
      onPointerUp={onPointerEnd}
      onPointerCancel={onPointerEnd}
    >
      <Icon name="drag" />
    </button>
  );
}
