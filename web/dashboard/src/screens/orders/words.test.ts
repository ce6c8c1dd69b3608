import { describe, expect, it } from 'vitest';
import type { Order, OrderLine } from '../../api/types';
import { itemsWords, nextStage, refundAmount } from './words';

const eur = (minor: number) => ({ minor, currency: 'EUR' });
const line = (number: number, quantity: number, total: number): OrderLine => ({
  line: number,
  product_id: 'p',
  variant_id: 'v',
  title: 'Mug',
  variant_title: '',
  sku: 'M',
  quantity,
  unit_price: eur(Math.round(total / quantity)),
  line_total: eur(total),
});
const order = (lines: OrderLine[]): Order =>
  ({ lines, total: eur(lines.reduce((sum, { line_total: { minor } }) => sum + minor, 595)) }) as Order;

describe('a refund', () => {
  it('of nothing is nothing', () =>
    expect(refundAmount(order([line(0, 2, 4200)]), { pieces: {}, shipping: undefined })).toEqual(eur(0)));
  it('of some pieces is their share, with what was typed for shipping', () => {
    expect(refundAmount(order([line(0, 2, 4200), line(1, 1, 5800)]), { pieces: { 0: 1 }, shipping: eur(595) })).toEqual(
      eur(2100 + 595),
    );
  });
  it('of all pieces is exactly the line, whatever its rounding', () => {
    for (let quantity = 1; quantity <= 7; quantity++)
      expect(refundAmount(order([line(0, quantity, 1000)]), { pieces: { 0: quantity }, shipping: undefined })).toEqual(
        eur(1000),
      );
  });
  it('never counts more pieces than there are', () =>
    expect(refundAmount(order([line(0, 2, 4200)]), { pieces: { 0: 9 }, shipping: undefined })).toEqual(eur(4200)));
});

describe('an order', () => {
  it('names its first item, and how many more there are', () => {
    expect(itemsWords([{ title: 'Bowl', variant_title: 'Small', quantity: 2 }])).toEqual({
      first: '2 × Bowl',
      more: 0,
    });
    expect(
      itemsWords([
        { title: 'Bowl', variant_title: 'Small', quantity: 1 },
        { title: 'Mug', variant_title: '', quantity: 1 },
      ]),
    ).toEqual({ first: 'Bowl, small', more: 1 });
  });
  it('goes one step at a time, and no further than the door', () => {
    const at = (fulfilment: Order['fulfilment'], state: Order['state'] = 'paid') =>
      nextStage({ ...order([]), fulfilment, state })?.state;
    expect([at('paid'), at('packed'), at('sent'), at('delivered')]).toEqual(['packed', 'sent', 'delivered', undefined]);
    expect(at('paid', 'refunded')).toBeUndefined();
    expect(at('paid', 'partly_refunded')).toBe('packed');
  });
});
