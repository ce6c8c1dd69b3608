import { scaleLinear } from 'd3-scale';
import { useLayoutEffect, useRef, useState } from 'react';
import type { Figures } from '../api/types';
import { clock, count } from '../lib/time';
import { areaPath, linePath, niceTop, shortCount } from './shapes';

export interface ChartMark {
  at: string;
  label: string;
  now: boolean;
}

const LEFT = 34;
const BARS = 62;
const FOOT = 28;
/** Labels nearer than this to the one before would touch it. */
const LABEL_APART = 56;
/** A young show is drawn on this many minutes, so that its line doesn't jump about. */
const MINUTES_LEAST = 30;

/** Who watched, and what they bought, minute by minute. It grows by a minute, and never moves otherwise. */
export function AudienceChart({ figures, marks }: { figures: Figures; marks: ChartMark[] }) {
  const frame = useRef<HTMLDivElement>(null);
  const [size, setSize] = useState({ width: 508, height: 266 });
  useLayoutEffect(() => {
    const watcher = new ResizeObserver(([entry]) => {
      const { width, height } = entry!.contentRect;
      if (width > 0 && height > 0) setSize({ width: Math.round(width), height: Math.round(height) });
    });
    watcher.observe(frame.current!);
    return () => watcher.disconnect();
  }, []);

  const { series } = figures;
  const start = series[0] ? Date.parse(series[0].minute) : 0;
  const minute = (at: string): number => (Date.parse(at) - start) / 60_000;
  const last = series.at(-1);
  const span = Math.max(MINUTES_LEAST, last ? minute(last.minute) : 0);
  const { width, height } = size;
  const audienceTop = 8;
  const audienceBase = Math.max(audienceTop + 40, height - FOOT - BARS - 16);
  const barsBase = height - FOOT;
  const x = scaleLinear([0, span], [LEFT, width - 30]);
  const viewersTop = niceTop(Math.max(4, ...series.map((point) => point.viewers)));
  const ordersTop = niceTop(Math.max(2, ...series.map((point) => point.orders)));
  const y = scaleLinear([0, viewersTop], [audienceBase, audienceTop]);
  const barHeight = scaleLinear([0, ordersTop], [0, BARS]);
  const barWidth = Math.max(1.5, Math.min(9, ((width - LEFT - 30) / span) * 0.78));
  const points = series.map((point) => ({ x: x(minute(point.minute)), y: y(point.viewers) }));
  const end = points.at(-1);

  let labelEnd = LEFT + 34;
  const labelled = marks
    .map((mark) => ({ ...mark, x: x(minute(mark.at)) }))
    .filter((mark) => mark.x >= LEFT)
    .map((mark) => {
      const middle = Math.min(mark.x + 20, width - 24);
      const fits = middle - labelEnd > LABEL_APART / 2;
      if (fits) labelEnd = middle + LABEL_APART / 2;
      return { ...mark, middle, fits };
    });

  const peak = figures.viewers_peak_at
    ? `, at most ${count(figures.viewers_peak)} at ${clock(figures.viewers_peak_at)}`
    : '';
  return (
    <div className="trend__plot" ref={frame}>
      <svg
        width={width}
        height={height}
        viewBox={`0 0 ${width} ${height}`}
        role="img"
        aria-label={`Watching now ${count(figures.viewers)}${peak}. ${count(figures.orders)} orders so far.`}
      >
        <g className="grid">
          <path
            d={[audienceTop, (audienceTop + audienceBase) / 2, audienceBase, barsBase]
              .map((at) => `M${LEFT} ${at}H${width}`)
              .join('')}
          />
        </g>
        <g className="svgtext" textAnchor="end">
          <text x={LEFT - 8} y={audienceTop} dy="4">
            {shortCount(viewersTop)}
          </text>
          <text x={LEFT - 8} y={(audienceTop + audienceBase) / 2} dy="4">
            {shortCount(viewersTop / 2)}
          </text>
          <text x={LEFT - 8} y={audienceBase} dy="4">
            0
          </text>
          <text x={LEFT - 8} y={barsBase - BARS} dy="8">
            {ordersTop}
          </text>
          <text x={LEFT - 8} y={barsBase} dy="2">
            0
          </text>
        </g>
        {points.length > 1 && (
          <>
            <path d={areaPath(points, audienceBase)} fill="var(--chart-area)" />
            <path d={linePath(points)} fill="none" stroke="var(--chart-line)" strokeWidth="1.75" />
          </>
        )}
        {end && <circle cx={end.x} cy={end.y} r="3.5" fill="var(--live)" stroke="var(--ink-1)" strokeWidth="2" />}
        <g fill="var(--chart-bar)">
          {series.map(
            (point) =>
              point.orders > 0 && (
                <rect
                  key={point.minute}
                  x={x(minute(point.minute)) - barWidth / 2}
                  y={barsBase - barHeight(point.orders)}
                  width={barWidth}
                  height={barHeight(point.orders)}
                  rx="1.5"
                />
              ),
          )}
        </g>
        <g className="marks">
          {labelled.map((mark) => (
            <path key={mark.at} d={`M${mark.x} ${barsBase + 6}v5`} />
          ))}
        </g>
        <g className="svgtext" textAnchor="middle">
          {series[0] && (
            <text x={LEFT} y={height - 4} textAnchor="start">
              {clock(series[0].minute)}
            </text>
          )}
          {labelled.map(
            (mark) =>
              mark.fits && (
                <text key={mark.at} x={mark.middle} y={height - 4} className={mark.now ? 'svgtext--now' : undefined}>
                  {mark.label}
                </text>
              ),
          )}
        </g>
      </svg>
    </div>
  );
}
