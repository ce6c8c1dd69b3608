import { formatMoney, minorDigits, type Money } from '@showfloor/api-client';

/** `€1,234.50`: always with cents, so that columns line up. */
export const money = (amount: Money): string => formatMoney(amount, 'en');

/** The amount without its currency, as it stands in an input: `46.00`. */
export function amountText({ minor, currency }: Money): string {
  const digits = minorDigits(currency);
  const plain = Math.abs(minor)
    .toString()
    .padStart(digits + 1, '0');
  return (minor < 0 ? '-' : '') + (digits ? `${plain.slice(0, -digits)}.${plain.slice(-digits)}` : plain);
}

/** Reads what a person typed; `undefined` when it isn't an amount of whole minor units. */
export function parseAmount(text: string, currency: string): Money | undefined {
  const digits = minorDigits(currency);
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
  return prices.reduce<Money | undefined>(
    (low, price) => (price && (!low || price.minor < low.minor) ? price : low),
    undefined,
  );
}
