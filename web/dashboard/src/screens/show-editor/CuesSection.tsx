import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { call, post, sentenceOf } from '../../api/http';
import { cues as cuesQuery, product as productQuery, queryClient } from '../../api/queries';
import type { Cue, Show, VariantPrice } from '../../api/types';
import { amountText, money, parseAmount } from '../../lib/money';
import { useSession } from '../../lib/session';
import { clock, count } from '../../lib/time';
import { Button } from '../../ui/Button';
import { DragHandle } from '../../ui/DragHandle';
import { Icon } from '../../ui/Icon';
import { stockTone } from '../../ui/StockBar';
import { Thumb } from '../../ui/Thumb';
import { toast, toastFailure } from '../../ui/toast';
import { AddCue } from '../control-room/AddCue';
import { cueIcon, cuePrice, cueTitle, moved, runOf } from '../control-room/cue-words';
import type { Run } from '../control-room/useRun';

/** When each cue comes, if everything before it takes as long as planned. */
export function cueTimes(show: Pick<Show, 'starts_at'>, cues: Cue[]): Map<string, Date> {
  const times = new Map<string, Date>();
  let at = Date.parse(show.starts_at);
  for (const cue of cues) {
    times.set(cue.id, new Date(at));
    at += (cue.planned_minutes ?? 0) * 60_000;
  }
  return times;
}

/** The run of show before the show: order, live prices, caps. */
export function CuesSection({ show }: { show: Show }) {
  const run = useQuery(cuesQuery(show.id));
  const [adding, setAdding] = useState(false);
  const path = `/v1/admin/shows/${show.id}/cues`;
  const key = cuesQuery(show.id).queryKey;
  const { done, onScreen, planned } = runOf(run.data?.items ?? []);
  const cues = [...done, ...onScreen, ...planned];
  const times = cueTimes(show, cues);
  const minutes = cues.reduce((sum, cue) => sum + (cue.planned_minutes ?? 0), 0);
  const reread = (): Promise<void> => queryClient.invalidateQueries({ queryKey: key });

  const move = async (cue: Cue, by: number): Promise<void> => {
    const ids = planned.map(({ id }) => id);
    const next = moved(ids, cue.id, by);
    if (next === ids) return;
    try {
      await post(`${path}/order`, { cue_ids: [...done, ...onScreen].map(({ id }) => id).concat(next) });
    } catch (error) {
      toastFailure('Not moved', error);
    }
    await reread();
  };
  const remove = async (cue: Cue): Promise<void> => {
    try {
      await call('DELETE', `${path}/${cue.id}`);
      toast(`Took out ${cueTitle(cue)}`);
    } catch (error) {
      toastFailure('Not taken out', error);
    }
    await reread();
  };
  const add: Run['add'] = async (cue) => {
    await post(path, cue);
    await reread();
    void queryClient.invalidateQueries({ queryKey: ['shows'] });
  };

  return (
    <section id="products">
      <header className="row">
        <h2>Products</h2>
        <span className="mute">
          {cues.length > 0 && `${count(cues.length)}${minutes ? `, about ${minutes} min` : ''}`}
        </span>
        {show.state !== 'ended' && (
          <Button size="s" icon="plus" className="push" onClick={() => setAdding(true)}>
            Add to the show
          </Button>
        )}
      </header>
      {run.data && cues.length === 0 ? (
        <p className="mute">Nothing yet. Add what will be shown, in the order it comes.</p>
      ) : (
        <div className="edit__scroll">
          <table className="table table--dense edit__products">
            <caption className="vh">What the show has, in order</caption>
            <thead>
              <tr>
                <th scope="col">
                  <span className="vh">Move</span>
                </th>
                <th scope="col">Product</th>
                <th scope="col" className="num">
                  Price
                </th>
                <th scope="col" className="num">
                  Live price
                </th>
                <th scope="col" className="num">
                  Cap
                </th>
                <th scope="col" className="num">
                  Available
                </th>
                <th scope="col">Time</th>
                <th scope="col">
                  <span className="vh">Take out</span>
                </th>
              </tr>
            </thead>
            <tbody>
              {cues.map((cue) => (
                <CueRow
                  key={cue.id}
                  cue={cue}
                  at={times.get(cue.id)!}
                  place={{ index: planned.indexOf(cue), count: planned.length }}
                  path={path}
                  onMove={(by) => void move(cue, by)}
                  onRemove={() => void remove(cue)}
                  onSaved={reread}
                />
              ))}
            </tbody>
          </table>
        </div>
      )}
      {adding && (
        <AddCue live={false} first={done.length + onScreen.length} onAdd={add} onClose={() => setAdding(false)} />
      )}
    </section>
  );
}

/** The price typed for the product as a whole, for each of its variants; other currencies stay as they are. */
async function pricesOf(cue: Cue, text: string, currency: string): Promise<VariantPrice[]> {
  const others = (cue.flash?.prices ?? cue.live_prices ?? []).filter(({ price }) => price.currency !== currency);
  const price = parseAmount(text, currency);
  if (!price || !cue.product) return others;
  const product = (await queryClient.fetchQuery(productQuery(cue.product.id))).value;
  return [...others, ...product.variants.map((variant) => ({ variant_id: variant.id, price }))];
}

function CueRow({
  cue,
  at,
  place,
  path,
  onMove,
  onRemove,
  onSaved,
}: {
  cue: Cue;
  at: Date;
  place: { index: number; count: number };
  path: string;
  onMove: (by: number) => void;
  onRemove: () => void;
  onSaved: () => Promise<void>;
}) {
  const { shop } = useSession();
  const sale = cue.kind === 'flash_sale';
  const shown = sale ? cuePrice(cue) : cue.product?.live_price_from;
  const [price, setPrice] = useState(shown ? amountText(shown) : '');
  const [cap, setCap] = useState(cue.flash ? String(cue.flash.cap) : '');
  const [refusal, setRefusal] = useState<string>();
  const typed = parseAmount(price, shop.currency);
  const shopPrice = cue.product?.price_from;
  const above = typed && shopPrice && typed.minor > shopPrice.minor;
  const error = above
    ? `The live price is above the shop price of ${money(shopPrice)}. Lower it or leave it empty.`
    : price.trim() && !typed
      ? `“${price}” is not an amount in ${shop.currency}.`
      : refusal;
  const title = cueTitle(cue);
  const locked = cue.state !== 'planned';

  const save = async (): Promise<void> => {
    if (error && error !== refusal) return;
    const pieces = Number(cap);
    if (sale && (!typed || !Number.isInteger(pieces) || pieces < 1))
      return setRefusal('A sale needs a price and a number of pieces.');
    if (price === (shown ? amountText(shown) : '') && (!sale || pieces === cue.flash?.cap)) return;
    setRefusal(undefined);
    try {
      const prices = await pricesOf(cue, price, shop.currency);
      await call('PATCH', `${path}/${cue.id}`, {
        body: sale ? { flash: { prices, duration_s: cue.flash!.duration_s, cap: pieces } } : { live_prices: prices },
      });
      await onSaved();
    } catch (problem) {
      setRefusal(sentenceOf(problem));
    }
  };

  return (
    <>
      <tr className={error ? 'has-err' : undefined}>
        <td>{!locked && <DragHandle name={title} index={place.index} count={place.count} onMove={onMove} />}</td>
        <th scope="row">
          <span className="row">
            {cue.product ? (
              <Thumb image={cue.product.image} size="s" />
            ) : (
              <span className="thumb thumb--s tile">
                <Icon name={cueIcon[cue.kind]} />
              </span>
            )}
            <span className="clip">{title}</span>
            {cue.state === 'on_screen' && <span className="live live--soft">ON SCREEN</span>}
          </span>
        </th>
        <td className="num">{shopPrice ? money(shopPrice) : <span className="mute">–</span>}</td>
        <td className="num">
          {cue.product ? (
            <input
              className="input input--s"
              inputMode="decimal"
              aria-label={`Live price of ${cue.product.title}`}
              aria-invalid={error ? true : undefined}
              placeholder="none"
              disabled={locked}
              value={price}
              onChange={(event) => setPrice(event.target.value)}
              onBlur={() => void save()}
            />
          ) : (
            <span className="mute">–</span>
          )}
        </td>
        <td className="num">
          {sale ? (
            <input
              className="input input--s"
              inputMode="numeric"
              aria-label={`Cap of ${title}`}
              disabled={locked}
              value={cap}
              onChange={(event) => setCap(event.target.value)}
              onBlur={() => void save()}
            />
          ) : (
            <span className="mute">–</span>
          )}
        </td>
        <td className={`num ${cue.product ? stockTone(cue.product.stock.available) : ''}`}>
          {cue.product ? count(cue.product.stock.available) : <span className="mute">–</span>}
        </td>
        <td className="nowrap">
          {clock(cue.planned_at ?? at)}
          {cue.planned_minutes ? `, ${cue.planned_minutes} min` : ''}
        </td>
        <td className="num">
          {!locked && <Button look="quiet" size="s" icon="x" aria-label={`Take out ${title}`} onClick={onRemove} />}
        </td>
      </tr>
      {error && (
        <tr className="edit__err">
          <td />
          <td colSpan={7}>
            <span className="bad row" role="alert">
              <Icon name="warn" size="s" />
              {error}
            </span>
          </td>
        </tr>
      )}
    </>
  );
}
