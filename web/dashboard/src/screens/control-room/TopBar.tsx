import { Link } from 'wouter';
import type { Cue, Show } from '../../api/types';
import { clock, relative, showTime } from '../../lib/time';
import { useNow } from '../../lib/useNow';
import { Button, buttonClass } from '../../ui/Button';
import { Icon } from '../../ui/Icon';
import { planWords } from './cue-words';

export function ShowState({ show, now }: { show: Show; now: Date }) {
  if (show.state === 'live') return <span className="live">LIVE</span>;
  if (show.state === 'paused') return <span className="live live--soft">PAUSED</span>;
  if (show.state === 'ended') return <span className="pill pill--bare">Ended</span>;
  return (
    <span className="pill pill--go">
      Starts at {clock(show.starts_at)}, {relative(show.starts_at, now)}
    </span>
  );
}

/** The show's name, how long it has run, and the two ways out: the viewers' page, and the end. */
export function TopBar({
  show,
  cues,
  mayEnd,
  onHelp,
  onEnd,
}: {
  show: Show;
  cues: Cue[];
  mayEnd: boolean;
  onHelp: () => void;
  onEnd: () => void;
}) {
  const now = useNow();
  const onAir = show.state === 'live' || show.state === 'paused';
  return (
    <header className="cr__top">
      <Link className={buttonClass({ look: 'quiet', iconOnly: true })} to="/shows" aria-label="Back to shows">
        <Icon name="left" />
      </Link>
      <h1 className="clip">{show.title}</h1>
      <ShowState show={show} now={now} />
      {onAir && show.started_at && (
        <time className="cr__clock">{showTime(now.getTime() - Date.parse(show.started_at))}</time>
      )}
      {(onAir || show.state === 'ended') && (
        <span className="mute nowrap cr__plan">{planWords(show, cues, now, clock)}</span>
      )}
      <span className="push row cr__ways">
        {mayEnd && !onAir && show.state !== 'ended' && (
          <Link className={buttonClass({})} to={`/shows/${show.id}/studio`}>
            Studio
          </Link>
        )}
        <a className={buttonClass({})} href={`/s/${show.id}`} target="_blank" rel="noreferrer">
          <Icon name="ext" />
          Viewer page
        </a>
        <Button className="btn--icon" aria-label="Keyboard shortcuts" aria-keyshortcuts="?" onClick={onHelp}>
          <kbd className="kbd--bare">?</kbd>
        </Button>
        {mayEnd && onAir && (
          <Button look="end" icon="stop" aria-haspopup="dialog" onClick={onEnd}>
            End show…
          </Button>
        )}
      </span>
    </header>
  );
}
