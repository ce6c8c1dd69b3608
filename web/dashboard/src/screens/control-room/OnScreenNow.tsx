import { useQuery } from '@tanstack/react-query';
import { product as productQuery } from '../../api/queries';
import type { Cue, Figures, Stock, Variant } from '../../api/types';
import { money } from '../../lib/money';
import { clockSeconds, count, showTime } from '../../lib/time';
import { useNow } from '../../lib/useNow';
import { Button } from '../../ui/Button';
import { StockBar, stockStates } from '../../ui/StockBar';
import { Thumb } from '../../ui/Thumb';
import { cuePrice, cueTitle, cueWas } from './cue-words';

export interface OnScreenNowProps {
  cue: Cue | undefined;
  /** Stands below another card: without the table of its stock. */
  brief?: boolean;
  figures: Figures | undefined;
  /** The room has it, and the frame it belongs to is out. */
  seen: boolean;
  online: boolean;
  mayRun: boolean;
  onUnpin: () => void;
  onStop: (cue: Cue) => void;
}

/** What is over the picture at this moment, and how it sells. */
export function OnScreenNow({ cue, brief, figures, seen, online, mayRun, onUnpin, onStop }: OnScreenNowProps) {
  if (!cue?.product) {
    return (
      <article className="now now--empty" aria-label="On screen now">
        <p>
          <b>Nothing is pinned.</b> <span className="mute">Viewers see the picture alone.</span>
        </p>
      </article>
    );
  }
  const sale = cue.kind === 'flash_sale';
  const sold = figures?.products?.find((line) => line.product_id === cue.product!.id);
  const price = cuePrice(cue);
  const was = cueWas(cue);
  return (
    <article className="now" aria-label={sale ? 'Flash sale on screen' : 'On screen now'}>
      <header className="row">
        <span className="now__label">
          <i />
          {!seen ? 'Sending' : sale ? 'Flash sale on screen' : 'On screen now'}
        </span>
        <Elapsed cue={cue} />
        {mayRun &&
          (sale ? (
            <Button size="s" icon="stop" className="push" disabled={!online} onClick={() => onStop(cue)}>
              End sale
            </Button>
          ) : (
            <Button size="s" icon="unpin" keyName="U" className="push" disabled={!online} onClick={onUnpin}>
              Unpin
            </Button>
          ))}
      </header>
      <div className="now__what">
        <Thumb image={cue.product.image} />
        <div className="now__name">
          <h2 className="clip">{sale ? cue.product.title : cueTitle(cue)}</h2>
          <p className="now__price">
            {price && money(price)} {was && <s className="was">{money(was)}</s>}
          </p>
        </div>
        <dl className="now__pulse">
          {sale && cue.flash && (
            <div>
              <dt>of {count(cue.flash.cap)} left</dt>
              <dd>{count(Math.max(0, cue.flash.cap - (cue.flash.sold ?? 0)))}</dd>
            </div>
          )}
          <div>
            <dt>pieces</dt>
            <dd>{count(sold?.pieces ?? 0)}</dd>
          </div>
          <div>
            <dt>orders</dt>
            <dd>{count(sold?.orders ?? 0)}</dd>
          </div>
        </dl>
      </div>
      <StockBar stock={cue.product.stock} height={8} />
      {!brief && <StockTable productId={cue.product.id} stock={cue.product.stock} />}
      {sale && cue.flash?.ends_at && (
        <p className="hint">Ends at {clockSeconds(cue.flash.ends_at)} or at the last piece, and can't be extended.</p>
      )}
    </article>
  );
}

function Elapsed({ cue }: { cue: Cue }) {
  const now = useNow();
  if (cue.kind === 'flash_sale' && cue.flash?.ends_at) {
    return (
      <span>
        <b>{showTime(Date.parse(cue.flash.ends_at) - now.getTime())}</b> <span className="mute">left</span>
      </span>
    );
  }
  if (!cue.started_at) return null;
  const elapsed = showTime(now.getTime() - Date.parse(cue.started_at));
  return <span className="mute">{cue.planned_minutes ? `${elapsed} of ${cue.planned_minutes} min` : elapsed}</span>;
}

const variantName = (variant: Variant): string => Object.values(variant.options).join(', ') || variant.sku;

/** Each variant's pieces by state. */
function StockTable({ productId, stock }: { productId: string; stock: Stock }) {
  const query = useQuery(productQuery(productId));
  const variants = query.data?.value.variants ?? [];
  const rows =
    variants.length > 1
      ? variants.map((variant) => ({ id: variant.id, name: variantName(variant), stock: variant.stock }))
      : [{ id: productId, name: 'All', stock }];
  return (
    <div className="now__rows">
      <table className="now__stock">
        <caption className="vh">Stock by variant</caption>
        <thead>
          <tr>
            <th scope="col">Stock</th>
            {stockStates.map((state) => (
              <th scope="col" key={state}>
                <i className={`dot ${state}`} />
                {state[0]!.toUpperCase() + state.slice(1)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={row.id}>
              <th scope="row">{row.name}</th>
              {stockStates.map((state) => (
                <td key={state}>
                  {state === 'available' ? <b>{count(row.stock[state])}</b> : count(row.stock[state])}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
