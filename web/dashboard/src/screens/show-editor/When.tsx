import { useState } from 'react';
import { clock, day, momentOf, sameDay, wallOf, zone, zoneLabel } from '../../lib/time';
import { SelectField, TextField, TimeField } from '../../ui/Field';
import type { SectionProps } from './Basics';

const elsewhere = [
  ['London', 'Europe/London'],
  ['New York', 'America/New_York'],
  ['Tokyo', 'Asia/Tokyo'],
] as const;

const zones: string[] = Intl.supportedValuesOf('timeZone');
const lengths = [15, 30, 45, 60, 75, 90, 120, 180, 240];

/** `18:30 in London`, with the day where it is another one. */
export function timesElsewhere(at: Date, home: string): string {
  const here = day(at, home);
  return elsewhere
    .filter(([, timeZone]) => timeZone !== home)
    .map(
      ([city, timeZone]) =>
        `${day(at, timeZone) === here ? '' : `${day(at, timeZone).split(' ')[0]} `}${clock(at, timeZone)} in ${city}`,
    )
    .join(', ');
}

/** A wall clock in a zone; what is kept is the moment. */
export function When({ show, problem, onChange }: SectionProps) {
  const [timeZone, setTimeZone] = useState(zone());
  const at = new Date(show.starts_at);
  const wall = wallOf(at, timeZone);
  const [typedDay, setTypedDay] = useState<string>();
  const change = (next: { day?: string; time?: string }): void => {
    const moment = momentOf(next.day ?? wall.day, next.time ?? wall.time, timeZone);
    // A date field passes through half-typed days: they stay in it, and change nothing.
    setTypedDay(moment ? undefined : next.day);
    if (!moment) return;
    onChange({ starts_at: moment.toISOString() }, { starts_at: moment.toISOString() });
  };
  const planned = show.planned_minutes ?? 60;
  const past = at.getTime() < Date.now() && (show.state === 'draft' || show.state === 'scheduled');
  return (
    <section id="when">
      <h2>When</h2>
      <div className="edit__when">
        <TextField
          label="Day"
          type="date"
          value={typedDay ?? wall.day}
          onChange={(event) => change({ day: event.target.value })}
        />
        <TimeField label="Starts" value={wall.time} onTime={(time) => change({ time })} />
        <SelectField
          label="Planned"
          value={planned}
          onChange={(event) =>
            onChange({ planned_minutes: Number(event.target.value) }, { planned_minutes: Number(event.target.value) })
          }
        >
          {[...new Set([...lengths, planned])]
            .sort((a, b) => a - b)
            .map((minutes) => (
              <option key={minutes} value={minutes}>
                {minutes} min
              </option>
            ))}
        </SelectField>
        <SelectField
          label="Time zone"
          icon="globe"
          value={timeZone}
          onChange={(event) => setTimeZone(event.target.value)}
        >
          {(zones.includes(timeZone) ? zones : [timeZone, ...zones]).map((name) => (
            <option key={name} value={name}>
              {name === timeZone ? zoneLabel(name, at) : name.replaceAll('_', ' ')}
            </option>
          ))}
        </SelectField>
      </div>
      {problem?.field('starts_at') && <p className="err">{problem.field('starts_at')}</p>}
      {past ? (
        <p className="err" role="alert">
          {sameDay(at, new Date()) ? 'That is earlier today.' : 'That day has passed.'} Choose a time that is still to
          come.
        </p>
      ) : (
        <p className="hint">Everyone sees their own time: {timesElsewhere(at, timeZone)}.</p>
      )}
    </section>
  );
}
