import { AudienceChart, type ChartMark } from '../../chart/AudienceChart';
import { Sparkline } from '../../chart/Sparkline';
import type { Cue, Figures } from '../../api/types';
import { money } from '../../lib/money';
import { clock, clockSeconds, count } from '../../lib/time';
import { cueMark } from './cue-words';

export interface NumbersProps {
  figures: Figures | undefined;
  /** The room counts who is there now; between two readings of the figures it knows better. */
  viewers: number | null;
  cues: Cue[];
  online: boolean;
}

/** One number for who is watching, wherever it stands on this screen. */
export const watching = (figures: Figures | undefined, viewers: number | null): number | undefined =>
  viewers ?? figures?.viewers;

function runningTotal(values: number[]): number[] {
  let sum = 0;
  return values.map((value) => (sum += value));
}

/** Four figures. They change at most once a second, without moving. Offline they keep, and say since when. */
export function Figures4({ figures, viewers, online }: Omit<NumbersProps, 'cues'>) {
  const now = watching(figures, viewers);
  const series = figures?.series ?? [];
  const orders = runningTotal(series.map((point) => point.orders));
  const revenue = runningTotal(series.map((point) => point.revenue_minor));
  return (
    <dl className={`nums${online ? '' : ' stale'}`} aria-label="Figures of this show">
      <div className="stat">
        <dt>Watching</dt>
        <dd>
          {now === undefined ? '–' : count(now)}
          <Sparkline values={series.map((point) => point.viewers)} />
          <small>
            {!online && figures
              ? `as of ${clockSeconds(figures.as_of)}`
              : figures?.viewers_peak_at
                ? `peak ${count(figures.viewers_peak)} at ${clock(figures.viewers_peak_at)}`
                : ''}
          </small>
        </dd>
      </div>
      <div className="stat">
        <dt>Orders</dt>
        <dd>
          {figures ? count(figures.orders) : '–'}
          <Sparkline values={orders} />
          <small>{figures?.orders_5min !== undefined ? `${count(figures.orders_5min)} in 5 min` : ''}</small>
        </dd>
      </div>
      <div className="stat">
        <dt>Revenue</dt>
        <dd>
          {figures ? money(figures.revenue) : '–'}
          <Sparkline values={revenue} />
          <small>{figures?.revenue_5min ? `${money(figures.revenue_5min)} in 5 min` : ''}</small>
        </dd>
      </div>
      <div className="stat">
        <dt>Conversion</dt>
        <dd>
          {figures?.conversion_bps !== undefined ? `${(figures.conversion_bps / 100).toFixed(1)}%` : '–'}
          <Sparkline values={series.map((point, index) => (point.viewers > 0 ? orders[index]! / point.viewers : 0))} />
          <small>orders per viewer</small>
        </dd>
      </div>
    </dl>
  );
}

export function Trend({ figures, cues }: Pick<NumbersProps, 'figures' | 'cues'>) {
  const marks: ChartMark[] = cues
    .filter((cue) => cue.started_at && cue.kind !== 'banner')
    .sort((a, b) => Date.parse(a.started_at!) - Date.parse(b.started_at!))
    .map((cue) => ({ at: cue.started_at!, label: cueMark(cue), now: cue.state === 'on_screen' }));
  return (
    <figure className="trend">
      <figcaption className="row">
        <b>Audience and orders</b>
        <span className="push row mute small trend__keys">
          <span className="row">
            <i className="key" />
            watching
          </span>
          <span className="row">
            <i className="key key--bar" />
            orders a minute
          </span>
        </span>
      </figcaption>
      {figures ? <AudienceChart figures={figures} marks={marks} /> : <div className="trend__plot" />}
    </figure>
  );
}
