import { scaleLinear } from 'd3-scale';
import { area, curveBumpX, line } from 'd3-shape';

export interface Point {
  x: number;
  y: number;
}

const toLine = line<Point>(
  (point) => point.x,
  (point) => point.y,
).curve(curveBumpX);

/** A soft line through the points, as an SVG path. */
export const linePath = (points: Point[]): string => round(toLine(points));

/** What lies between the line and a base line. */
export const areaPath = (points: Point[], baseY: number): string =>
  round(
    area<Point>(
      (point) => point.x,
      baseY,
      (point) => point.y,
    ).curve(curveBumpX)(points),
  );

const round = (path: string | null): string => path?.replace(/\d+\.\d+/g, (digits) => Number(digits).toFixed(1)) ?? '';

/** Points of a small line that fills its box; a flat series lies in its middle. */
export function sparkPoints(values: number[], width: number, height: number, inset = 2): Point[] {
  if (values.length === 0) return [];
  const low = Math.min(...values);
  const high = Math.max(...values);
  const y = scaleLinear(low === high ? [low - 1, high + 1] : [low, high], [height - inset, inset]);
  const x = scaleLinear([0, Math.max(1, values.length - 1)], [inset, width - inset]);
  return values.map((value, index) => ({ x: x(index), y: y(value) }));
}

/** The top of an axis: a round number with a round half, not below what it must hold. */
export function niceTop(most: number): number {
  const steps = [2, 4, 6, 8, 10, 12, 16, 20];
  for (let power = 1; ; power *= 10) {
    const found = steps.find((step) => step * power >= most);
    if (found) return found * power;
  }
}

/** `1.6k`, `800`. */
export const shortCount = (value: number): string =>
  value >= 1000 ? `${Number((value / 1000).toFixed(1))}k` : String(value);

/** At most `most` values, each the last of its stretch, so that a long show still fits. */
export function thin(values: number[], most: number): number[] {
  if (values.length <= most) return values;
  const step = values.length / most;
  return Array.from(
    { length: most },
    (_, index) => values[Math.min(values.length - 1, Math.round((index + 1) * step) - 1)]!,
  );
}
