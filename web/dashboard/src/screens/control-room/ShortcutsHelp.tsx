import { Fragment } from 'react';
import { setShortcutsOn, shortcutsOn } from '../../lib/shortcuts';
import { useStore } from '../../lib/store';
import { Button } from '../../ui/Button';
import { Dialog } from '../../ui/Dialog';
import { Switch } from '../../ui/Field';

const columns: [string, string[]][][] = [
  [
    ['Pin selected cue', ['P']],
    ['Next', ['N']],
    ['Unpin', ['U']],
    ['Select cue', ['↑', '↓']],
    ['Move cue', ['⌥', '↑', '↓']],
    ['Add cue', ['A']],
    ['Undo', ['Z']],
  ],
  [
    ['Search chat', ['/']],
    ['Select message', ['J', 'K']],
    ['Answer', ['R']],
    ['Remove, mute, ban', ['D', 'M', 'B']],
    ['Chat, log', ['1', '2']],
    ['Listen to programme', ['L']],
    ['This list', ['?']],
  ],
];

export function ShortcutsHelp({ onClose }: { onClose: () => void }) {
  const on = useStore(shortcutsOn);
  return (
    <Dialog
      title="Keyboard shortcuts"
      wide
      onClose={onClose}
      closeButton
      footer={
        <Button look="solid" onClick={onClose}>
          Done
        </Button>
      }
    >
      <div className="keys">
        {columns.map((column, index) => (
          <dl key={index}>
            {column.map(([what, keys]) => (
              <div key={what}>
                <dt>{what}</dt>
                <dd>
                  {keys.map((key) => (
                    <Fragment key={key}>
                      <kbd>{key}</kbd>
                    </Fragment>
                  ))}
                </dd>
              </div>
            ))}
          </dl>
        ))}
        <p className="hint">
          No key ends the show. Keys rest while you type; <kbd>Esc</kbd> leaves the field.
        </p>
      </div>
      <Switch label="Use these keys" checked={on} onChange={setShortcutsOn} />
    </Dialog>
  );
}
