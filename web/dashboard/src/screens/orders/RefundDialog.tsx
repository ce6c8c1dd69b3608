import { useRef, useState } from 'react';
import { post } from '../../api/http';
import { queryClient } from '../../api/queries';
import type { Order } from '../../api/types';
import { amountText, money, parseAmount } from '../../lib/money';
import { NotConfirmed, withPassword } from '../../lib/password';
import { Button } from '../../ui/Button';
import { Dialog } from '../../ui/Dialog';
import { SelectField, Switch, TextField } from '../../ui/Field';
import { Failure } from '../../ui/Notice';
import { Thumb } from '../../ui/Thumb';
import { toast } from '../../ui/toast';
import { paymentWords, refundAmount } from './words';

const reasons = ['Changed their mind', 'Arrived damaged', 'Wrong item', 'Never arrived', 'Kindness'];

/** What, how much, why, and whether the pieces go back on the shelf. Never more than what is left of the charge. */
export function RefundDialog({ order, onClose }: { order: Order; onClose: () => void }) {
  const { currency } = order.total;
  const [pieces, setPieces] = useState<Record<number, number>>({});
  const [shippingText, setShippingText] = useState(amountText({ minor: 0, currency }));
  const [restock, setRestock] = useState(true);
  const [reason, setReason] = useState(reasons[0]!);
  const [note, setNote] = useState('');
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState<unknown>();
  // One intention, one key: asked twice, paid once.
  const key = useRef(crypto.randomUUID());

  const shipping = parseAmount(shippingText || '0', currency);
  const shippingMost = order.shipping?.price.minor ?? 0;
  const amount = refundAmount(order, { pieces, shipping });
  const some = Object.values(pieces).some((number) => number > 0);
  const shippingError = !shipping
    ? `“${shippingText}” is not an amount.`
    : shipping.minor > shippingMost
      ? `Shipping was ${money(order.shipping!.price)}.`
      : undefined;
  const tooMuch = amount.minor > order.refundable.minor;
  const ready = !shippingError && !tooMuch && amount.minor > 0;
  const who = order.customer?.name.split(' ')[0];

  const refund = async (): Promise<void> => {
    if (!ready || busy) return;
    setBusy(true);
    setFailure(undefined);
    const lines = order.lines.flatMap(({ line }) => (pieces[line] ? [{ line, quantity: pieces[line] }] : []));
    const body = {
      amount,
      ...(lines.length ? { lines } : {}),
      restock: restock && lines.length > 0,
      reason: note.trim() ? `${reason}: ${note.trim()}` : reason,
    };
    try {
      await withPassword(`${money(amount)} goes back to ${paymentWords(order.payment) || 'the buyer'}.`, () =>
        post(`/v1/admin/orders/${order.id}/refunds`, body, key.current),
      );
      await Promise.all([
        queryClient.invalidateQueries({ queryKey: ['order', order.id] }),
        queryClient.invalidateQueries({ queryKey: ['orders'] }),
      ]);
      toast(`Refunded ${money(amount)} of order ${order.number}`);
      onClose();
    } catch (error) {
      if (!(error instanceof NotConfirmed)) {
        setFailure(error);
        key.current = crypto.randomUUID();
      }
      setBusy(false);
    }
  };

  return (
    <Dialog
      title={`Refund order ${order.number}`}
      wide
      closeButton
      onClose={onClose}
      onSubmit={() => void refund()}
      footer={
        <>
          <span className="hint dialog__note">{who ? `${who} gets an e-mail.` : ''}</span>
          <Button size="l" onClick={onClose}>
            Cancel
          </Button>
          <Button size="l" look="solid" type="submit" busy={busy} disabled={!ready}>
            Refund {money(amount)}
          </Button>
        </>
      }
    >
      {failure !== undefined && <Failure error={failure} title="Nothing was refunded." />}
      <table className="table rf">
        <caption className="vh">What to refund</caption>
        <thead>
          <tr>
            <th scope="col">Item</th>
            <th scope="col">Refund</th>
            <th scope="col" className="num">
              Amount
            </th>
          </tr>
        </thead>
        <tbody>
          {order.lines.map((line) => {
            const chosen = pieces[line.line] ?? 0;
            const set = (number: number): void => setPieces({ ...pieces, [line.line]: number });
            const part = refundAmount(order, { pieces: { [line.line]: chosen }, shipping: undefined });
            return (
              <tr key={line.line}>
                <th scope="row">
                  <span className="row row--wide">
                    <Thumb image={line.image} size="s" />
                    <span>
                      {line.title}
                      <small>
                        {line.variant_title && `${line.variant_title}, `}
                        {money(line.unit_price)} each
                      </small>
                    </span>
                  </span>
                </th>
                <td className="nowrap">
                  <span className="stepper" role="group" aria-label={`Pieces of ${line.title} to refund`}>
                    <button type="button" aria-label="One less" disabled={chosen === 0} onClick={() => set(chosen - 1)}>
                      −
                    </button>
                    <output aria-live="polite">{chosen}</output>
                    <button
                      type="button"
                      aria-label="One more"
                      disabled={chosen >= line.quantity}
                      onClick={() => set(chosen + 1)}
                    >
                      +
                    </button>
                  </span>{' '}
                  <span className="mute">of {line.quantity}</span>
                </td>
                <td className={chosen ? 'num' : 'num mute'}>{money(part)}</td>
              </tr>
            );
          })}
          {shippingMost > 0 && (
            <tr>
              <th scope="row">Shipping</th>
              <td className={shippingError ? 'bad' : 'mute'}>
                {shippingError ?? `up to ${money(order.shipping!.price)}`}
              </td>
              <td className="num">
                <input
                  className="input input--s rf__ship"
                  inputMode="decimal"
                  aria-label="Shipping to refund"
                  aria-invalid={shippingError ? true : undefined}
                  value={shippingText}
                  onChange={(event) => setShippingText(event.target.value)}
                />
              </td>
            </tr>
          )}
        </tbody>
      </table>
      {some && (
        <Switch
          label="Put the pieces back in stock"
          hint="Not for what is broken or gone."
          checked={restock}
          onChange={setRestock}
        />
      )}
      <div className="edit__two rf__why">
        <SelectField label="Why" value={reason} onChange={(event) => setReason(event.target.value)}>
          {reasons.map((text) => (
            <option key={text}>{text}</option>
          ))}
        </SelectField>
        <TextField
          label="Note, only for your team"
          maxLength={200}
          value={note}
          onChange={(event) => setNote(event.target.value)}
        />
      </div>
      <dl className="sums rf__sums">
        <div>
          <dt>Charged</dt>
          <dd>{money(order.payment?.captured ?? order.total)}</dd>
        </div>
        <div>
          <dt>Refunded before</dt>
          <dd>{money(order.refunded)}</dd>
        </div>
        <div className="is-total">
          <dt>This refund{paymentWords(order.payment) && `, to ${paymentWords(order.payment)}`}</dt>
          <dd>{money(amount)}</dd>
        </div>
        <div className={tooMuch ? 'bad' : 'mute'}>
          <dt>{tooMuch ? 'More than what is left of the charge' : 'Can still be refunded after'}</dt>
          <dd>{money({ currency, minor: order.refundable.minor - (tooMuch ? 0 : amount.minor) })}</dd>
        </div>
      </dl>
    </Dialog>
  );
}
