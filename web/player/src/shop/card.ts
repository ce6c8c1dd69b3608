/** Card fields as typed: grouped for the eye, checked before they leave. They go to the payment provider only. */
export interface Card {
  number: string;
  exp_month: number;
  exp_year: number;
  cvc: string;
}

export type CardProblem = 'needCard' | 'needExpiry' | 'expired' | 'needCode';

const digits = (text: string) => text.replace(/\D/g, '');

/** Luhn, ISO/IEC 7812-1 annex B. */
export function passesLuhn(number: string): boolean {
  let sum = 0;
  [...digits(number)].reverse().forEach((digit, i) => {
    const n = Number(digit) * (i % 2 ? 2 : 1);
    sum += n > 9 ? n - 9 : n;
  });
  return sum % 10 === 0;
}

export const groupNumber = (text: string): string =>
  digits(text)
    .slice(0, 19)
    .replace(/(\d{4})(?=\d)/g, '$1 ');

export function groupExpiry(text: string, deleting = false): string {
  let d = digits(text).slice(0, 4);
  if (/^[2-9]/.test(d)) d = `0${d}`.slice(0, 4);
  if (d.length < 2 || (d.length === 2 && deleting)) return d;
  return `${d.slice(0, 2)} / ${d.slice(2)}`;
}

export function brandOf(number: string): string {
  const d = digits(number);
  if (d.startsWith('4')) return 'Visa';
  if (/^(5[1-5]|2[2-7])/.test(d)) return 'Mastercard';
  return /^3[47]/.test(d) ? 'Amex' : '';
}

/** Reads the three fields; `now` is local time in ms. */
export function readCard(
  number: string,
  expiry: string,
  code: string,
  now: number,
): { card: Card } | { problems: Partial<Record<'number' | 'expiry' | 'code', CardProblem>> } {
  const problems: Partial<Record<'number' | 'expiry' | 'code', CardProblem>> = {};
  const d = digits(number);
  if (d.length < 12 || d.length > 19 || !passesLuhn(d)) problems.number = 'needCard';
  const [, mm = '', yy = ''] = /^(\d{2})(\d{2})$/.exec(digits(expiry)) ?? [];
  const month = Number(mm);
  const year = 2000 + Number(yy);
  const today = new Date(now);
  if (!mm || month < 1 || month > 12) problems.expiry = 'needExpiry';
  else if (year * 12 + month - 1 < today.getFullYear() * 12 + today.getMonth()) problems.expiry = 'expired';
  if (!/^\d{3,4}$/.test(code.trim())) problems.code = 'needCode';
  if (Object.keys(problems).length) return { problems };
  return { card: { number: d, exp_month: month, exp_year: year, cvc: code.trim() } };
}
