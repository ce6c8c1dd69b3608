import type { Money, Order, OrderRow, OrderState } from '../../api/types';
import { zero } from '../../lib/money';

/** What a state means to the person who packs; colour only for the exception. */
export const stateWords: Record<
  OrderState,
  { label: string; tone: '' | 'pill--info' | 'pill--good' | 'pill--bare' | 'pill--warn' }
> = {
  paid: { label: 'To pack', tone: '' },
  packed: { label: 'Packed', tone: 'pill--info' },
  sent: { label: 'Sent', tone: 'pill--info' },
  delivered: { label: 'Delivered', tone: 'pill--good' },
  refunded: { label: 'Refunded', tone: 'pill--bare' },
  partly_refunded: { label: 'Partly refunded', tone: 'pill--warn' },
};

/** `2 × Celadon ramen bowl`, and how many lines more. */
export function itemsWords(lines: OrderRow['lines']): { first: string; more: number } {
  const [line] = lines;
  if (!line) return { first: 'Nothing', more: 0 };
  return {
    first: `${line.quantity > 1 ? `${line.quantity} × ` : ''}${line.title}${line.variant_title && line.quantity === 1 ? `, ${line.variant_title.toLowerCase()}` : ''}`,
    more: lines.length - 1,
  };
}

export const paymentWords = (payment: { brand?: string; last4?: string } | undefined): string =>
  [payment?.brand && payment.brand.charAt(0).toUpperCase() + payment.brand.slice(1), payment?.last4]
    .filter(Boolean)
    .join(' ');

export interface RefundChoice {
  /** Pieces by line number. */
  pieces: Record<number, number>;
  shipping: Money | undefined;
}

/** What a choice comes to. Pieces are worth their share of what the line cost; all of them, exactly the line. */
export function refundAmount(order: Order, choice: RefundChoice): Money {
  let minor = choice.shipping?.minor ?? 0;
  for (const line of order.lines) {
    const pieces = Math.min(choice.pieces[line.line] ?? 0, line.quantity);
    minor += Math.round((line.line_total.minor * pieces) / line.quantity);
  }
  return { ...zero(order.total.currency), minor };
}

export const stages = [
  { state: 'placed', label: 'Placed' },
  { state: 'paid', label: 'Paid' },
  { state: 'packed', label: 'Packed' },
  { state: 'sent', label: 'Sent' },
  { state: 'delivered', label: 'Delivered' },
] as const;

/** When each stage was reached. */
export function stageTimes(order: Order): Record<(typeof stages)[number]['state'], string | undefined> {
  return {
    placed: order.placed_at,
    paid: order.paid_at,
    packed: order.packed_at,
    sent: order.sent_at,
    delivered: order.delivered_at,
  };
}

/** The step that comes next for the person who packs. */
export function nextStage(order: Order): { state: 'packed' | 'sent' | 'delivered'; label: string } | undefined {
  if (order.state === 'refunded') return undefined;
  switch (order.fulfilment) {
    case 'paid':
      return { state: 'packed', label: 'Mark as packed' };
    case 'packed':
      return { state: 'sent', label: 'Mark as sent' };
    case 'sent':
      return { state: 'delivered', label: 'Mark as delivered' };
    case 'delivered':
      return undefined;
  }
}
