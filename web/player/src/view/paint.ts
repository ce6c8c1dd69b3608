import { accentPair, asLength, type Rgb } from '../core/theme.ts';

const probe = () => {
  const canvas = document.createElement('canvas');
  canvas.width = canvas.height = 1;
  return canvas.getContext('2d', { willReadFrequently: true });
};

/** What a CSS colour is in sRGB; null if it is not a colour, or not opaque. */
export function resolveColour(text: string): Rgb | null {
  const value = text.trim();
  if (value.length > 64 || /var|url|env/i.test(value) || !CSS.supports('color', value)) return null;
  const context = probe();
  if (!context) return null;
  context.fillStyle = value;
  context.fillRect(0, 0, 1, 1);
  const [r, g, b, a] = context.getImageData(0, 0, 1, 1).data;
  return a === 255 ? [r!, g!, b!] : null;
}

/** The inner values for what the page asked for; null puts the design's own back. */
export function theme(accent: string, onAccent: string, radius: string): [string, string | null][] {
  const pair = accent ? accentPair(accent, onAccent, resolveColour) : null;
  return [
    ['--accent', pair?.accent ?? null],
    ['--on-accent', pair?.onAccent ?? null],
    ['--showfloor-r', asLength(radius)],
  ];
}
