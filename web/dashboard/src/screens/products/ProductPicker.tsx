import { useQuery } from '@tanstack/react-query';
import { useDeferredValue, useState } from 'react';
import { products } from '../../api/queries';
import { inCurrency, lowest, money } from '../../lib/money';
import { useSession } from '../../lib/session';
import { count } from '../../lib/time';
import { Icon } from '../../ui/Icon';
import { Thumb } from '../../ui/Thumb';

/** Finds one product by name or SKU. */
export function ProductPicker({
  chosen,
  onChoose,
  without = [],
}: {
  chosen: string | undefined;
  onChoose: (id: string) => void;
  without?: string[];
}) {
  const { shop } = useSession();
  const [search, setSearch] = useState('');
  const q = useDeferredValue(search.trim());
  const found = useQuery({ ...products({ q: q || undefined }), placeholderData: (before) => before });
  const items = (found.data?.items ?? []).filter((product) => !without.includes(product.id));
  return (
    <fieldset className="picker">
      <legend className="vh">Product</legend>
      <label className="affix">
        <Icon name="search" />
        <input
          className="input"
          type="search"
          aria-label="Search products"
          placeholder="Name or SKU"
          value={search}
          onChange={(event) => setSearch(event.target.value)}
        />
      </label>
      <ul className="picker__list">
        {items.map((product) => {
          const price = lowest(product.variants.map((variant) => inCurrency(variant.prices, shop.currency)));
          return (
            <li key={product.id}>
              <label className={`picker__row${chosen === product.id ? ' is-on' : ''}`}>
                <input
                  className="radio"
                  type="radio"
                  name="product"
                  checked={chosen === product.id}
                  onChange={() => onChoose(product.id)}
                />
                <Thumb image={product.images[0]} size="s" />
                <span className="clip">{product.title}</span>
                <span className="push mute nowrap">
                  {price && money(price)}, {count(product.stock.available)} available
                </span>
              </label>
            </li>
          );
        })}
        {found.data && items.length === 0 && (
          <li className="mute picker__none">
            {q ? `No product matches “${q}”.` : 'No products yet. Add them under Products first.'}
          </li>
        )}
      </ul>
    </fieldset>
  );
}
