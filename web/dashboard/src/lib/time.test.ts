import { beforeEach, describe, expect, it } from 'vitest';
import {
  clock,
  clockOrDay,
  dayAndClock,
  momentOf,
  relative,
  sameDay,
  setShopClock,
  showTime,
  wallOf,
  zoneLabel,
} from './time';

beforeEach(() => setShopClock('Europe/Amsterdam'));

describe('times', () => {
  it('are the shop’s, in 24 hours', () => {
    expect(clock('2026-11-20T18:30:00Z')).toBe('19:30');
    expect(clock('2026-11-20T23:05:00Z')).toBe('00:05');
    expect(dayAndClock('2026-11-26T18:30:00Z')).toBe('Thu 26 Nov, 19:30');
  });

  it('of a show run on past the hour', () => {
    expect(showTime(0)).toBe('0:00');
    expect(showTime(42 * 60_000 + 18_400)).toBe('42:18');
    expect(showTime(3_600_000 + 62_000)).toBe('1:01:02');
    expect(showTime(-5)).toBe('0:00');
  });

  it('say how far away they are', () => {
    const now = new Date('2026-11-20T18:00:00Z');
    expect(relative('2026-11-20T18:17:00Z', now)).toBe('in 17 min');
    expect(relative('2026-11-23T18:00:00Z', now)).toBe('in 3 days');
    expect(relative('2026-11-19T18:00:00Z', now)).toBe('1 day ago');
    expect(relative('2026-11-20T18:00:10Z', now)).toBe('now');
  });

  it('show the day when it is not today', () => {
    const now = new Date('2026-11-20T22:30:00Z');
    expect(clockOrDay('2026-11-20T20:12:04Z', now)).toBe('21:12:04');
    expect(clockOrDay('2026-11-17T20:12:04Z', now)).toBe('17 Nov');
    expect(sameDay('2026-11-20T22:59:00Z', '2026-11-20T23:01:00Z')).toBe(false);
  });
});

describe('a wall clock in a zone', () => {
  it('comes back as it was typed, in any zone and season', () => {
    for (const zone of ['Europe/Amsterdam', 'America/New_York', 'Asia/Kolkata', 'Pacific/Auckland', 'UTC']) {
      for (const day of ['2026-01-15', '2026-07-15', '2026-10-25']) {
        expect(wallOf(momentOf(day, '19:30', zone)!, zone)).toEqual({ day, time: '19:30' });
      }
    }
  });

  it('knows summer time', () => {
    expect(momentOf('2026-07-15', '19:30', 'Europe/Amsterdam')!.toISOString()).toBe('2026-07-15T17:30:00.000Z');
    expect(momentOf('2026-11-26', '19:30', 'Europe/Amsterdam')!.toISOString()).toBe('2026-11-26T18:30:00.000Z');
  });

  it('gives a moment even for an hour that the spring skips', () => {
    expect(momentOf('2026-03-29', '02:30', 'Europe/Amsterdam')!.toISOString()).toBe('2026-03-29T01:30:00.000Z');
  });

  it('is nothing when half a date was typed', () => {
    expect(momentOf('2026-11', '19:30', 'UTC')).toBeUndefined();
    expect(momentOf('2026-11-26', '', 'UTC')).toBeUndefined();
  });

  it('names its zone and how far it is from UTC', () => {
    expect(zoneLabel('Europe/Amsterdam', new Date('2026-11-26T18:30:00Z'))).toBe('Amsterdam (UTC+1)');
    expect(zoneLabel('Asia/Kolkata', new Date('2026-11-26T18:30:00Z'))).toBe('Kolkata (UTC+5:30)');
    expect(zoneLabel('America/New_York', new Date('2026-11-26T18:30:00Z'))).toBe('New York (UTC−5)');
  });
});
