import type { enShop } from '../shop/en.ts';
import { en } from './en.ts';

export type TextKey = keyof typeof en | keyof typeof enShop;
export type Texts = Record<TextKey, string>;
export type Say = (key: TextKey, values?: Record<string, string | number>) => string;

/** Languages beside English; each is its own small file, fetched when a viewer needs it. */
const others: Record<string, () => Promise<{ default: Texts }>> = { de: () => import('./de.ts') };

/** A language tag that `Intl` knows, or `fallback`: attributes and pages may say anything. */
export function knownLocale(wanted: string | null | undefined, fallback: string): string {
  try {
    return Intl.getCanonicalLocales(wanted ?? '')[0] ?? fallback;
  } catch {
    return fallback;
  }
}

/** English beyond watching comes with the part of the player that speaks it. */
export const addTexts = (texts: Partial<Texts>): void => void Object.assign(en, texts);

/** A function that says `key` in `texts`, filling `{names}` and choosing the plural form by `n`. */
export function sayIn(texts: Partial<Texts>, locale: string): Say {
  const plural = new Intl.PluralRules(locale);
  const number = new Intl.NumberFormat(locale);
  return (key, values = {}) => {
    const forms = (Object.hasOwn(texts, key) ? texts[key]! : '').split('|');
    const form = forms[1] !== undefined && plural.select(Number(values['n'])) !== 'one' ? forms[1] : (forms[0] ?? '');
    return form.replace(/\{(\w+)\}/g, (_, name: string) => {
      const value = Object.hasOwn(values, name) ? values[name] : '';
      return typeof value === 'number' ? number.format(value) : (value ?? '');
    });
  };
}

export const english: Say = sayIn(en, 'en');

export async function textsFor(locale: string): Promise<Say> {
  const load = Object.hasOwn(others, locale.slice(0, 2)) ? others[locale.slice(0, 2)] : undefined;
  try {
    return sayIn(load ? (await load()).default : en, locale);
  } catch {
    return sayIn(en, locale);
  }
}
