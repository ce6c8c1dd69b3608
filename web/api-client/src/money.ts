import type { Money } from './http.ts';

const formats = new Map<string, Intl.NumberFormat>();

function format(locale: string, currency: string, options: Intl.NumberFormatOptions): Intl.NumberFormat {
  const key = `${locale} ${currency} ${options.minimumFractionDigits ?? ''}`;
  let made = formats.get(key);
  if (!made) formats.set(key, (made = new Intl.NumberFormat(locale, { style: 'currency', currency, ...options })));
  return made;
}

/** Digits after the point in `currency`: 2 for EUR, 0 for JPY, 3 for KWD (ISO 4217, as the browser knows it). */
export function minorDigits(currency: string): number {
  return format('en', currency, {}).resolvedOptions().maximumFractionDigits ?? 2;
}

/**
 * `€58.00`, or with `short` `€58` when nothing is lost by it. The number goes to the formatter as a decimal string,
 * so that no amount passes through a float.
 */
export function formatMoney(money: Money, locale: string, short = false): string {
  const digits = minorDigits(money.currency);
  const sign = money.minor < 0 ? '-' : '';
  const units = String(Math.abs(money.minor)).padStart(digits + 1, '0');
  const whole = digits ? `${units.slice(0, -digits)}.${units.slice(-digits)}` : units;
  const even = short && digits > 0 && /^0+$/.test(units.slice(-digits));
  const shape = even ? { minimumFractionDigits: 0, maximumFractionDigits: 0 } : {};
  return format(locale, money.currency, shape).format(`${sign}${whole}` as unknown as number);
}
