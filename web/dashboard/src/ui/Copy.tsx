import { useEffect, useState } from 'react';
import { Button, type ButtonProps } from './Button';

/** Copies a text, says so for two seconds. */
export function CopyButton({
  text,
  label = 'Copy',
  ...button
}: { text: string; label?: string } & Omit<ButtonProps, 'children'>) {
  const [copied, setCopied] = useState(false);
  useEffect(() => {
    if (!copied) return;
    const timer = setTimeout(() => setCopied(false), 2000);
    return () => clearTimeout(timer);
  }, [copied]);
  return (
    <Button
      size="s"
      icon={copied ? 'check' : 'copy'}
      {...button}
      onClick={() => void navigator.clipboard.writeText(text).then(() => setCopied(true))}
    >
      {copied ? 'Copied' : label}
    </Button>
  );
}

export function CopyLine({
  label,
  hint,
  text,
  fresh,
}: {
  label: string;
  hint?: string;
  text: string;
  fresh?: boolean;
}) {
  return (
    <div className="field">
      <span className="row row--between">
        <span className="label">{label}</span>
        {hint && <span className="hint">{hint}</span>}
      </span>
      <div className={`copyline${fresh ? ' copyline--new' : ''}`}>
        <span className="mono clip">{text}</span>
        <CopyButton text={text} look={fresh ? 'solid' : 'quiet'} aria-label={`Copy ${label.toLowerCase()}`} />
      </div>
    </div>
  );
}
