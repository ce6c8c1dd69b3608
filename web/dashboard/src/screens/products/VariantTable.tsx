import { useState } from 'react';
import type { Product, Variant } from '../../api/types';
import { count } from '../../lib/time';
import { Button } from '../../ui/Button';
import { AdjustStock } from './AdjustStock';
import { newKey, type FormErrors, type ProductForm, type VariantForm } from './form';

export interface VariantTableProps {
  form: ProductForm;
  saved: Product | undefined;
  currencies: string[];
  errors: FormErrors;
  onChange: (next: Partial<ProductForm>) => void;
}

/** Variants with their options, prices in each of the shop's currencies, and the way to their stock. */
export function VariantTable({ form, saved, currencies, errors, onChange }: VariantTableProps) {
  const [adjusting, setAdjusting] = useState<Variant>();
  const { variants, optionNames } = form;
  const set = (key: string, next: Partial<VariantForm>): void =>
    onChange({ variants: variants.map((variant) => (variant.key === key ? { ...variant, ...next } : variant)) });
  const addVariant = (): void =>
    onChange({
      variants: [
        ...variants,
        {
          key: newKey(),
          sku: '',
          options: {},
          prices: { ...variants.at(-1)?.prices },
          compareAt: {},
          weight: variants.at(-1)?.weight ?? '',
        },
      ],
      ...(optionNames.length === 0 ? { optionNames: ['Size'] } : {}),
    });
  const rename = (index: number, name: string): void => {
    const old = optionNames[index]!;
    onChange({
      optionNames: optionNames.map((known, at) => (at === index ? name : known)),
      variants: variants.map((variant) => ({
        ...variant,
        options: Object.fromEntries(
          Object.entries(variant.options).map(([key, value]) => [key === old ? name : key, value]),
        ),
      })),
    });
  };
  return (
    <section>
      <header className="row prod__head">
        <h2>Variants</h2>
        <span className="mute">{optionNames.length > 0 && `by ${optionNames.join(' and ').toLowerCase()}`}</span>
        <span className="push row">
          {optionNames.length < 3 && (
            <Button
              size="s"
              look="quiet"
              icon="plus"
              onClick={() =>
                onChange({
                  optionNames: [
                    ...optionNames,
                    ['Size', 'Colour', 'Glaze', 'Material'].find((name) => !optionNames.includes(name)) ?? 'Option',
                  ],
                })
              }
            >
              Add option
            </Button>
          )}
          <Button size="s" icon="plus" onClick={addVariant}>
            Add variant
          </Button>
        </span>
      </header>
      {errors['options'] && (
        <p className="err" role="alert">
          {errors['options']}
        </p>
      )}
      <div className="edit__scroll">
        <table className="table table--dense prod__var">
          <caption className="vh">Variants</caption>
          <thead>
            <tr>
              {optionNames.map((name, index) => (
                <th scope="col" key={index}>
                  <span className="row prod__opt">
                    <input
                      className="input input--bare"
                      aria-label={`Name of option ${index + 1}`}
                      value={name}
                      onChange={(event) => rename(index, event.target.value)}
                    />
                    <Button
                      size="s"
                      look="quiet"
                      icon="x"
                      aria-label={`Remove the option ${name}`}
                      onClick={() => onChange({ optionNames: optionNames.filter((_, at) => at !== index) })}
                    />
                  </span>
                </th>
              ))}
              <th scope="col">SKU</th>
              {currencies.map((currency) => (
                <th scope="col" className="num" key={currency}>
                  Price, {currency}
                </th>
              ))}
              <th scope="col" className="num">
                Before
              </th>
              <th scope="col" className="num">
                Weight, g
              </th>
              {saved && (
                <th scope="col" className="num">
                  Available
                </th>
              )}
              <th scope="col">
                <span className="vh">Actions</span>
              </th>
            </tr>
          </thead>
          <tbody>
            {variants.map((variant, index) => {
              const known = saved?.variants.find(({ id }) => id === variant.id);
              const name =
                Object.values(variant.options).filter(Boolean).join(', ') || variant.sku || `variant ${index + 1}`;
              const cell = (
                field: string,
                label: string,
                value: string,
                change: (text: string) => void,
                wide?: boolean,
              ) => {
                const error =
                  errors[`${variant.key}/${field}`] ??
                  (field === optionNames[0] ? errors[`${variant.key}/options`] : undefined);
                return (
                  <input
                    className={`input input--s${wide ? ' input--text' : ''}`}
                    aria-label={`${label}, ${name}`}
                    aria-invalid={error ? true : undefined}
                    title={error}
                    inputMode={wide ? undefined : 'decimal'}
                    value={value}
                    onChange={(event) => change(event.target.value)}
                  />
                );
              };
              return (
                <tr key={variant.key}>
                  {optionNames.map((option, at) => (
                    <td key={at}>
                      {cell(
                        option,
                        option,
                        variant.options[option] ?? '',
                        (text) => set(variant.key, { options: { ...variant.options, [option]: text } }),
                        true,
                      )}
                    </td>
                  ))}
                  <td>{cell('sku', 'SKU', variant.sku, (sku) => set(variant.key, { sku }), true)}</td>
                  {currencies.map((currency) => (
                    <td className="num" key={currency}>
                      {cell(`price-${currency}`, `Price in ${currency}`, variant.prices[currency] ?? '', (text) =>
                        set(variant.key, { prices: { ...variant.prices, [currency]: text } }),
                      )}
                    </td>
                  ))}
                  <td className="num">
                    {cell(
                      `compare-${currencies[0]}`,
                      `Price before in ${currencies[0]}`,
                      variant.compareAt[currencies[0]!] ?? '',
                      (text) => set(variant.key, { compareAt: { ...variant.compareAt, [currencies[0]!]: text } }),
                    )}
                  </td>
                  <td className="num">
                    {cell('weight', 'Weight in grams', variant.weight, (weight) => set(variant.key, { weight }))}
                  </td>
                  {saved && (
                    <td className="num">{known ? count(known.stock.available) : <span className="mute">–</span>}</td>
                  )}
                  <td className="num">
                    <span className="row prod__acts">
                      {known && (
                        <Button size="s" aria-label={`Adjust the stock of ${name}`} onClick={() => setAdjusting(known)}>
                          Adjust…
                        </Button>
                      )}
                      {variants.length > 1 && (
                        <Button
                          size="s"
                          look="quiet"
                          icon="x"
                          aria-label={`Remove ${name}`}
                          onClick={() => onChange({ variants: variants.filter(({ key }) => key !== variant.key) })}
                        />
                      )}
                    </span>
                  </td>
                </tr>
              );
            })}
          </tbody>
        </table>
      </div>
      <Complaints errors={errors} variants={variants} />
      <p className="hint">
        Prices with VAT, whole cents only. “Before” is the struck-through price
        {currencies[0] ? ` in ${currencies[0]}` : ''}; leave it empty if there is none.
      </p>
      {adjusting && saved && (
        <AdjustStock product={saved} variant={adjusting} onClose={() => setAdjusting(undefined)} />
      )}
    </section>
  );
}

/** What is wrong in the table, in words: a red edge alone would be colour as the only sign. */
function Complaints({ errors, variants }: { errors: FormErrors; variants: VariantForm[] }) {
  const keys = new Set(variants.map(({ key }) => key));
  const lines = [
    ...new Set(
      Object.entries(errors)
        .filter(([field]) => keys.has(field.split('/')[0]!))
        .map(([, text]) => text),
    ),
  ];
  return lines.map((text) => (
    <p className="err" role="alert" key={text}>
      {text}
    </p>
  ));
}
