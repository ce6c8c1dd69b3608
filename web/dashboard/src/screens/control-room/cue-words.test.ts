import { describe, expect, it } from 'vitest';
import type { Cue, Show } from '../../api/types';
import { cueLine, cueMark, cuePrice, cueWas, moved, needsArming, planWords, runOf } from './cue-words';
import { pinnedIn } from './useRun';

const eur = (minor: number) => ({ minor, currency: 'EUR' });
const stock = (available: number) => ({ stocked: 48, sold: 20, reserved: 0, leased: 0, available });
const cue = (change: Partial<Cue> = {}): Cue => ({
  id: 'cue_1',
  kind: 'product',
  state: 'planned',
  position: 0,
  title: 'Celadon ramen bowl',
  live_prices: [],
  product: {
    id: 'prd_1',
    title: 'Celadon ramen bowl',
    price_from: eur(4600),
    live_price_from: eur(3900),
    stock: stock(22),
  },
  ...change,
});
const sale = cue({
  kind: 'flash_sale',
  title: 'Flash sale: Espresso pair',
  flash: { prices: [{ variant_id: 'v', price: eur(3200) }], duration_s: 300, cap: 24, sold: 0 },
});

describe('a cue', () => {
  it('costs what it costs when it is started', () => {
    expect(cuePrice(cue())).toEqual(eur(3900));
    expect(cuePrice(sale)).toEqual(eur(3200));
    expect(cueWas(cue())).toEqual(eur(4600));
  });

  it('shows no struck price that is not higher', () => {
    expect(cueWas(cue({ product: { ...cue().product!, live_price_from: eur(4600) } }))).toBeUndefined();
  });

  it('says how many are left, and when they are few', () => {
    expect(cueLine(cue())).toEqual({ text: '€39.00 live', stock: '22 available', few: false });
    expect(cueLine(cue({ product: { ...cue().product!, stock: stock(3) } })).few).toBe(true);
    expect(cueLine(cue({ product: { ...cue().product!, stock: stock(0) } })).stock).toBe('sold out');
    expect(cueLine(sale).text).toBe('€32.00 for 5 min, 24 pieces');
  });

  it('is armed first only when it can’t be taken back', () =>
    expect([needsArming(cue()), needsArming(sale)]).toEqual([false, true]));
  it('is one word under the chart', () =>
    expect([
      cueMark(cue()),
      cueMark(cue({ title: 'Moon vase, tall', product: { ...cue().product!, title: 'Moon vase, tall' } })),
    ]).toEqual(['Bowl', 'Vase']));
});

describe('the run of show', () => {
  it('is sorted into what was, what is and what comes, by position', () => {
    const run = runOf([
      cue({ id: 'c', position: 2 }),
      cue({ id: 'b', position: 1, state: 'on_screen' }),
      cue({ id: 'a', state: 'done' }),
      cue({ id: 'd', position: 3, state: 'skipped' }),
    ]);
    expect([run.done, run.onScreen, run.planned].map((part) => part.map(({ id }) => id))).toEqual([
      ['a', 'd'],
      ['b'],
      ['c'],
    ]);
  });

  it('moves a cue only where there is a place', () => {
    const ids = ['a', 'b', 'c'];
    expect(moved(ids, 'b', -1)).toEqual(['b', 'a', 'c']);
    expect(moved(ids, 'a', 2)).toEqual(['b', 'c', 'a']);
    expect(moved(ids, 'a', -1)).toBe(ids);
    expect(moved(ids, 'x', 1)).toBe(ids);
  });

  it('knows a product that was pinned by hand', () => {
    const run = { items: [cue({ state: 'done' })], pinned_product_id: 'prd_1', version: 1 };
    expect(pinnedIn(run)?.title).toBe('Celadon ramen bowl');
    expect(pinnedIn({ items: [cue({ state: 'on_screen' })], version: 1 })?.id).toBe('cue_1');
    expect(pinnedIn({ items: [cue()], version: 1 })).toBeUndefined();
  });

  it('says how far it is from its plan', () => {
    const show = {
      state: 'live',
      starts_at: '2026-11-20T18:30:00Z',
      started_at: '2026-11-20T18:30:00Z',
      planned_minutes: 75,
    } as Show;
    const clock = (at: Date): string => at.toISOString().slice(11, 16);
    const late = cue({ state: 'on_screen', planned_at: '2026-11-20T19:05:00Z', started_at: '2026-11-20T19:07:00Z' });
    expect(planWords(show, [late], new Date('2026-11-20T19:12:00Z'), clock)).toBe(
      '2 min behind plan, ends about 19:47',
    );
    expect(planWords(show, [], new Date('2026-11-20T20:12:00Z'), clock)).toBe('planned to end at 19:45');
  });
});
