import type { ReactNode } from 'react';
import { sentenceOf } from '../api/http';
import { Icon, type IconName } from './Icon';

type Tone = 'plain' | 'good' | 'warn' | 'bad' | 'info';

const icons: Record<Tone, IconName> = { plain: 'info', good: 'check', warn: 'warn', bad: 'warn', info: 'info' };

export function Notice({
  tone = 'plain',
  icon,
  children,
  className,
  alert,
}: {
  tone?: Tone;
  icon?: IconName;
  children: ReactNode;
  className?: string;
  alert?: boolean;
}) {
  return (
    <div
      className={`notice${tone === 'plain' ? '' : ` notice--${tone}`}${className ? ` ${className}` : ''}`}
      role={alert ? 'alert' : 'status'}
    >
      <Icon name={icon ?? icons[tone]} />
      <span>{children}</span>
    </div>
  );
}

/** A failed call in its own words: what happened, what to do. */
export function Failure({ error, title }: { error: unknown; title?: string }) {
  return (
    <Notice tone="bad" alert>
      {title && <b>{title} </b>}
      {sentenceOf(error)}
    </Notice>
  );
}
