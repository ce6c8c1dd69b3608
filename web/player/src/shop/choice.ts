import type { Offer, ShelfVariant } from '../core/shelf.ts';

export type Picks = Record<string, string>;

/** What a product sheet opens with: the first choice that can be had. */
export function firstPicks(offer: Offer): Picks {
  const variant = offer.variants.find((v) => v.available > 0) ?? offer.variants[0];
  return { ...variant?.options };
}

export function variantFor(offer: Offer, picks: Picks): ShelfVariant | null {
  if (!offer.options.length) return offer.variants[0] ?? null;
  return (
    offer.variants.find((variant) => offer.options.every(({ name }) => variant.options[name] === picks[name])) ?? null
  );
}

/** Whether `value` can be had with the other picks as they are. */
export function isOpen(offer: Offer, picks: Picks, name: string, value: string): boolean {
  return (variantFor(offer, { ...picks, [name]: value })?.available ?? 0) > 0;
}
