import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { Link, useLocation } from 'wouter';
import { post, Problem } from '../../api/http';
import { order as orderQuery, orders as ordersQuery, queryClient, show as showQuery } from '../../api/queries';
import type { Order } from '../../api/types';
import { money } from '../../lib/money';
import { useMay } from '../../lib/session';
import { dateAndSeconds, fullDate, plural, showTime } from '../../lib/time';
import { Page } from '../../shell/Page';
import { LoadFailure, LoadingRows } from '../../ui/Blank';
import { Button } from '../../ui/Button';
import { Dialog } from '../../ui/Dialog';
import { TextField } from '../../ui/Field';
import { Icon } from '../../ui/Icon';
import { Cover, Thumb } from '../../ui/Thumb';
import { toast, toastFailure } from '../../ui/toast';
import { NotFound } from '../NotFound';
import { MailDialog } from './MailDialog';
import { RefundDialog } from './RefundDialog';
import { nextStage, paymentWords, stages, stageTimes, stateWords } from './words';

/** One order: what was bought, at which moment of the show, by whom, and what has happened since. */
export function OrderDetail({ orderId }: { orderId: string }) {
  const may = useMay();
  const answer = useQuery({ ...orderQuery(orderId), refetchInterval: 10_000 });
  const [dialog, setDialog] = useState<'refund' | 'sent'>();
  const [mail, setMail] = useState<string>();
  const [busy, setBusy] = useState(false);
  const parent = { to: '/orders', label: 'Orders' };
  if (answer.error instanceof Problem && answer.error.status === 404) return <NotFound />;
  if (!answer.data) {
    return (
      <Page title="Order" parent={parent}>
        {answer.error ? (
          <LoadFailure what="This order" error={answer.error} onRetry={() => void answer.refetch()} />
        ) : (
          <LoadingRows label="Loading the order" />
        )}
      </Page>
    );
  }
  const order = answer.data;
  const words = stateWords[order.state];
  const next = nextStage(order);
  const fulfil = async (state: string, tracking?: string): Promise<void> => {
    setBusy(true);
    setDialog(undefined);
    try {
      await post(`/v1/admin/orders/${order.id}/fulfilment`, { state, ...(tracking ? { tracking } : {}) });
      toast(`Order ${order.number} is ${state}`);
      await Promise.all([answer.refetch(), queryClient.invalidateQueries({ queryKey: ['orders'] })]);
    } catch (error) {
      toastFailure('Not changed', error);
    }
    setBusy(false);
  };

  return (
    <Page
      title={String(order.number)}
      parent={parent}
      note={
        <>
          <span className={`pill ${words?.tone ?? ''}`}>{words?.label ?? order.state}</span>
          <span className="mute">{fullDate(order.placed_at)}</span>
        </>
      }
      actions={
        <>
          <Neighbours orderId={order.id} />
          {may('refund') && order.refundable.minor > 0 && (
            <Button icon="refund" onClick={() => setDialog('refund')}>
              Refund…
            </Button>
          )}
          {next && (
            <Button
              look="solid"
              busy={busy}
              onClick={() => (next.state === 'sent' ? setDialog('sent') : void fulfil(next.state))}
            >
              {next.label}
            </Button>
          )}
        </>
      }
    >
      <div className="ord">
        <div className="ord__main">
          <Stages order={order} />
          <Items order={order} />
          <section>
            <h2 className="ord__h">Events</h2>
            <ol className="events">
              {[...order.events]
                .sort((a, b) => Date.parse(b.at) - Date.parse(a.at))
                .map((event, index) => (
                  <li key={`${event.at}${index}`}>
                    <i />
                    <b>{eventName(event.kind)}</b>
                    <span className="soft clip">{event.text}</span>
                    <time dateTime={event.at}>{dateAndSeconds(event.at)}</time>
                  </li>
                ))}
            </ol>
          </section>
        </div>
        <aside className="ord__side" aria-label="About this order">
          {order.show && <Moment order={order} />}
          <Customer order={order} />
          <Payment order={order} />
          {order.mails?.length > 0 && (
            <section className="card" aria-label="Mails">
              <header className="card__head">
                <h2>Mails</h2>
              </header>
              <ul className="mails">
                {order.mails.map((item) => (
                  <li key={item.id}>
                    <button type="button" onClick={() => setMail(item.id)}>
                      <Icon name="mail" />
                      <span className="clip">{item.subject}</span>
                      <small className="mute nowrap">{dateAndSeconds(item.at)}</small>
                    </button>
                  </li>
                ))}
              </ul>
            </section>
          )}
        </aside>
      </div>
      {dialog === 'refund' && <RefundDialog order={order} onClose={() => setDialog(undefined)} />}
      {dialog === 'sent' && (
        <SentDialog
          number={order.number}
          onClose={() => setDialog(undefined)}
          onSend={(tracking) => void fulfil('sent', tracking)}
        />
      )}
      {mail && <MailDialog mailId={mail} onClose={() => setMail(undefined)} />}
    </Page>
  );
}

const eventName = (kind: string): string => {
  const word = kind.split('.').pop()!.replaceAll('_', ' ');
  return word.charAt(0).toUpperCase() + word.slice(1);
};

/** The orders before and after, as far as the first page of the list knows them. */
function Neighbours({ orderId }: { orderId: string }) {
  const [, navigate] = useLocation();
  const list = useQuery({ ...ordersQuery(), staleTime: Infinity }).data?.items ?? [];
  const at = list.findIndex(({ id }) => id === orderId);
  if (at < 0) return null;
  const go = (to: number): void => navigate(`/orders/${list[to]!.id}`);
  return (
    <span className="row">
      <Button look="quiet" icon="up" aria-label="Newer order" disabled={at === 0} onClick={() => go(at - 1)} />
      <Button
        look="quiet"
        icon="down"
        aria-label="Older order"
        disabled={at === list.length - 1}
        onClick={() => go(at + 1)}
      />
    </span>
  );
}

function Stages({ order }: { order: Order }) {
  const times = stageTimes(order);
  const reached = stages.map(({ state }) => times[state] !== undefined && times[state] !== null);
  // A later stage implies the ones before it.
  const last = reached.lastIndexOf(true);
  return (
    <ol className="stages" aria-label="Progress">
      {stages.map(({ state, label }, index) => (
        <li key={state} className={index <= last ? 'is-done' : ''}>
          <span>{index <= last && <Icon name="check" size="s" />}</span>
          <b>
            {label}
            <span className="vh">{index <= last ? ', done' : ', not yet'}</span>
          </b>
          <small>{times[state] ? dateAndSeconds(times[state]) : index <= last ? '' : 'not yet'}</small>
        </li>
      ))}
    </ol>
  );
}

function Items({ order }: { order: Order }) {
  const pieces = order.lines.reduce((sum, line) => sum + line.quantity, 0);
  return (
    <section className="card" aria-label="Items">
      <header className="card__head">
        <h2>Items</h2>
        <span className="push mute">{plural(pieces, 'piece')}</span>
      </header>
      <table className="table inset">
        <caption className="vh">Items</caption>
        <tbody>
          {order.lines.map((line) => (
            <tr key={line.line ?? line.variant_id}>
              <th scope="row">
                <span className="row row--wide">
                  <Thumb image={line.image} />
                  <span>
                    {line.title}
                    <small>{[line.variant_title, line.sku].filter(Boolean).join(', ')}</small>
                  </span>
                </span>
              </th>
              <td className="num mute">
                {line.quantity} × {money(line.unit_price)}
              </td>
              <td className="num">{money(line.line_total)}</td>
            </tr>
          ))}
        </tbody>
      </table>
      <dl className="sums">
        <div>
          <dt>Goods</dt>
          <dd>{money(order.subtotal)}</dd>
        </div>
        {order.discount && (
          <div>
            <dt>Discount{order.discount.code ? ` ${order.discount.code}` : ''}</dt>
            <dd>−{money(order.discount.amount)}</dd>
          </div>
        )}
        {order.shipping && (
          <div>
            <dt>Shipping, {order.shipping.label}</dt>
            <dd>{money(order.shipping.price)}</dd>
          </div>
        )}
        <div className="is-total">
          <dt>Charged</dt>
          <dd>{money(order.total)}</dd>
        </div>
        {order.tax && (
          <div className="mute">
            <dt>
              {order.tax.label}
              {order.tax.included ? ', in it' : ''}
            </dt>
            <dd>{money(order.tax.amount)}</dd>
          </div>
        )}
      </dl>
    </section>
  );
}

/** Every order knows its show, and what was over the picture when it was placed. */
function Moment({ order }: { order: Order }) {
  const at = order.show!;
  const cover = useQuery({ ...showQuery(at.id), staleTime: Infinity }).data?.value.cover;
  const product = at.product_on_screen;
  const line = product && order.lines.find(({ product_id: id }) => id === product.id);
  return (
    <figure className="card moment">
      <div className="moment__pic">
        <Cover image={cover} className="moment__img" />
        {product && (
          <span className="prog__pin glass">
            <Thumb image={line?.image} size="s" />
            <span>
              <b>{product.title}</b>
              {line && (
                <>
                  <br />
                  {money(line.unit_price)}
                </>
              )}
            </span>
          </span>
        )}
        {at.offset_ms !== undefined && (
          <span className="glass moment__t">
            <Icon name="play" size="s" /> {showTime(at.offset_ms)}
          </span>
        )}
      </div>
      <figcaption>
        <b>The moment it was placed</b>
        <p className="soft">
          <Link to={`/orders?show=${at.id}`}>{at.title}</Link>
          {at.offset_ms !== undefined && `, ${showTime(at.offset_ms)} in`}.
          {product ? ` On screen: ${product.title}.` : ' Nothing was pinned.'}
        </p>
      </figcaption>
    </figure>
  );
}

function Customer({ order }: { order: Order }) {
  const { customer } = order;
  if (!customer) return null;
  const { address } = customer;
  return (
    <section className="card" aria-label="Customer">
      <header className="card__head">
        <h2>Customer</h2>
      </header>
      <div className="card__body">
        <p>
          <b>{customer.name}</b>
          <br />
          <a href={`mailto:${customer.email}`}>{customer.email}</a>
          {customer.phone && (
            <>
              <br />
              {customer.phone}
            </>
          )}
          {address && (
            <>
              <br />
              <span className="soft">
                {[
                  address.line1,
                  address.line2,
                  `${address.postal_code} ${address.city}`,
                  address.region,
                  address.country,
                ]
                  .filter(Boolean)
                  .join(', ')}
              </span>
            </>
          )}
        </p>
      </div>
    </section>
  );
}

function Payment({ order }: { order: Order }) {
  return (
    <section className="card" aria-label="Payment">
      <header className="card__head">
        <h2>Payment</h2>
        <span className="push mute">{paymentWords(order.payment)}</span>
      </header>
      <div className="card__body">
        <dl className="kv">
          <div>
            <dt>Charged</dt>
            <dd>{money(order.payment?.captured ?? order.total)}</dd>
          </div>
          <div>
            <dt>Refunded</dt>
            <dd>{money(order.refunded)}</dd>
          </div>
          {order.refunds?.map((refund) => (
            <div key={refund.id}>
              <dt>
                {dateAndSeconds(refund.at)}, {refund.reason}
              </dt>
              <dd>{money(refund.amount)}</dd>
            </div>
          ))}
          {order.payment && (
            <div>
              <dt>{order.payment.provider === 'sandbox' ? 'Sandbox' : order.payment.provider}</dt>
              <dd className="mono clip" title={order.payment.id}>
                {order.payment.id.length > 16
                  ? `${order.payment.id.slice(0, 7)}…${order.payment.id.slice(-4)}`
                  : order.payment.id}
              </dd>
            </div>
          )}
        </dl>
      </div>
    </section>
  );
}

function SentDialog({
  number,
  onClose,
  onSend,
}: {
  number: string | number;
  onClose: () => void;
  onSend: (tracking: string) => void;
}) {
  const [tracking, setTracking] = useState('');
  return (
    <Dialog
      title={`Order ${number} is on its way?`}
      onClose={onClose}
      onSubmit={() => onSend(tracking.trim())}
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button look="solid" type="submit">
            Mark as sent
          </Button>
        </>
      }
    >
      <TextField
        label="Tracking number"
        hint="May be empty."
        autoFocus
        maxLength={100}
        value={tracking}
        onChange={(event) => setTracking(event.target.value)}
      />
    </Dialog>
  );
}
