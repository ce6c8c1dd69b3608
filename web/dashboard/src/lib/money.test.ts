import { describe, expect, it } from 'vitest';
import { amountText, inCurrency, lowest, money, parseAmount } from './money';

const eur = (minor: number) => ({ minor, currency: 'EUR' });

describe('money', () => {
  it('always shows the cents, so that columns line up', () => {
    expect(money(eur(374_000))).toBe('€3,740.00');
    expect(money(eur(5))).toBe('€0.05');
    expect(money({ minor: 1200, currency: 'JPY' })).toBe('¥1,200');
  });

  it('shows amounts beyond what a float holds without losing a cent', () => {
    expect(money(eur(Number.MAX_SAFE_INTEGER))).toBe('€90,071,992,547,409.91');
  });

  it('reads back exactly what it writes into an input', () => {
    for (const minor of [0, 1, 99, 100, 4600, 123_456_789])
      expect(parseAmount(amountText(eur(minor)), 'EUR')).toEqual(eur(minor));
    expect(parseAmount(amountText({ minor: 1200, currency: 'JPY' }), 'JPY')).toEqual({ minor: 1200, currency: 'JPY' });
  });

  it('reads a comma as well as a point, and whole amounts', () => {
    expect(parseAmount('29,5', 'EUR')).toEqual(eur(2950));
    expect(parseAmount(' 29 ', 'EUR')).toEqual(eur(2900));
  });

  it('reads nothing that is not whole cents', () => {
    for (const text of ['', 'free', '-1', '1.234', '1e3', '1,234.00', '€5', '0x10', '1234567890'])
      expect(parseAmount(text, 'EUR')).toBeUndefined();
    expect(parseAmount('5.5', 'JPY')).toBeUndefined();
  });

  it('finds the lowest of some prices, and none of none', () => {
    expect(lowest([eur(46), undefined, eur(39)])).toEqual(eur(39));
    expect(lowest([])).toBeUndefined();
    expect(inCurrency([eur(1), { minor: 2, currency: 'GBP' }], 'GBP')).toEqual({ minor: 2, currency: 'GBP' });
  });
});
