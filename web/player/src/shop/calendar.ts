/** An iCalendar event (RFC 5545) for a show that has not begun. Times are UTC ms. */
export function calendarEvent(event: {
  id: string;
  title: string;
  at: number;
  minutes: number;
  url: string;
  now: number;
}): string {
  const stamp = (ms: number) => `${new Date(ms).toISOString().slice(0, 19).replace(/[-:]/g, '')}Z`;
  const text = (value: string) => value.replace(/[\\;,]/g, '\\$&').replace(/[\r\n]+/g, '\\n');
  const lines = [
    'BEGIN:VCALENDAR',
    'VERSION:2.0',
    'PRODID:-//Showfloor//player//EN',
    'BEGIN:VEVENT',
    `UID:${event.id}@showfloor`,
    `DTSTAMP:${stamp(event.now)}`,
    `DTSTART:${stamp(event.at)}`,
    `DTEND:${stamp(event.at + event.minutes * 60_000)}`,
    `SUMMARY:${text(event.title)}`,
    `URL:${event.url}`,
    'END:VEVENT',
    'END:VCALENDAR',
  ];
  // Lines fold at 75 octets; a continuation begins with a space.
  return `${lines.map((line) => line.replace(/(.{60})(?=.)/gu, '$1\r\n ')).join('\r\n')}\r\n`;
}
