/** Times are the shop's: 24 hours, its zone; another zone is named. */

let shopZone = 'UTC';

export function setShopClock(timeZone: string): void {
  shopZone = timeZone || 'UTC';
}

export const zone = (): string => shopZone;

function format(at: Date | string, options: Intl.DateTimeFormatOptions, timeZone = shopZone): string {
  return new Intl.DateTimeFormat('en-GB', { timeZone, hourCycle: 'h23', ...options }).format(new Date(at));
}

/** `20:14` */
export const clock = (at: Date | string, timeZone?: string): string =>
  format(at, { hour: '2-digit', minute: '2-digit' }, timeZone);

/** `20:14:07` */
export const clockSeconds = (at: Date | string): string =>
  format(at, { hour: '2-digit', minute: '2-digit', second: '2-digit' });

/** `Thu 26 Nov` */
export const day = (at: Date | string, timeZone?: string): string =>
  format(at, { weekday: 'short', day: 'numeric', month: 'short' }, timeZone).replace(',', '');

/** `Thu 26 Nov, 19:30` */
export const dayAndClock = (at: Date | string, timeZone?: string): string =>
  `${day(at, timeZone)}, ${clock(at, timeZone)}`;

/** `12 Nov, 19:58:07` */
export const dateAndSeconds = (at: Date | string): string =>
  `${format(at, { day: 'numeric', month: 'short' })}, ${clockSeconds(at)}`;

/** `Thu 12 Nov 2026, 19:58` */
export const fullDate = (at: Date | string): string =>
  `${format(at, { weekday: 'short', day: 'numeric', month: 'short', year: 'numeric' }).replace(',', '')}, ${clock(at)}`;

export const sameDay = (a: Date | string, b: Date | string): boolean =>
  day(a) === day(b) && format(a, { year: 'numeric' }) === format(b, { year: 'numeric' });

/** Today by the clock, earlier by the day: for ledgers and lists. */
export const clockOrDay = (at: string, now: Date): string =>
  sameDay(at, now) ? clockSeconds(at) : format(at, { day: 'numeric', month: 'short' });

/** Show time: `42:18`, `1:02:03`. */
export function showTime(ms: number): string {
  const total = Math.max(0, Math.floor(ms / 1000));
  const hours = Math.floor(total / 3600);
  const minutes = Math.floor((total % 3600) / 60);
  const seconds = String(total % 60).padStart(2, '0');
  return hours ? `${hours}:${String(minutes).padStart(2, '0')}:${seconds}` : `${minutes}:${seconds}`;
}

/** `in 17 min`, `3 days ago`, `now`. */
export function relative(at: string, now: Date): string {
  const minutes = Math.round((new Date(at).getTime() - now.getTime()) / 60_000);
  if (minutes === 0) return 'now';
  const size = Math.abs(minutes);
  const [count, unit] =
    size < 60 ? [size, 'min'] : size < 60 * 24 ? [Math.round(size / 60), 'h'] : [Math.round(size / 1440), 'day'];
  const words = unit === 'day' ? `${count} ${count === 1 ? 'day' : 'days'}` : `${count} ${unit}`;
  return minutes > 0 ? `in ${words}` : `${words} ago`;
}

export const minutesBetween = (from: string, to: string): number =>
  Math.max(1, Math.round((new Date(to).getTime() - new Date(from).getTime()) / 60_000));

/** Offset of a zone at a moment, in minutes east of UTC. */
export function offsetMinutes(at: Date, timeZone: string): number {
  const parts = new Intl.DateTimeFormat('en-US', {
    timeZone,
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  }).formatToParts(at);
  const part = (type: string): number => Number(parts.find((found) => found.type === type)?.value);
  const local = Date.UTC(part('year'), part('month') - 1, part('day'), part('hour'), part('minute'), part('second'));
  return Math.round((local - at.getTime()) / 60_000);
}

/** The moment at which a wall clock in a zone shows this day and time. In a spring gap, the moment after it. */
export function momentOf(dayText: string, timeText: string, timeZone: string): Date | undefined {
  const match = /^(\d{4})-(\d{2})-(\d{2})$/.exec(dayText);
  const time = /^(\d{2}):(\d{2})$/.exec(timeText);
  if (!match || !time) return undefined;
  const wall = Date.UTC(Number(match[1]), Number(match[2]) - 1, Number(match[3]), Number(time[1]), Number(time[2]));
  const first = wall - offsetMinutes(new Date(wall), timeZone) * 60_000;
  return new Date(wall - offsetMinutes(new Date(first), timeZone) * 60_000);
}

/** The wall clock of a moment in a zone, as date and time inputs take it. */
export function wallOf(at: Date, timeZone: string): { day: string; time: string } {
  const local = new Date(at.getTime() + offsetMinutes(at, timeZone) * 60_000).toISOString();
  return { day: local.slice(0, 10), time: local.slice(11, 16) };
}

/** `Amsterdam (UTC+1)` */
export function zoneLabel(timeZone: string, at: Date): string {
  const city = timeZone.split('/').pop()!.replaceAll('_', ' ');
  const minutes = offsetMinutes(at, timeZone);
  const rest = Math.abs(minutes) % 60;
  const hours = `${minutes < 0 ? '−' : '+'}${Math.floor(Math.abs(minutes) / 60)}${rest ? `:${String(rest).padStart(2, '0')}` : ''}`;
  return `${city} (UTC${minutes === 0 ? '' : hours})`;
}

const whole = new Intl.NumberFormat('en');
export const count = (value: number): string => whole.format(value);

/** `1 order`, `3 orders`. */
export const plural = (value: number, one: string, many = `${one}s`): string =>
  `${count(value)} ${value === 1 ? one : many}`;
