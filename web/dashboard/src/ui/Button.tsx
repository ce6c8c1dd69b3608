import type { ButtonHTMLAttributes, ReactNode, Ref } from 'react';
import { Icon, type IconName } from './Icon';

type Look = 'plain' | 'solid' | 'go' | 'quiet' | 'bad' | 'badfill' | 'end';

export interface ButtonProps extends Omit<ButtonHTMLAttributes<HTMLButtonElement>, 'children'> {
  look?: Look;
  size?: 's' | 'l' | 'xl';
  icon?: IconName;
  /** The key that does the same, shown at the end. */
  keyName?: string;
  /** Waits for an answer: it keeps its width, and can't be pressed twice. */
  busy?: boolean;
  wide?: boolean;
  ref?: Ref<HTMLButtonElement>;
  children?: ReactNode;
}

/** Class names of a button, also for links that look like one. */
export function buttonClass({
  look = 'plain',
  size,
  wide,
  iconOnly,
}: {
  look?: Look | undefined;
  size?: 's' | 'l' | 'xl' | undefined;
  wide?: boolean | undefined;
  iconOnly?: boolean;
}): string {
  const names = ['btn'];
  if (look === 'bad') names.push('btn--quiet', 'btn--bad');
  else if (look !== 'plain') names.push(`btn--${look}`);
  if (size) names.push(`btn--${size}`);
  if (wide) names.push('btn--wide');
  if (iconOnly) names.push('btn--icon');
  return names.join(' ');
}

export function Button({
  look,
  size,
  icon,
  keyName,
  busy,
  wide,
  className,
  children,
  type = 'button',
  onClick,
  ...rest
}: ButtonProps) {
  const small = size === 's' ? { size: 's' as const } : {};
  return (
    <button
      {...rest}
      type={type}
      className={`${buttonClass({ look, size, wide, iconOnly: !children })}${busy ? ' is-busy' : ''}${className ? ` ${className}` : ''}`}
      aria-busy={busy || undefined}
      aria-disabled={busy || rest['aria-disabled']}
      aria-keyshortcuts={keyName === '⏎' ? undefined : keyName}
      onClick={busy ? (event) => event.preventDefault() : onClick}
    >
      {icon && <Icon name={icon} {...small} />}
      {children}
      {keyName && <kbd aria-hidden="true" data-key={keyName} />}
    </button>
  );
}
