import { describe, expect, it } from 'vitest';
import type { Product } from '../../api/types';
import { emptyForm, fixWords, formOf, readForm, type ProductForm } from './form';

const stock = { stocked: 0, sold: 0, reserved: 0, leased: 0, available: 0 };
const product: Product = {
  id: 'prd_1',
  title: 'Celadon ramen bowl',
  description: 'Deep',
  tags: ['tableware'],
  options: [{ name: 'Size', values: ['Small', 'Large'] }],
  images: [],
  version: 1,
  created_at: '2026-11-20T10:00:00Z',
  updated_at: '2026-11-20T10:00:00Z',
  stock,
  variants: ['Small', 'Large'].map((size, index) => ({
    id: `var_${index}`,
    sku: `CB-${index}`,
    options: { Size: size },
    prices: [{ minor: 4600, currency: 'EUR' }],
    compare_at: [],
    weight_g: 480,
    stock,
  })),
};
const change = (variant: number, next: Partial<ProductForm['variants'][number]>): ProductForm => {
  const form = formOf(product);
  form.variants[variant] = { ...form.variants[variant]!, ...next };
  return form;
};
const read = (form: ProductForm) => readForm(form, ['img_1'], ['EUR', 'GBP']);

describe('the product form', () => {
  it('gives back what it was made from', () => {
    expect(read(formOf(product)).edit).toEqual({
      title: 'Celadon ramen bowl',
      description: 'Deep',
      tags: ['tableware'],
      options: product.options,
      images: ['img_1'],
      variants: product.variants.map(({ id, sku, options, prices, compare_at, weight_g }) => ({
        id,
        sku,
        options,
        prices,
        compare_at,
        weight_g,
      })),
    });
  });

  it('asks for a name, a SKU and a price', () => {
    const errors = read(emptyForm()).errors;
    expect(Object.values(errors)).toEqual([
      'Viewers need a name for it.',
      'A variant needs a SKU.',
      'A variant needs a price.',
    ]);
    expect(fixWords(errors)).toBe('Three things to fix');
  });

  it('refuses a SKU that is used twice, and two variants that are the same', () => {
    expect(Object.values(read(change(1, { sku: 'CB-0' })).errors)).toEqual(['CB-0 is used twice.']);
    expect(Object.values(read(change(1, { options: { Size: 'Small' } })).errors)).toEqual([
      'Another variant has the same options.',
    ]);
  });

  it('refuses what is not an amount, in the currency it is in', () => {
    expect(Object.values(read(change(0, { prices: { EUR: '46', GBP: 'cheap' } })).errors)).toEqual([
      '“cheap” is not an amount in GBP.',
    ]);
  });

  it('refuses a price before that is not higher', () => {
    expect(Object.values(read(change(0, { compareAt: { EUR: '46.00' } })).errors)).toEqual([
      'The price before must be higher than the price.',
    ]);
  });

  it('sends no edit while anything is wrong', () => expect(read(change(0, { weight: 'light' })).edit).toBeUndefined());
});
