import type { ReactNode } from 'react';

/** Line icons on a 16-unit grid, 1.5 units thick; all take the colour of the text beside them. */
const drawings = {
  shows: (
    <>
      <rect x="1.75" y="3.25" width="9" height="9.5" rx="2" />
      <path d="M10.75 7l3.5-2v6l-3.5-2z" />
    </>
  ),
  products: (
    <>
      <path d="M2.25 5 8 2l5.75 3v6L8 14l-5.75-3zM2.25 5 8 8l5.75-3M8 8v6" />
    </>
  ),
  orders: (
    <>
      <path d="M3.25 5.25h9.5l.75 8.5h-11zM5.5 7V4.5a2.5 2.5 0 0 1 5 0V7" />
    </>
  ),
  reports: (
    <>
      <path d="M2.25 13.75V9.5M6.08 13.75V5M9.92 13.75V7.5M13.75 13.75v-11" />
    </>
  ),
  settings: (
    <>
      <path d="M2 4.5h7M13 4.5h1M2 11.5h1M7 11.5h7" />
      <circle cx="11" cy="4.5" r="1.75" />
      <circle cx="5" cy="11.5" r="1.75" />
    </>
  ),
  search: (
    <>
      <circle cx="7" cy="7" r="4.5" />
      <path d="m10.5 10.5 3.25 3.25" />
    </>
  ),
  plus: (
    <>
      <path d="M8 3v10M3 8h10" />
    </>
  ),
  x: (
    <>
      <path d="m4 4 8 8M12 4l-8 8" />
    </>
  ),
  check: (
    <>
      <path d="m3 8.5 3.25 3.25L13 5" />
    </>
  ),
  down: (
    <>
      <path d="m4 6.25 4 4 4-4" />
    </>
  ),
  up: (
    <>
      <path d="m4 9.75 4-4 4 4" />
    </>
  ),
  right: (
    <>
      <path d="m6.25 4 4 4-4 4" />
    </>
  ),
  left: (
    <>
      <path d="m9.75 4-4 4 4 4" />
    </>
  ),
  more: (
    <>
      <g fill="currentColor" stroke="none">
        <circle cx="3.5" cy="8" r="1.25" />
        <circle cx="8" cy="8" r="1.25" />
        <circle cx="12.5" cy="8" r="1.25" />
      </g>
    </>
  ),
  drag: (
    <>
      <g fill="currentColor" stroke="none">
        <circle cx="6" cy="4" r="1.1" />
        <circle cx="10" cy="4" r="1.1" />
        <circle cx="6" cy="8" r="1.1" />
        <circle cx="10" cy="8" r="1.1" />
        <circle cx="6" cy="12" r="1.1" />
        <circle cx="10" cy="12" r="1.1" />
      </g>
    </>
  ),
  pin: (
    <>
      <path d="M5.5 2h5M6.25 2v4.25L4 9.25h8L9.75 6.25V2M8 9.25V14" />
    </>
  ),
  unpin: (
    <>
      <path d="M6.25 2.25h4.25M9.75 2.25v4l2 3M9 9.25H4l2.25-3V5M8 9.25V14M2.25 2.25l11.5 11.5" />
    </>
  ),
  next: (
    <>
      <path d="M3.25 3.25v9.5L10 8zM12.75 3.25v9.5" />
    </>
  ),
  flash: (
    <>
      <path d="M9 1.75 3.25 9H8l-1 5.25L12.75 7H8z" />
    </>
  ),
  talk: (
    <>
      <path d="M2.25 3.25h11.5v7.5h-6L4.5 13.5v-2.75H2.25z" />
    </>
  ),
  eye: (
    <>
      <path d="M1.5 8S4 3.5 8 3.5 14.5 8 14.5 8 12 12.5 8 12.5 1.5 8 1.5 8z" />
      <circle cx="8" cy="8" r="2" />
    </>
  ),
  trash: (
    <>
      <path d="M2.75 4.25h10.5M6 4.25v-2h4v2M4 4.25l.75 9.5h6.5l.75-9.5" />
    </>
  ),
  mute: (
    <>
      <path d="M2.25 3.25h11.5v7.5h-6L4.5 13.5v-2.75H2.25zM6 5.5l3.5 3M9.5 5.5 6 8.5" />
    </>
  ),
  ban: (
    <>
      <circle cx="8" cy="8" r="5.75" />
      <path d="m4 4 8 8" />
    </>
  ),
  reply: (
    <>
      <path d="M6.5 3.5 2.5 7.25l4 3.75M2.75 7.25H9.5c2.5 0 4 1.5 4 4v1.25" />
    </>
  ),
  clock: (
    <>
      <circle cx="8" cy="8" r="6" />
      <path d="M8 4.75V8l2.25 1.5" />
    </>
  ),
  send: (
    <>
      <path d="M2.5 8 2.25 2.75 14 8 2.25 13.25zM2.5 8H8" />
    </>
  ),
  share: (
    <>
      <path d="M8 9.75v-7.5M5 5l3-2.75L11 5M3 8.25v5.5h10v-5.5" />
    </>
  ),
  copy: (
    <>
      <rect x="5.75" y="5.75" width="8" height="8" rx="1.5" />
      <path d="M3.5 10.25h-1.25v-8h8v1.25" />
    </>
  ),
  mic: (
    <>
      <rect x="6" y="1.75" width="4" height="7.5" rx="2" />
      <path d="M3.5 7.5a4.5 4.5 0 0 0 9 0M8 12v2.25" />
    </>
  ),
  signal: (
    <>
      <path d="M2.5 13.25v-2M6.17 13.25v-4.5M9.83 13.25V6M13.5 13.25V2.75" />
    </>
  ),
  sound: (
    <>
      <path d="M2.25 6v4h2.5L8.25 13V3L4.75 6zM10.75 5.75a3.5 3.5 0 0 1 0 4.5M12.5 3.75a6 6 0 0 1 0 8.5" />
    </>
  ),
  silent: (
    <>
      <path d="M2.25 6v4h2.5L8.25 13V3L4.75 6zM11 6.25l3.5 3.5M14.5 6.25 11 9.75" />
    </>
  ),
  full: (
    <>
      <path d="M9.5 2.5h4v4M6.5 13.5h-4v-4M13.5 2.5 9.25 6.75M2.5 13.5l4.25-4.25" />
    </>
  ),
  warn: (
    <>
      <path d="M8 2.25 14.25 13.5H1.75zM8 6.5v3" />
      <circle cx="8" cy="11.5" r=".4" fill="currentColor" />
    </>
  ),
  info: (
    <>
      <circle cx="8" cy="8" r="6" />
      <path d="M8 7.25v4" />
      <circle cx="8" cy="5" r=".4" fill="currentColor" />
    </>
  ),
  offline: (
    <>
      <path d="M1.75 6.25A9.5 9.5 0 0 1 5 4.2M8 3.5c2.4 0 4.6.9 6.25 2.75M4 8.75a6 6 0 0 1 2.5-1.55M10 7.4a6 6 0 0 1 2 1.35M6.25 11.25a2.6 2.6 0 0 1 3.5 0M2.25 2.25l11.5 11.5" />
    </>
  ),
  globe: (
    <>
      <circle cx="8" cy="8" r="6" />
      <path d="M2 8h12M8 2c2.2 1.6 3 3.6 3 6s-.8 4.4-3 6c-2.2-1.6-3-3.6-3-6s.8-4.4 3-6z" />
    </>
  ),
  key: (
    <>
      <circle cx="5" cy="11" r="2.75" />
      <path d="M7 9l6.25-6.25M11 5l2 2M9.25 6.75l1.25 1.25" />
    </>
  ),
  people: (
    <>
      <circle cx="6" cy="5.25" r="2.5" />
      <path d="M1.5 13.5c0-2.75 2-4.25 4.5-4.25s4.5 1.5 4.5 4.25M10.75 3a2.5 2.5 0 0 1 0 4.5M12 9.6c1.5.5 2.5 1.9 2.5 3.9" />
    </>
  ),
  card: (
    <>
      <rect x="1.75" y="3.25" width="12.5" height="9.5" rx="1.75" />
      <path d="M1.75 6.5h12.5M4.25 10h2.5" />
    </>
  ),
  box: (
    <>
      <path d="M2.25 4.75h11.5v9H2.25zM2.25 4.75l1.5-2.5h8.5l1.5 2.5M6.25 7.5h3.5" />
    </>
  ),
  truck: (
    <>
      <path d="M1.5 3.75h8v7.5h-8zM9.5 6.25h2.75l2.25 2.5v2.5h-5z" />
      <circle cx="4.25" cy="11.75" r="1.5" fill="var(--ink-0)" />
      <circle cx="11.75" cy="11.75" r="1.5" fill="var(--ink-0)" />
    </>
  ),
  refund: (
    <>
      <path d="M3 8a5 5 0 1 1 1.75 3.8M3 4.5V8h3.5" />
    </>
  ),
  download: (
    <>
      <path d="M8 2.25v7.5M5 7l3 2.75L11 7M2.75 11.5v2.25h10.5V11.5" />
    </>
  ),
  upload: (
    <>
      <path d="M8 9.75v-7.5M5 5l3-2.75L11 5M2.75 11.5v2.25h10.5V11.5" />
    </>
  ),
  cal: (
    <>
      <rect x="2.25" y="3.25" width="11.5" height="10.5" rx="1.5" />
      <path d="M2.25 6.5h11.5M5.25 1.75v3M10.75 1.75v3" />
    </>
  ),
  image: (
    <>
      <rect x="2.25" y="2.75" width="11.5" height="10.5" rx="1.5" />
      <circle cx="5.5" cy="6" r="1.1" />
      <path d="m2.5 11.5 3.5-3 2.25 2 2.5-3 3 3.5" />
    </>
  ),
  code: (
    <>
      <path d="M5.25 4.5 1.75 8l3.5 3.5M10.75 4.5 14.25 8l-3.5 3.5" />
    </>
  ),
  play: (
    <>
      <path d="M4.25 2.75v10.5L13 8z" />
    </>
  ),
  ext: (
    <>
      <path d="M9.5 2.5h4v4M13.5 2.5 7.5 8.5M11.5 9.5v4h-9v-9h4" />
    </>
  ),
  stop: (
    <>
      <rect x="3.5" y="3.5" width="9" height="9" rx="1.5" />
    </>
  ),
  lock: (
    <>
      <rect x="3" y="7" width="10" height="6.75" rx="1.5" />
      <path d="M5 7V5a3 3 0 0 1 6 0v2" />
    </>
  ),
  undo: (
    <>
      <path d="M5.5 2.75 2.5 5.75l3 3M2.75 5.75h6a4 4 0 0 1 0 8H6" />
    </>
  ),
  building: (
    <>
      <path d="M3.25 13.75V2.25h9.5v11.5M1.75 13.75h12.5M6 5.25h1M9 5.25h1M6 8.25h1M9 8.25h1M6.5 13.75v-2.5h3v2.5" />
    </>
  ),
  mail: (
    <>
      <rect x="1.75" y="3.25" width="12.5" height="9.5" rx="1.5" />
      <path d="m2 4.5 6 4.5 6-4.5" />
    </>
  ),
} satisfies Record<string, ReactNode>;

export type IconName = keyof typeof drawings;

/** Decoration only: the control around it carries the name. */
export function Icon({ name, size }: { name: IconName; size?: 's' | 'l' }) {
  return (
    <svg className={size ? `i i--${size}` : 'i'} viewBox="0 0 16 16" aria-hidden="true" focusable="false">
      {drawings[name]}
    </svg>
  );
}
