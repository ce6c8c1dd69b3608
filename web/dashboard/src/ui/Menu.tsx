import {
  Menu as AriaMenu,
  MenuItem as AriaMenuItem,
  MenuTrigger,
  Popover,
  Button as AriaButton,
} from 'react-aria-components';
import type { ReactNode } from 'react';
import { buttonClass } from './Button';
import { Icon, type IconName } from './Icon';

export interface MenuChoice {
  id: string;
  label: ReactNode;
  /** Plain text of the label, for typing ahead. */
  text?: string;
  icon?: IconName;
  bad?: boolean;
  checked?: boolean;
  onChoose: () => void;
}

/** A button that opens a list of actions; `label` names the button if nothing is written on it, and the list. Arrow keys and typing move in it, Esc closes it. */
export function Menu({
  label,
  choices,
  className,
  children,
}: {
  label: string;
  choices: MenuChoice[];
  className?: string;
  children?: ReactNode;
}) {
  return (
    <MenuTrigger>
      <AriaButton
        {...(children ? {} : { 'aria-label': label })}
        className={className ?? buttonClass({ look: 'quiet', size: 's', iconOnly: true })}
      >
        {children ?? <Icon name="more" />}
      </AriaButton>
      <Popover className="menu" placement="bottom end" offset={4}>
        <AriaMenu aria-label={label} onAction={(key) => choices.find((choice) => choice.id === key)?.onChoose()}>
          {choices.map((choice) => (
            <AriaMenuItem
              key={choice.id}
              id={choice.id}
              textValue={choice.text ?? (typeof choice.label === 'string' ? choice.label : choice.id)}
              className={`menu__item${choice.bad ? ' bad' : ''}`}
            >
              {choice.icon && <Icon name={choice.icon} />}
              <span>{choice.label}</span>
              {choice.checked && <Icon name="check" size="s" />}
            </AriaMenuItem>
          ))}
        </AriaMenu>
      </Popover>
    </MenuTrigger>
  );
}
