export type Layout = 'phone' | 'land' | 'pair' | 'desk' | 'mini';

/** Sizes in CSS pixels of the component, not of the window: it may be a part of a page. */
const DESK_FROM = 1100;
const PAIR_FROM = 760;
const TALL_FROM = 500;

export function layoutFor(attribute: string | null, width: number, height: number): Layout {
  if (attribute === 'mini' || attribute === 'phone') return attribute;
  if (attribute === 'wide' || (width >= PAIR_FROM && height >= TALL_FROM)) return width >= DESK_FROM ? 'desk' : 'pair';
  return width > height && width >= 600 ? 'land' : 'phone';
}
