import type { Cue, FlashCue, Money, Show } from '../../api/types';
import { lowest, money } from '../../lib/money';
import { count, plural } from '../../lib/time';
import type { IconName } from '../../ui/Icon';

export const cueIcon: Record<Cue['kind'], IconName> = { product: 'products', flash_sale: 'flash', banner: 'talk' };

export const durationWords = (seconds: number): string => (seconds % 60 === 0 ? `${seconds / 60} min` : `${seconds} s`);

export const flashPrice = (flash: FlashCue | undefined): Money | undefined =>
  lowest(flash?.prices.map(({ price }) => price) ?? []);

/** What a cue costs when it is started: sale price, live price, or the shop's. */
export function cuePrice(cue: Cue): Money | undefined {
  if (cue.kind === 'flash_sale') return flashPrice(cue.flash) ?? cue.product?.price_from;
  return cue.product?.live_price_from ?? cue.product?.price_from;
}

/** The shop's price, when the cue's is lower. */
export function cueWas(cue: Cue): Money | undefined {
  const price = cuePrice(cue);
  const shop = cue.product?.price_from;
  return price && shop && price.minor < shop.minor ? shop : undefined;
}

/** A sale can't be taken back, so it is armed first. */
export const needsArming = (cue: Cue): boolean => cue.kind === 'flash_sale';

export const startLabel: Record<Cue['kind'], string> = {
  product: 'Pin now',
  flash_sale: 'Start sale',
  banner: 'Show banner',
};

export function cueTitle(cue: Cue): string {
  if (cue.kind === 'flash_sale') return `Flash sale: ${cue.product?.title ?? cue.title}`;
  if (cue.title) return cue.title;
  return cue.product?.title ?? cue.text ?? 'Banner';
}

/** Short enough to stand under the chart: the last word of the product's name. */
export function cueMark(cue: Cue): string {
  const words = (cue.product?.title ?? cueTitle(cue)).split(/[,:]/)[0]!.trim().split(/\s+/);
  const word = words.at(-1) ?? '';
  return word.charAt(0).toUpperCase() + word.slice(1);
}

export interface CueLine {
  text: string;
  /** The part about stock stands apart: few left is coloured. */
  stock?: string;
  few: boolean;
}

/** The second line of a cue. */
export function cueLine(cue: Cue): CueLine {
  const price = cuePrice(cue);
  const stock = cue.product?.stock;
  if (cue.kind === 'flash_sale' && cue.flash) {
    return {
      text: `${price ? money(price) : ''} for ${durationWords(cue.flash.duration_s)}, ${plural(cue.flash.cap, 'piece')}`,
      few: false,
    };
  }
  if (cue.kind === 'banner')
    return { text: cue.text && cue.text !== cue.title ? `Banner: ${cue.text}` : 'Banner', few: false };
  const live = cue.product?.live_price_from ? ' live' : '';
  return {
    text: price ? `${money(price)}${live}` : '',
    ...(stock ? { stock: stock.available === 0 ? 'sold out' : `${count(stock.available)} available` } : {}),
    few: stock !== undefined && stock.available <= 3,
  };
}

/** Cues as they stand: done ones first, then what is on screen, then what is planned. */
export function runOf(cues: Cue[]): { done: Cue[]; onScreen: Cue[]; planned: Cue[] } {
  const ordered = [...cues].sort((a, b) => a.position - b.position);
  return {
    done: ordered.filter((cue) => cue.state === 'done' || cue.state === 'skipped'),
    onScreen: ordered.filter((cue) => cue.state === 'on_screen'),
    planned: ordered.filter((cue) => cue.state === 'planned'),
  };
}

/** How far the run is from its plan, and when it ends at this rate. */
export function planWords(show: Show, cues: Cue[], now: Date, clock: (at: Date) => string): string {
  if (show.state === 'ended') return show.ended_at ? `ended at ${clock(new Date(show.ended_at))}` : 'ended';
  const current = cues.find((cue) => cue.state === 'on_screen' && cue.planned_at && cue.started_at);
  const behind = current ? Math.round((Date.parse(current.started_at!) - Date.parse(current.planned_at!)) / 60_000) : 0;
  const plan = show.planned_minutes
    ? new Date(Date.parse(show.started_at ?? show.starts_at) + (show.planned_minutes + Math.max(0, behind)) * 60_000)
    : undefined;
  const pace = behind > 0 ? `${behind} min behind plan` : behind < 0 ? `${-behind} min ahead of plan` : 'on plan';
  if (!plan) return pace;
  return plan < now ? `planned to end at ${clock(plan)}` : `${pace}, ends about ${clock(plan)}`;
}

/** `ids` with one moved by `by` places, if it can go there. */
export function moved(ids: string[], id: string, by: number): string[] {
  const from = ids.indexOf(id);
  const to = from + by;
  if (from < 0 || to < 0 || to >= ids.length) return ids;
  const next = [...ids];
  next.splice(from, 1);
  next.splice(to, 0, id);
  return next;
}
