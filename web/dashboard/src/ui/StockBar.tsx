import type { CSSProperties } from 'react';
import type { Stock } from '../api/types';
import { count } from '../lib/time';

export const stockStates = ['sold', 'reserved', 'leased', 'available'] as const;

/** Where every piece is: always in this order, always adding up to what was stocked. */
export function StockBar({ stock, height }: { stock: Stock; height?: number }) {
  const said = stockStates.filter((state) => stock[state] > 0).map((state) => `${count(stock[state])} ${state}`);
  return (
    <div
      className="bar"
      style={height ? { height, borderRadius: height / 2 } : undefined}
      role="img"
      aria-label={`Of ${count(stock.stocked)} stocked: ${said.join(', ') || 'none left'}`}
    >
      {stockStates.map(
        (state) =>
          stock[state] > 0 && <i key={state} className={state} style={{ '--v': stock[state] } as CSSProperties} />,
      )}
    </div>
  );
}

export function StockLegend() {
  return (
    <span className="row legend" aria-hidden="true">
      {stockStates.map((state) => (
        <span key={state}>
          <i className={`dot ${state}`} />
          {state[0]!.toUpperCase() + state.slice(1)}
        </span>
      ))}
    </span>
  );
}

/** Few left is the exception that gets a colour, and a word. */
export const stockTone = (available: number): 'bad' | 'warn' | '' =>
  available === 0 ? 'bad' : available <= 3 ? 'warn' : '';
