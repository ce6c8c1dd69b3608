import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useMemo, useState, type ReactNode } from 'react';
import { Link, useLocation } from 'wouter';
import { cues as cuesQuery, products as productsQuery, shows as showsQuery } from '../../api/queries';
import type { Cue, Money, Product, Variant } from '../../api/types';
import { inCurrency, lowest, money } from '../../lib/money';
import { useSession } from '../../lib/session';
import { useShortcuts } from '../../lib/shortcuts';
import { count, plural } from '../../lib/time';
import { useAddress } from '../../lib/useAddress';
import { Page } from '../../shell/Page';
import { isOnAir } from '../../shell/Sidebar';
import { Blank, LoadFailure, LoadingRows } from '../../ui/Blank';
import { Button } from '../../ui/Button';
import { Icon } from '../../ui/Icon';
import { Menu } from '../../ui/Menu';
import { Pager, trailOf, trailText } from '../../ui/Pager';
import { SearchBox } from '../../ui/SearchBox';
import { StockBar, StockLegend, stockTone } from '../../ui/StockBar';
import { Thumb } from '../../ui/Thumb';

/** Cues of the show that is on air, by product: what is on screen, and at which live price. */
export function useLiveCues(): Map<string, Cue> {
  const live = useQuery(showsQuery()).data?.items.find(isOnAir);
  const run = useQuery({ ...cuesQuery(live?.id ?? ''), enabled: live !== undefined, refetchInterval: 5_000 });
  return useMemo(() => {
    const found = new Map<string, Cue>();
    for (const cue of run.data?.items ?? []) {
      if (cue.product && (!found.has(cue.product.id) || cue.state === 'on_screen')) found.set(cue.product.id, cue);
    }
    return found;
  }, [run.data]);
}

export const variantTitle = (variant: Pick<Variant, 'options' | 'sku'>): string =>
  Object.values(variant.options).join(', ') || variant.sku;

/** `2 sizes`, `One size`. */
function variantWords(product: Product): string {
  const [option] = product.options;
  if (product.variants.length === 1) return option?.values[0] ?? 'One size';
  return option && product.options.length === 1
    ? plural(product.variants.length, option.name.toLowerCase())
    : plural(product.variants.length, 'variant');
}

/** Every row adds up: sold, reserved, leased and available make what was stocked. */
export function Products() {
  const address = useAddress();
  const [, navigate] = useLocation();
  const [open, setOpen] = useState<ReadonlySet<string>>(new Set());
  const q = address.get('q');
  const tag = address.get('tag');
  const trail = trailOf(address.get('after'));
  const list = useQuery({
    ...productsQuery({ q, tag, cursor: trail.at(-1) }),
    placeholderData: keepPreviousData,
    refetchInterval: 5_000,
  });
  const live = useLiveCues();
  const items = list.data?.items ?? [];
  const tags = useMemo(() => [...new Set(items.flatMap((product) => product.tags ?? []))].sort(), [items]);
  const create = (): void => navigate('/products/new');
  useShortcuts({ c: create });
  const toggle = (id: string): void =>
    setOpen((now) => {
      const next = new Set(now);
      if (!next.delete(id)) next.add(id);
      return next;
    });

  let content: ReactNode;
  if (list.isPending) content = <LoadingRows label="Loading products" rows={9} />;
  else if (!list.data) content = <LoadFailure what="Products" error={list.error} onRetry={() => void list.refetch()} />;
  else if (items.length === 0) {
    content =
      q || tag ? (
        <Blank
          icon="search"
          title={q ? `No product matches “${q}”` : `No product is tagged ${tag}`}
          actions={
            <Button size="s" onClick={() => address.set({ q: undefined, tag: undefined, after: undefined })}>
              Show all
            </Button>
          }
        />
      ) : (
        <Blank
          icon="products"
          title="The first product appears here"
          actions={
            <Button size="s" look="solid" icon="plus" onClick={create}>
              New product
            </Button>
          }
        >
          A name, a picture, a price and how many you have.
        </Blank>
      );
  } else content = <Table items={items} live={live} open={open} onToggle={toggle} stale={list.isError} />;

  return (
    <Page
      title="Products"
      edge
      actions={
        <Button look="solid" icon="plus" keyName="C" onClick={create}>
          New product
        </Button>
      }
    >
      <div className="row filters">
        <SearchBox
          label="Search products"
          placeholder="Name or SKU"
          value={q ?? ''}
          onSearch={(text) => address.set({ q: text || undefined, after: undefined })}
        />
        <div className="chips">
          {tag ? (
            <button
              type="button"
              className="chip chip--on"
              onClick={() => address.set({ tag: undefined, after: undefined })}
            >
              Tag: {tag}
              <Icon name="x" />
              <span className="vh">Remove this filter</span>
            </button>
          ) : (
            tags.length > 0 && (
              <Menu
                label="Filter by tag"
                className="chip chip--dash"
                choices={tags.map((name) => ({
                  id: name,
                  label: name,
                  onChoose: () => address.set({ tag: name, after: undefined }),
                }))}
              >
                <Icon name="plus" />
                Tag
              </Menu>
            )
          )}
        </div>
        <span className="push hide-s">
          <StockLegend />
        </span>
      </div>
      <div className="scroller" tabIndex={0} role="region" aria-label="Product list">
        {content}
      </div>
      {list.data && (
        <Pager trail={trail} next={list.data.next_cursor} onGo={(next) => address.set({ after: trailText(next) })}>
          <span>
            {plural(items.length, 'product')}
            {list.data.next_cursor || trail.length ? ' on this page' : ''}
          </span>
          <span className="row pager__live">
            <i className={`dot ${list.isError ? 'dot--off' : 'dot--on'}`} />
            {list.isError ? 'Stock is not up to date' : 'Stock is live'}
          </span>
        </Pager>
      )}
    </Page>
  );
}

function Price({ price }: { price: Money | undefined }) {
  return price ? <>{money(price)}</> : <span className="mute">–</span>;
}

const Count = ({ value }: { value: number }) => <td className={value === 0 ? 'num mute' : 'num'}>{count(value)}</td>;

function Table({
  items,
  live,
  open,
  onToggle,
  stale,
}: {
  items: Product[];
  live: Map<string, Cue>;
  open: ReadonlySet<string>;
  onToggle: (id: string) => void;
  stale: boolean;
}) {
  const { shop } = useSession();
  return (
    <table className={`table products${stale ? ' is-stale' : ''}`}>
      <caption className="vh">Products and their stock</caption>
      <thead>
        <tr>
          <th scope="col">Product</th>
          <th scope="col">Variants</th>
          <th scope="col" className="num">
            Price
          </th>
          <th scope="col" className="num">
            Live price
          </th>
          <th scope="col">Stock</th>
          <th scope="col" className="num">
            Sold
          </th>
          <th scope="col" className="num">
            Reserved
          </th>
          <th scope="col" className="num">
            Leased
          </th>
          <th scope="col" className="num">
            Available
          </th>
          <th scope="col" className="num">
            Stocked
          </th>
        </tr>
      </thead>
      <tbody>
        {items.map((product) => {
          const cue = live.get(product.id);
          const several = product.variants.length > 1;
          const isOpen = several && open.has(product.id);
          const from = lowest(product.variants.map((variant) => inCurrency(variant.prices, shop.currency)));
          const tone = stockTone(product.stock.available);
          return [
            <tr key={product.id} className={isOpen ? 'is-open' : undefined}>
              <th scope="row">
                <Link className="row" to={`/products/${product.id}`}>
                  <Thumb image={product.images[0]} />
                  <span className="products__name">
                    <span className="clip">{product.title}</span>
                    <small>{several ? (product.variants[0]!.sku.split('-')[0] ?? '') : product.variants[0]?.sku}</small>
                  </span>
                  {cue?.state === 'on_screen' && <span className="live live--soft">ON SCREEN</span>}
                </Link>
              </th>
              <td className={several ? undefined : 'mute'}>
                {several ? (
                  <button
                    type="button"
                    className="btn btn--quiet btn--s products__fold"
                    aria-expanded={isOpen}
                    aria-label={`${variantWords(product)} of ${product.title}`}
                    onClick={() => onToggle(product.id)}
                  >
                    {variantWords(product)}
                    <Icon name={isOpen ? 'up' : 'down'} size="s" />
                  </button>
                ) : (
                  variantWords(product)
                )}
              </td>
              <td className="num">
                <Price price={from} />
              </td>
              <td className="num">
                <Price price={cue?.product?.live_price_from ?? cue?.flash?.prices[0]?.price} />
                {cue?.kind === 'flash_sale' && <small>flash sale</small>}
              </td>
              <td>
                <StockBar stock={product.stock} />
              </td>
              <Count value={product.stock.sold} />
              <Count value={product.stock.reserved} />
              <Count value={product.stock.leased} />
              <td className="num">
                <b className={tone || undefined}>{count(product.stock.available)}</b>
                {tone === 'bad' && <small>sold out</small>}
              </td>
              <td className="num mute">{count(product.stock.stocked)}</td>
            </tr>,
            ...(isOpen
              ? product.variants.map((variant, index) => (
                  <tr key={variant.id} className={`sub${index === product.variants.length - 1 ? ' sub--last' : ''}`}>
                    <th scope="row">
                      <span>
                        {variantTitle(variant)} <small>{variant.sku}</small>
                      </span>
                    </th>
                    <td />
                    <td className="num">
                      <Price price={inCurrency(variant.prices, shop.currency)} />
                    </td>
                    <td className="num">
                      <Price
                        price={
                          cue?.live_prices?.find(
                            (line) => line.variant_id === variant.id && line.price.currency === shop.currency,
                          )?.price ?? cue?.product?.live_price_from
                        }
                      />
                    </td>
                    <td>
                      <StockBar stock={variant.stock} />
                    </td>
                    <Count value={variant.stock.sold} />
                    <Count value={variant.stock.reserved} />
                    <Count value={variant.stock.leased} />
                    <td className="num">{count(variant.stock.available)}</td>
                    <td className="num mute">{count(variant.stock.stocked)}</td>
                  </tr>
                ))
              : []),
          ];
        })}
      </tbody>
    </table>
  );
}
