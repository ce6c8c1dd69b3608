import { describe, expect, it } from 'vitest';
import type { Cue, Show } from '../../api/types';
import { cueTimes } from './CuesSection';
import { blocking, readiness } from './readiness';
import { wordsOf } from './RulesSection';
import { mergeEdits } from './useAutosave';
import { timesElsewhere } from './When';

const now = new Date('2026-11-20T18:00:00Z');
const show = { title: 'Advent mugs', host_name: 'Maren', starts_at: '2026-11-26T18:30:00Z', state: 'draft' } as Show;
const eur = (minor: number) => ({ minor, currency: 'EUR' });
const cue = (live: number): Cue => ({
  id: 'c',
  kind: 'product',
  state: 'planned',
  position: 0,
  title: 'Pitcher',
  live_prices: [],
  product: {
    id: 'p',
    title: 'Pitcher',
    price_from: eur(8800),
    live_price_from: eur(live),
    stock: { stocked: 1, sold: 0, reserved: 0, leased: 0, available: 1 },
  },
});

describe('publishing', () => {
  it('needs a title, a host and a time to come; the rest is advice', () => {
    expect(blocking(readiness(show, [], 0, now))).toEqual([]);
    expect(
      blocking(readiness({ ...show, title: ' ', host_name: '', starts_at: '2026-11-19T18:30:00Z' }, [], 0, now)),
    ).toHaveLength(3);
  });

  it('is held up by a live price above the shop’s', () => {
    expect(blocking(readiness(show, [cue(9200)], 1, now)).map(({ label }) => label)).toEqual(['Live price of Pitcher']);
    expect(blocking(readiness(show, [cue(8000)], 1, now))).toEqual([]);
  });
});

describe('saving while typing', () => {
  it('sends the last of what was typed, and each setting that was changed', () => {
    expect(
      mergeEdits({ title: 'A', settings: { slow_mode_s: 5 } }, { title: 'Ab', settings: { links: 'allow' } }),
    ).toEqual({ title: 'Ab', settings: { slow_mode_s: 5, links: 'allow' } });
    expect(mergeEdits({ title: 'A' }, { description: 'b' })).toEqual({ title: 'A', description: 'b' });
  });
});

describe('the plan', () => {
  it('starts each cue when the ones before it are through', () => {
    const times = cueTimes(show, [
      { ...cue(1), id: 'a', planned_minutes: 9 },
      { ...cue(1), id: 'b', planned_minutes: 10 },
      { ...cue(1), id: 'c' },
    ]);
    expect([...times.values()].map((at) => at.toISOString().slice(11, 16))).toEqual(['18:30', '18:39', '18:49']);
  });

  it('names the day elsewhere when it is another one', () => {
    expect(timesElsewhere(new Date(show.starts_at), 'Europe/Amsterdam')).toBe(
      '18:30 in London, 13:30 in New York, Fri 03:30 in Tokyo',
    );
  });

  it('reads blocked words one per line, once each', () =>
    expect(wordsOf(' outlet \n\ncheaper at\noutlet')).toEqual(['outlet', 'cheaper at']));
});
