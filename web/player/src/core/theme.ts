/** Theme values come from a page that is not ours: colours must be colours, lengths lengths, and pairs readable. */

export type Rgb = readonly [number, number, number];

/** WCAG 2.2 relative luminance of an sRGB colour with channels 0–255. */
function luminance([r, g, b]: Rgb): number {
  const linear = (channel: number) => {
    const c = channel / 255;
    return c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4;
  };
  return 0.2126 * linear(r) + 0.7152 * linear(g) + 0.0722 * linear(b);
}

export function contrast(a: Rgb, b: Rgb): number {
  const [low, high] = [luminance(a), luminance(b)].sort((x, y) => x - y) as [number, number];
  return (high + 0.05) / (low + 0.05);
}

export const CONTRAST_MIN = 4.5;

const RADIUS_MAX_PX = 64;

/** A plain CSS length of at most 64px, or null. */
export function asLength(text: string): string | null {
  const found = /^(\d{1,3}(?:\.\d{1,3})?)(px|rem)$/.exec(text.trim());
  return found && Number(found[1]) * (found[2] === 'rem' ? 16 : 1) <= RADIUS_MAX_PX ? found[0] : null;
}

/** The accent pair to use: the page's if it is two opaque colours of enough contrast, else null. */
export function accentPair(
  accent: string,
  onAccent: string,
  resolve: (colour: string) => Rgb | null,
): { accent: string; onAccent: string } | null {
  const ground = resolve(accent);
  if (!ground) return null;
  const wanted = onAccent.trim() ? resolve(onAccent) : null;
  if (onAccent.trim() && !wanted) return null;
  const ink: Rgb = wanted ?? (contrast(ground, [255, 255, 255]) >= CONTRAST_MIN ? [255, 255, 255] : [28, 20, 16]);
  if (contrast(ground, ink) < CONTRAST_MIN) return null;
  return { accent: `rgb(${ground.join(' ')})`, onAccent: `rgb(${ink.join(' ')})` };
}
