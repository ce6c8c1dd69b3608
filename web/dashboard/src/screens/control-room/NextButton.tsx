import type { Cue } from '../../api/types';
import { money } from '../../lib/money';
import { clock, plural } from '../../lib/time';
import { useNow } from '../../lib/useNow';
import { Button } from '../../ui/Button';
import { Icon } from '../../ui/Icon';
import { cuePrice, cueTitle, durationWords } from './cue-words';
import { ARM_MS, type Armed } from './useRun';

export interface NextButtonProps {
  next: Cue | undefined;
  armed: Armed | null;
  online: boolean;
  onStart: (cue: Cue) => void;
  onCancel: () => void;
  phone?: boolean;
}

/** The one primary button of the control room: what it says is what reaches the audience. */
export function NextButton({ next, armed, online, onStart, onCancel, phone }: NextButtonProps) {
  if (armed) return <ArmedButton armed={armed} onCancel={onCancel} />;
  if (!next) {
    return (
      <p className="next next--none">
        <Icon name="check" size="l" />
        <span>Everything planned has been shown. Add a cue, or end the show.</span>
      </p>
    );
  }
  const price = cuePrice(next);
  return (
    <button
      type="button"
      className={`next${phone ? ' ph__next' : ''}`}
      aria-keyshortcuts="N"
      disabled={!online}
      onClick={() => onStart(next)}
    >
      <span className="next__ico">
        <Icon name="next" size="l" />
      </span>
      <span className="next__t">
        <small>
          {online ? `Next${next.planned_at ? `, planned ${clock(next.planned_at)}` : ''}` : 'Next, when you are online'}
        </small>
        <b>{cueTitle(next)}</b>
      </span>
      {price && (
        <span className="push next__meta">
          {money(price)}
          {next.flash && (
            <small>
              {phone
                ? plural(next.flash.cap, 'piece')
                : `${plural(next.flash.cap, 'piece')}, ${durationWords(next.flash.duration_s)}`}
            </small>
          )}
        </span>
      )}
      {!phone && <kbd aria-hidden="true" data-key="N" />}
    </button>
  );
}

const RING = 50.3;

function ArmedButton({ armed, onCancel }: { armed: Armed; onCancel: () => void }) {
  const now = useNow(100);
  const left = Math.max(0, armed.firesAt - now.getTime());
  const price = cuePrice(armed.cue);
  return (
    <div className="next next--armed" role="alertdialog" aria-label="Flash sale is armed">
      <span className="next__ico">
        <svg className="ring ring--l" viewBox="0 0 20 20" aria-hidden="true">
          <circle cx="10" cy="10" r="8" />
          <circle cx="10" cy="10" r="8" strokeDasharray={RING} strokeDashoffset={RING * (1 - left / ARM_MS)} />
        </svg>
      </span>
      <span className="next__t">
        <small>Flash sale starts in {Math.ceil(left / 1000)} s</small>
        <b>
          {armed.cue.product?.title ?? cueTitle(armed.cue)}
          {price && `, ${money(price)}`}
        </b>
      </span>
      <Button className="push" keyName="Z" autoFocus onClick={onCancel}>
        Cancel
      </Button>
    </div>
  );
}
