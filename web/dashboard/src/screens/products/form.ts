import type { Product, ProductEdit } from '../../api/types';
import { amountText, inCurrency, parseAmount } from '../../lib/money';

export interface VariantForm {
  id?: string;
  /** Survives reordering while the variant has no id yet. */
  key: string;
  sku: string;
  options: Record<string, string>;
  /** As typed, by currency. */
  prices: Record<string, string>;
  compareAt: Record<string, string>;
  weight: string;
}

export interface ProductForm {
  title: string;
  description: string;
  tags: string[];
  optionNames: string[];
  variants: VariantForm[];
}

let lastKey = 0;
export const newKey = (): string => `new${++lastKey}`;

export const emptyForm = (): ProductForm => ({
  title: '',
  description: '',
  tags: [],
  optionNames: [],
  variants: [{ key: newKey(), sku: '', options: {}, prices: {}, compareAt: {}, weight: '' }],
});

export function formOf(product: Product): ProductForm {
  const text = (amounts: Product['variants'][number]['prices'] | undefined): Record<string, string> =>
    Object.fromEntries((amounts ?? []).map((price) => [price.currency, amountText(price)]));
  return {
    title: product.title,
    description: product.description ?? '',
    tags: product.tags ?? [],
    optionNames: product.options.map(({ name }) => name),
    variants: product.variants.map((variant) => ({
      id: variant.id,
      key: variant.id,
      sku: variant.sku,
      options: variant.options,
      prices: text(variant.prices),
      compareAt: text(variant.compare_at),
      weight: variant.weight_g ? String(variant.weight_g) : '',
    })),
  };
}

/** Complaints by field: `title`, or `variant-key/field`. */
export type FormErrors = Record<string, string>;

/** Reads the form as the API takes it, or says what is wrong with it. */
export function readForm(
  form: ProductForm,
  images: string[],
  currencies: string[],
): { edit?: ProductEdit; errors: FormErrors } {
  const errors: FormErrors = {};
  if (!form.title.trim()) errors['title'] = 'Viewers need a name for it.';
  const names = form.optionNames.map((name) => name.trim());
  if (new Set(names).size !== names.length || names.some((name) => !name))
    errors['options'] = 'Each option needs a name of its own.';
  const skus = new Set<string>();
  const combinations = new Set<string>();
  const variants = form.variants.map((variant) => {
    const at = (field: string): string => `${variant.key}/${field}`;
    const sku = variant.sku.trim();
    if (!sku) errors[at('sku')] = 'A variant needs a SKU.';
    else if (skus.has(sku)) errors[at('sku')] = `${sku} is used twice.`;
    skus.add(sku);
    const options = Object.fromEntries(
      names.map((name, index) => [name, (variant.options[form.optionNames[index]!] ?? '').trim()]),
    );
    for (const name of names) if (!options[name]) errors[at(name)] = `Say which ${name.toLowerCase()}.`;
    const combination = JSON.stringify(options);
    if (combinations.has(combination))
      errors[at('options')] = names.length
        ? 'Another variant has the same options.'
        : 'Add an option, such as a size, to tell variants apart.';
    combinations.add(combination);
    const amounts = (typed: Record<string, string>, field: string) =>
      currencies.flatMap((currency) => {
        const text = typed[currency]?.trim();
        if (!text) return [];
        const price = parseAmount(text, currency);
        if (!price) errors[at(`${field}-${currency}`)] = `“${text}” is not an amount in ${currency}.`;
        return price ? [price] : [];
      });
    const prices = amounts(variant.prices, 'price');
    if (prices.length === 0 && currencies[0] && !errors[at(`price-${currencies[0]}`)])
      errors[at(`price-${currencies[0]}`)] = 'A variant needs a price.';
    const compareAt = amounts(variant.compareAt, 'compare');
    for (const was of compareAt) {
      const price = inCurrency(prices, was.currency);
      if (price && was.minor <= price.minor)
        errors[at(`compare-${was.currency}`)] = 'The price before must be higher than the price.';
    }
    const weight = variant.weight.trim();
    if (weight && !/^\d{1,6}$/.test(weight)) errors[at('weight')] = 'Whole grams only.';
    return {
      ...(variant.id ? { id: variant.id } : {}),
      sku,
      options,
      prices,
      compare_at: compareAt,
      ...(weight ? { weight_g: Number(weight) } : {}),
    };
  });
  if (Object.keys(errors).length) return { errors };
  const options = names.map((name) => ({
    name,
    values: [...new Set(variants.map((variant) => variant.options[name]!))],
  }));
  return {
    edit: {
      title: form.title.trim(),
      description: form.description.trim(),
      tags: form.tags,
      options,
      images,
      variants,
    },
    errors,
  };
}

/** `Two things to fix`. */
export function fixWords(errors: FormErrors): string {
  const many = Object.keys(errors).length;
  const words = ['', 'One thing', 'Two things', 'Three things', 'Four things'][many] ?? `${many} things`;
  return `${words} to fix`;
}
