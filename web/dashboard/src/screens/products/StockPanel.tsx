import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { Link } from 'wouter';
import { ledger as ledgerQuery } from '../../api/queries';
import type { LedgerEntry, LedgerKind, Product } from '../../api/types';
import { clockOrDay, count } from '../../lib/time';
import { useNow } from '../../lib/useNow';
import { Button } from '../../ui/Button';
import { StockBar, stockStates } from '../../ui/StockBar';
import { variantTitle } from './Products';

const explained: Partial<Record<(typeof stockStates)[number], string>> = {
  reserved: 'in a checkout, 10 min at most',
  leased: 'lent to another system',
};

const kinds: Record<LedgerKind, string> = {
  stocked: 'Stocked',
  adjusted: 'Adjusted',
  reserved: 'Reserved',
  released: 'Released',
  expired: 'Released',
  sold: 'Sold',
  returned: 'Returned',
};

/** Where every piece is, and the ledger that explains each number. */
export function StockPanel({ product }: { product: Product }) {
  const { stock } = product;
  return (
    <aside className="card" aria-label="Stock">
      <header className="card__head">
        <h2>Stock</h2>
        <span className="push mute">{count(stock.stocked)} stocked</span>
      </header>
      <div className="card__body prod__stock">
        <StockBar stock={stock} height={10} />
        <dl className="split">
          {stockStates.map((state) => (
            <div key={state}>
              <dt>
                <i className={`dot ${state}`} />
                {state[0]!.toUpperCase() + state.slice(1)}
                {explained[state] && <small>{explained[state]}</small>}
              </dt>
              <dd>{count(stock[state])}</dd>
            </div>
          ))}
        </dl>
      </div>
      <Ledger product={product} />
    </aside>
  );
}

function Ledger({ product }: { product: Product }) {
  const [cursors, setCursors] = useState<string[]>([]);
  const page = useQuery({
    ...ledgerQuery(product.id, cursors.at(-1)),
    refetchInterval: cursors.length ? false : 5_000,
  });
  const now = useNow(60_000);
  const entries = page.data?.items ?? [];
  return (
    <>
      <header className="card__head prod__ledger">
        <h3>Ledger</h3>
        <span className="push row">
          {cursors.length > 0 && (
            <Button size="s" look="quiet" onClick={() => setCursors(cursors.slice(0, -1))}>
              Newer
            </Button>
          )}
          {page.data?.next_cursor && (
            <Button size="s" look="quiet" onClick={() => setCursors([...cursors, page.data.next_cursor!])}>
              Older
            </Button>
          )}
        </span>
      </header>
      <ol className="ledger">
        {entries.map((entry, index) => (
          <Entry key={`${entry.at}${index}`} entry={entry} product={product} now={now} />
        ))}
        {page.data && entries.length === 0 && (
          <li className="mute ledger__none">Nothing has happened yet. Adjust the stock of a variant to begin.</li>
        )}
      </ol>
    </>
  );
}

function Entry({ entry, product, now }: { entry: LedgerEntry; product: Product; now: Date }) {
  const variant = product.variants.find(({ id }) => id === entry.variant_id);
  const which = product.variants.length > 1 && variant ? `, ${variantTitle(variant).toLowerCase()}` : '';
  const { by } = entry;
  const note = [by, entry.note && (by ? `“${entry.note}”` : entry.note)].filter(Boolean).join(', ');
  return (
    <li>
      <time dateTime={entry.at}>{clockOrDay(entry.at, now)}</time>
      <span>
        {kinds[entry.kind] ?? entry.kind}
        {which}
        <small>{entry.order ? <Link to={`/orders/${entry.order.id}`}>order {entry.order.number}</Link> : note}</small>
      </span>
      <b>
        {entry.kind === 'adjusted' && entry.quantity > 0 ? '+' : ''}
        {count(entry.quantity)}
      </b>
    </li>
  );
}
