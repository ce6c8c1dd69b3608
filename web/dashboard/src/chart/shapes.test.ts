import { describe, expect, it } from 'vitest';
import { linePath, niceTop, shortCount, sparkPoints, thin } from './shapes';

describe('charts', () => {
  it('end their axis on a round number that holds everything', () => {
    expect([3, 4, 5, 71, 212, 1412, 16_001].map(niceTop)).toEqual([4, 4, 6, 80, 400, 1600, 20_000]);
  });
  it('write axis numbers short', () => expect([800, 1600, 20_000].map(shortCount)).toEqual(['800', '1.6k', '20k']));
  it('draw a flat course in the middle, and nothing for nothing', () => {
    expect(sparkPoints([7, 7], 100, 26).map(({ y }) => y)).toEqual([13, 13]);
    expect(sparkPoints([], 100, 26)).toEqual([]);
    expect(linePath([])).toBe('');
  });
  it('keep the last value when a long show is thinned', () => {
    const values = Array.from({ length: 1000 }, (_, index) => index);
    expect(thin(values, 24)).toHaveLength(24);
    expect(thin(values, 24).at(-1)).toBe(999);
    expect(thin([1, 2], 24)).toEqual([1, 2]);
  });
});
