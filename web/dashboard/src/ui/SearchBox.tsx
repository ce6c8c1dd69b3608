import { useEffect, useState } from 'react';
import { Icon } from './Icon';

const PAUSE_MS = 250;

/** Searches as one types, a moment after the last letter. */
export function SearchBox({
  label,
  placeholder,
  value,
  onSearch,
}: {
  label: string;
  placeholder: string;
  value: string;
  onSearch: (text: string) => void;
}) {
  const [text, setText] = useState(value);
  useEffect(() => setText(value), [value]);
  useEffect(() => {
    if (text === value) return;
    const timer = setTimeout(() => onSearch(text), PAUSE_MS);
    return () => clearTimeout(timer);
    // `onSearch` is made anew with each address; what counts is the text.
  }, [text, value]);
  return (
    <label className="affix search">
      <Icon name="search" />
      <input
        className="input input--s"
        type="search"
        aria-label={label}
        placeholder={placeholder}
        value={text}
        onChange={(event) => setText(event.target.value)}
      />
    </label>
  );
}
