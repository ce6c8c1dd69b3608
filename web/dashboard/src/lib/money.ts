import type { Money } from '../api/types';

const fractionDigits = new Map<string, number>();

/** Digits after the point of a currency: 2 for EUR, 0 for JPY. */
export function digitsOf(currency: string): number {
  let digits = fractionDigits.get(currency);
  if (digits === undefined) {
    digits = new Intl.NumberFormat('en', { style: 'currency', currency }).resolvedOptions().maximumFractionDigits ?? 2;
    fractionDigits.set(currency, digits);
  }
  return digits;
}

/** `€1,234.50`: always with cents, so that columns line up. Exact: the digits are placed, never divided. */
export function money({ minor, currency }: Money, locale = 'en'): string {
  const digits = digitsOf(currency);
  const sign = minor < 0 ? '-' : '';
  const plain = Math.abs(minor).toString().padStart(digits + 1, '0');
  const decimal = digits ? `${plain.slice(0, -digits)}.${plain.slice(-digits)}` : plain;
  return new Intl.NumberFormat(locale, { style: 'currency', currency }).format(`${sign}${decimal}` as unknown as number);
}

/** The amount without its currency, as it stands in an input: `46.00`. */
export function amountText({ minor, currency }: Money): string {
  const digits = digitsOf(currency);
  const plain = Math.abs(minor).toString().padStart(digits + 1, '0');
  return (minor < 0 ? '-' : '') + (digits ? `${plain.slice(0, -digits)}.${plain.slice(-digits)}` : plain);
}

/** Reads what a person typed; `undefined` when it isn't an amount of whole minor units. */
export function parseAmount(text: string, currency: string): Money | undefined {
  const digits = digitsOf(currency);
  const match = /^(\d{1,9})(?:[.,](\d{1,3}))?$/.exec(text.trim());
  if (!match) return undefined;
  const fraction = match[2] ?? '';
  if (fraction.length > digits) return undefined;
  return { minor: Number(match[1] + fraction.padEnd(digits, '0')), currency };
}

export const zero = (currency: string): Money => ({ minor: 0, currency });

export const inCurrency = (prices: Money[], currency: string): Money | undefined =>
  prices.find((price) => price.currency === currency);

/** The smallest of some amounts in one currency. */
export function lowest(prices: (Money | undefined)[]): Money | undefined {
  return prices.reduce<Money | undefined>((low, price) => (price && (!low || price.minor < low.minor) ? price : low), undefined);
}
