import { Link } from 'wouter';
import { useMay } from '../../lib/session';
import { Button, buttonClass } from '../../ui/Button';
import { Dialog } from '../../ui/Dialog';

const choices = [0, 3, 5, 10, 30, 60];

/** Slow mode counts at once; the rest of the rules live with the show. */
export function ChatRules({
  showId,
  slowS,
  online,
  onSlow,
  onClose,
}: {
  showId: string;
  slowS: number;
  online: boolean;
  onSlow: (seconds: number) => void;
  onClose: () => void;
}) {
  const may = useMay();
  return (
    <Dialog
      title="Chat rules"
      onClose={onClose}
      footer={
        <>
          {may('edit shows') && (
            <Link className={buttonClass({})} to={`/shows/${showId}#rules`}>
              Blocked words and links
            </Link>
          )}
          <Button look="solid" onClick={onClose}>
            Done
          </Button>
        </>
      }
    >
      <fieldset className="form">
        <legend className="label">Slow mode</legend>
        <div className="seg seg--fill" role="group" aria-label="Slow mode">
          {choices.map((seconds) => (
            <button
              type="button"
              key={seconds}
              aria-pressed={slowS === seconds}
              disabled={!online}
              onClick={() => onSlow(seconds)}
            >
              {seconds === 0 ? 'Off' : `${seconds} s`}
            </button>
          ))}
        </div>
        <p className="hint">How long a viewer waits between two messages. The team never waits.</p>
      </fieldset>
    </Dialog>
  );
}
