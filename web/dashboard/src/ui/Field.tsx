import {
  useId,
  useState,
  type InputHTMLAttributes,
  type ReactNode,
  type SelectHTMLAttributes,
  type TextareaHTMLAttributes,
} from 'react';
import { Icon, type IconName } from './Icon';

interface FieldFrame {
  label: ReactNode;
  hint?: ReactNode;
  error?: string | undefined;
  /** Something at the end of the label's line, such as a link. */
  aside?: ReactNode;
  className?: string;
}

function useFrame({ label, hint, error, aside, className }: FieldFrame) {
  const id = useId();
  const described = [hint ? `${id}-hint` : '', error ? `${id}-error` : ''].filter(Boolean).join(' ') || undefined;
  const wrap = (control: ReactNode): ReactNode => (
    <div className={`field${className ? ` ${className}` : ''}`}>
      {aside ? (
        <span className="row row--between">
          <label className="label" htmlFor={id}>
            {label}
          </label>
          {aside}
        </span>
      ) : (
        <label htmlFor={id}>{label}</label>
      )}
      {control}
      {hint && (
        <span className="hint" id={`${id}-hint`}>
          {hint}
        </span>
      )}
      {error && (
        <span className="err" id={`${id}-error`} role="alert">
          <Icon name="warn" />
          <span>{error}</span>
        </span>
      )}
    </div>
  );
  return { wrap, props: { id, 'aria-describedby': described, 'aria-invalid': error ? (true as const) : undefined } };
}

type Input = Omit<InputHTMLAttributes<HTMLInputElement>, 'className'>;

export function TextField({
  label,
  hint,
  error,
  aside,
  className,
  large,
  icon,
  ...input
}: FieldFrame & Input & { large?: boolean; icon?: IconName }) {
  const { wrap, props } = useFrame({ label, hint, error, aside, ...(className ? { className } : {}) });
  const control = <input {...input} {...props} className={`input${large ? ' input--l' : ''}`} />;
  return wrap(
    icon ? (
      <span className="affix">
        <Icon name={icon} />
        {control}
      </span>
    ) : (
      control
    ),
  );
}

export function TextArea({
  label,
  hint,
  error,
  aside,
  className,
  ...area
}: FieldFrame & Omit<TextareaHTMLAttributes<HTMLTextAreaElement>, 'className'>) {
  const { wrap, props } = useFrame({ label, hint, error, aside, ...(className ? { className } : {}) });
  return wrap(<textarea {...area} {...props} className="input" />);
}

export function SelectField({
  label,
  hint,
  error,
  aside,
  className,
  icon,
  children,
  ...select
}: FieldFrame & Omit<SelectHTMLAttributes<HTMLSelectElement>, 'className'> & { icon?: IconName }) {
  const { wrap, props } = useFrame({ label, hint, error, aside, ...(className ? { className } : {}) });
  return wrap(
    <span className="pick">
      {icon && <Icon name={icon} />}
      <select {...select} {...props} className="select">
        {children}
      </select>
      <Icon name="down" size="s" />
    </span>,
  );
}

/** A choice that counts at once. The label is part of the target. */
export function Switch({
  label,
  hint,
  checked,
  onChange,
  disabled,
}: {
  label: ReactNode;
  hint?: ReactNode;
  checked: boolean;
  onChange: (checked: boolean) => void;
  disabled?: boolean;
}) {
  return (
    <label className="switchrow">
      <span>
        <span className="label">{label}</span>
        {hint && <small className="mute">{hint}</small>}
      </span>
      <input
        className="switch"
        type="checkbox"
        role="switch"
        checked={checked}
        disabled={disabled}
        onChange={(event) => onChange(event.target.checked)}
      />
    </label>
  );
}

export function Check({
  label,
  checked,
  onChange,
}: {
  label: ReactNode;
  checked: boolean;
  onChange: (checked: boolean) => void;
}) {
  return (
    <label className="row">
      <input className="check" type="checkbox" checked={checked} onChange={(event) => onChange(event.target.checked)} />
      <span>{label}</span>
    </label>
  );
}

/** A wall-clock time in 24 hours, whatever the browser's own habit. `7` is read as 07:00 when the field is left. */
export function TimeField({ value, onTime, ...rest }: FieldFrame & { value: string; onTime: (time: string) => void }) {
  const [typed, setTyped] = useState<string>();
  const read = readTime(typed ?? value);
  return (
    <TextField
      {...rest}
      inputMode="numeric"
      autoComplete="off"
      placeholder="19:30"
      maxLength={5}
      value={typed ?? value}
      error={rest.error ?? (read ? undefined : 'A time like 19:30.')}
      onChange={(event) => {
        setTyped(event.target.value);
        const time = /^\d{2}:\d{2}$/.test(event.target.value) ? readTime(event.target.value) : undefined;
        if (time) onTime(time);
      }}
      onBlur={() => {
        if (!read) return;
        setTyped(undefined);
        if (read !== value) onTime(read);
      }}
    />
  );
}

/** `19:30` from `19:30`, `1930`, `19.30` or `7`; nothing from anything else. */
export function readTime(text: string): string | undefined {
  const match = /^(\d{1,2})(?:[:.]?(\d{2}))?$/.exec(text.trim());
  const hours = Number(match?.[1]);
  const minutes = Number(match?.[2] ?? 0);
  return match && hours < 24 && minutes < 60
    ? `${String(hours).padStart(2, '0')}:${String(minutes).padStart(2, '0')}`
    : undefined;
}
