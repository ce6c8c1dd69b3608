import { useState } from 'react';
import type { ShowSettings } from '../../api/types';
import { SelectField, Switch, TextArea } from '../../ui/Field';
import type { SectionProps } from './Basics';

const slowModes = [0, 3, 5, 10, 30, 60];

/** One blocked word or phrase per line; empty lines don't count. */
export const wordsOf = (text: string): string[] => [
  ...new Set(
    text
      .split('\n')
      .map((line) => line.trim())
      .filter(Boolean),
  ),
];

/** How the stream starts, and what chat may say. */
export function RulesSection({ show, onChange }: SectionProps) {
  const { settings } = show;
  const [words, setWords] = useState(settings.blocklist.join('\n'));
  const set = (change: Partial<ShowSettings>): void =>
    onChange({ settings: { ...settings, ...change } }, { settings: change });
  const slow = settings.slow_mode_s;
  return (
    <section id="rules">
      <h2>Stream and chat</h2>
      <Switch
        label="Go live by itself"
        hint="With the encoder's first frame, without anyone pressing Go live."
        checked={settings.auto_live}
        onChange={(auto_live) => set({ auto_live })}
      />
      <div className="edit__two">
        <SelectField
          label="A second encoder with the same key"
          value={settings.second_publisher}
          onChange={(event) => set({ second_publisher: event.target.value as ShowSettings['second_publisher'] })}
        >
          <option value="refuse">is refused</option>
          <option value="take_over">takes over</option>
        </SelectField>
        <SelectField
          label="Slow mode"
          value={slow}
          onChange={(event) => set({ slow_mode_s: Number(event.target.value) })}
        >
          {[...new Set([...slowModes, slow])]
            .sort((a, b) => a - b)
            .map((seconds) => (
              <option key={seconds} value={seconds}>
                {seconds === 0 ? 'Off' : `One message every ${seconds} s`}
              </option>
            ))}
        </SelectField>
      </div>
      <SelectField
        label="Links in chat"
        value={settings.links}
        onChange={(event) => set({ links: event.target.value as ShowSettings['links'] })}
      >
        <option value="block">are refused</option>
        <option value="allow">are allowed</option>
      </SelectField>
      <TextArea
        label="Blocked words"
        rows={3}
        hint="One word or phrase per line. A message with one of them is refused, and its writer is told."
        value={words}
        onChange={(event) => {
          setWords(event.target.value);
          set({ blocklist: wordsOf(event.target.value) });
        }}
      />
    </section>
  );
}
