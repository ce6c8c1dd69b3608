import { svg, type SVGTemplateResult } from 'lit/html.js';

const circle = (x: number, y: number, r: number) =>
  `M${x - r} ${y}a${r} ${r} 0 1 0 ${2 * r} 0a${r} ${r} 0 1 0-${2 * r} 0`;

/** One path each, drawn in a 24 box with round strokes. */
const paths: Record<string, string> = {
  x: 'M6.5 6.5l11 11M17.5 6.5l-11 11',
  more: 'M5.5 12h.01M12 12h.01M18.5 12h.01',
  down: 'M6 9.5l6 6 6-6',
  sound: 'M11.5 5L7 9H3.8v6H7l4.5 4zM15.3 9.2a4 4 0 0 1 0 5.6M18 6.5a7.8 7.8 0 0 1 0 11',
  silent: 'M11.5 5L7 9H3.8v6H7l4.5 4zM16 9.7l4.6 4.6M20.6 9.7L16 14.3',
  share:
    'M12 15V3.8M8 7.6l4-4 4 4M7.5 11H6.8A1.8 1.8 0 0 0 5 12.8v5.9a1.8 1.8 0 0 0 1.8 1.8h10.4a1.8 1.8 0 0 0 1.8-1.8v-5.9a1.8 1.8 0 0 0-1.8-1.8h-.7',
  grid: 'M6 4.5h3A1.5 1.5 0 0 1 10.5 6v3A1.5 1.5 0 0 1 9 10.5H6A1.5 1.5 0 0 1 4.5 9V6A1.5 1.5 0 0 1 6 4.5zM15 4.5h3A1.5 1.5 0 0 1 19.5 6v3a1.5 1.5 0 0 1-1.5 1.5h-3A1.5 1.5 0 0 1 13.5 9V6A1.5 1.5 0 0 1 15 4.5zM6 13.5h3a1.5 1.5 0 0 1 1.5 1.5v3A1.5 1.5 0 0 1 9 19.5H6A1.5 1.5 0 0 1 4.5 18v-3A1.5 1.5 0 0 1 6 13.5zM15 13.5h3a1.5 1.5 0 0 1 1.5 1.5v3a1.5 1.5 0 0 1-1.5 1.5h-3a1.5 1.5 0 0 1-1.5-1.5v-3a1.5 1.5 0 0 1 1.5-1.5z',
  heart: 'M12 20.2S4 15.4 4 9.6a4.4 4.4 0 0 1 8-2.5 4.4 4.4 0 0 1 8 2.5c0 5.8-8 10.6-8 10.6z',
  bag: 'M6.2 8.5h11.6l1 10a2 2 0 0 1-2 2.2H7.2a2 2 0 0 1-2-2.2zM9 8.5V7a3 3 0 0 1 6 0v1.5',
  pin: 'M9 3.8h6l-.9 6 3.4 3.4v1.3h-11v-1.3l3.4-3.4zM12 14.5v5.7',
  eye: `M2.5 12S6 5.8 12 5.8 21.5 12 21.5 12 18 18.2 12 18.2 2.5 12 2.5 12z${circle(12, 12, 2.8)}`,
  clock: `${circle(12, 12, 8.4)}M12 7.4V12l3 2`,
  check: 'M5 12.6l4.6 4.6L19.2 7.2',
  plus: 'M6.5 12h11M12 6.5v11',
  offline:
    'M3.5 3.5l17 17M8.4 15.6a5.2 5.2 0 0 1 7 0M5 12.1a10 10 0 0 1 4.6-2.5M19 12.1a10 10 0 0 0-4.9-2.6M2.5 8.4a14 14 0 0 1 4-2.6M21.5 8.4A14 14 0 0 0 11 5M12 19h.01',
  play: 'M8 5.6c0-.8.8-1.2 1.5-.8l9 6.3c.6.4.6 1.3 0 1.7l-9 6.4c-.7.4-1.5 0-1.5-.8z',
  expand: 'M9 4.5H4.5V9M15 4.5h4.5V9M9 19.5H4.5V15M15 19.5h4.5V15',
  pip: 'M6.2 5h11.6A3.2 3.2 0 0 1 21 8.2v7.6a3.2 3.2 0 0 1-3.2 3.2H6.2A3.2 3.2 0 0 1 3 15.8V8.2A3.2 3.2 0 0 1 6.2 5zM12.5 12h5v3.5h-5z',
  bolt: 'M13.2 3L5.5 13.4h5.3L10 21l8-10.6h-5.6z',
  send: 'M12 19V5.5M6.5 11L12 5.5l5.5 5.5',
};

/** An icon beside words or inside a labelled button: it says nothing itself. */
export const icon = (name: string, size = ''): SVGTemplateResult =>
  svg`<svg class="i ${size} i-${name}" viewBox="0 0 24 24" aria-hidden="true"><path d=${paths[name] ?? ''}></path></svg>`;

/** Icons that only a later part of the player draws. */
export const addIcons = (more: Record<string, string>): void => void Object.assign(paths, more);
