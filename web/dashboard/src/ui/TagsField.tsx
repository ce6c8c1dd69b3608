import { useId, useState } from 'react';
import { Icon } from './Icon';

/** Short words as tokens: Enter or a comma adds one, Backspace takes the last away. */
export function TagsField({
  label,
  tags,
  onChange,
}: {
  label: string;
  tags: string[];
  onChange: (tags: string[]) => void;
}) {
  const id = useId();
  const [text, setText] = useState('');
  const add = (): void => {
    const tag = text.trim().toLowerCase();
    if (tag && !tags.includes(tag)) onChange([...tags, tag]);
    setText('');
  };
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      <div className="input tokens">
        {tags.map((tag) => (
          <span className="token token--text" key={tag}>
            {tag}
            <button
              type="button"
              aria-label={`Remove ${tag}`}
              onClick={() => onChange(tags.filter((other) => other !== tag))}
            >
              <Icon name="x" size="s" />
            </button>
          </span>
        ))}
        <input
          id={id}
          value={text}
          placeholder={tags.length ? '' : 'Add a tag'}
          onChange={(event) => setText(event.target.value)}
          onBlur={add}
          onKeyDown={(event) => {
            if (event.key === 'Enter' || event.key === ',') {
              event.preventDefault();
              add();
            } else if (event.key === 'Backspace' && !text) onChange(tags.slice(0, -1));
          }}
        />
      </div>
    </div>
  );
}
