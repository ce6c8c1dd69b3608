import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { Problem } from '../../api/http';
import type { CueKind, NewCue, Product, VariantPrice } from '../../api/types';
import { amountText, inCurrency, lowest, money, parseAmount } from '../../lib/money';
import { useSession } from '../../lib/session';
import { plural } from '../../lib/time';
import { Button } from '../../ui/Button';
import { Dialog } from '../../ui/Dialog';
import { SelectField, TextArea, TextField } from '../../ui/Field';
import { Failure } from '../../ui/Notice';
import { ProductPicker } from '../products/ProductPicker';
import { product as productQuery } from '../../api/queries';

const kinds: { id: CueKind; label: string }[] = [
  { id: 'product', label: 'Product' },
  { id: 'flash_sale', label: 'Flash sale' },
  { id: 'banner', label: 'Banner' },
];

export const BANNER_MOST = 120;

/** What a price typed for a whole product means for its variants; a sentence where it can't be. */
export function pricesFor(
  product: Product,
  typed: Record<string, string>,
): { prices: VariantPrice[]; errors: Record<string, string> } {
  const prices: VariantPrice[] = [];
  const errors: Record<string, string> = {};
  for (const [currency, text] of Object.entries(typed)) {
    if (!text.trim()) continue;
    const price = parseAmount(text, currency);
    if (!price) {
      errors[currency] = `Type an amount like ${amountText({ minor: 2900, currency })}.`;
      continue;
    }
    for (const variant of product.variants) {
      const shop = inCurrency(variant.prices, currency);
      if (!shop) continue;
      if (price.minor > shop.minor)
        errors[currency] = `That is above the shop price of ${money(shop)}. Lower it or leave it empty.`;
      prices.push({ variant_id: variant.id, price });
    }
  }
  return { prices, errors };
}

/** Adds one thing to the run of show. `first` is the place of the next planned cue. */
export function AddCue({
  onAdd,
  onClose,
  first,
  live,
}: {
  onAdd: (cue: NewCue) => Promise<void>;
  onClose: () => void;
  first: number;
  live: boolean;
}) {
  const { shop } = useSession();
  const [kind, setKind] = useState<CueKind>('product');
  const [productId, setProductId] = useState<string>();
  const [typed, setTyped] = useState<Record<string, string>>({});
  const [cap, setCap] = useState('');
  const [minutes, setMinutes] = useState('5');
  const [text, setText] = useState('');
  const [where, setWhere] = useState<'end' | 'next'>(live ? 'next' : 'end');
  const [busy, setBusy] = useState(false);
  const [tried, setTried] = useState(false);
  const [failure, setFailure] = useState<unknown>();
  const chosen = useQuery({ ...productQuery(productId ?? ''), enabled: productId !== undefined }).data?.value;
  const { prices, errors } = chosen ? pricesFor(chosen, typed) : { prices: [], errors: {} };
  const pieces = /^\d{1,5}$/.test(cap) ? Number(cap) : 0;
  const missing =
    kind === 'banner'
      ? text.trim()
        ? ''
        : 'Write what the banner says.'
      : !chosen
        ? 'Choose a product.'
        : kind === 'flash_sale' && prices.length === 0
          ? 'A sale needs a price.'
          : kind === 'flash_sale' && pieces < 1
            ? 'Say how many pieces the sale has.'
            : '';

  const submit = async (): Promise<void> => {
    setTried(true);
    if (missing || Object.keys(errors).length || busy) return;
    setBusy(true);
    const place = where === 'next' ? { position: first } : {};
    const cue: NewCue =
      kind === 'banner'
        ? { kind, text: text.trim(), ...place }
        : kind === 'flash_sale'
          ? { kind, product_id: chosen!.id, flash: { prices, duration_s: Number(minutes) * 60, cap: pieces }, ...place }
          : { kind, product_id: chosen!.id, ...(prices.length ? { live_prices: prices } : {}), ...place };
    try {
      await onAdd(cue);
      onClose();
    } catch (error) {
      setFailure(error);
      setBusy(false);
    }
  };

  return (
    <Dialog
      title="Add a cue"
      onClose={onClose}
      onSubmit={() => void submit()}
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button look="solid" type="submit" busy={busy}>
            Add the {kind === 'flash_sale' ? 'sale' : kind}
          </Button>
        </>
      }
    >
      <div className="form">
        <div className="seg seg--fill" role="group" aria-label="What to add">
          {kinds.map(({ id, label }) => (
            <button type="button" key={id} aria-pressed={kind === id} onClick={() => setKind(id)}>
              {label}
            </button>
          ))}
        </div>
        {failure !== undefined && <Failure error={failure instanceof Problem ? failure : new Error()} />}
        {tried && missing && (
          <p className="err" role="alert">
            {missing}
          </p>
        )}
        {kind === 'banner' ? (
          <TextArea
            label="What it says"
            rows={2}
            maxLength={BANNER_MOST}
            hint={`${text.length} of ${BANNER_MOST} letters, over the picture.`}
            value={text}
            onChange={(event) => setText(event.target.value)}
          />
        ) : (
          <>
            <ProductPicker chosen={productId} onChoose={setProductId} />
            {chosen && (
              <div className="edit__two">
                {shop.currencies
                  .filter((currency) => chosen.variants.some((variant) => inCurrency(variant.prices, currency)))
                  .map((currency) => {
                    const from = lowest(chosen.variants.map((variant) => inCurrency(variant.prices, currency)));
                    return (
                      <TextField
                        key={currency}
                        label={`${kind === 'flash_sale' ? 'Sale price' : 'Live price'}, ${currency}`}
                        inputMode="decimal"
                        placeholder={kind === 'flash_sale' ? '' : 'none'}
                        hint={from && `In the shop ${money(from)}`}
                        error={errors[currency]}
                        value={typed[currency] ?? ''}
                        onChange={(event) => setTyped({ ...typed, [currency]: event.target.value })}
                      />
                    );
                  })}
              </div>
            )}
            {kind === 'flash_sale' && (
              <div className="edit__two">
                <TextField
                  label="Pieces at most"
                  inputMode="numeric"
                  value={cap}
                  hint={chosen && `${plural(chosen.stock.available, 'piece')} available`}
                  onChange={(event) => setCap(event.target.value)}
                />
                <SelectField label="For" value={minutes} onChange={(event) => setMinutes(event.target.value)}>
                  {[1, 2, 3, 5, 10, 15, 30].map((value) => (
                    <option key={value} value={value}>
                      {value} min
                    </option>
                  ))}
                </SelectField>
              </div>
            )}
          </>
        )}
        <SelectField label="Where" value={where} onChange={(event) => setWhere(event.target.value as 'end' | 'next')}>
          <option value="next">Next</option>
          <option value="end">At the end</option>
        </SelectField>
      </div>
    </Dialog>
  );
}
