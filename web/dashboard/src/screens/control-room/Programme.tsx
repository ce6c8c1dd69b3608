import { useState, type ReactNode } from 'react';
import type { Cue, Ingest, Show } from '../../api/types';
import { money } from '../../lib/money';
import { clockSeconds } from '../../lib/time';
import { useNow } from '../../lib/useNow';
import { Icon } from '../../ui/Icon';
import { Thumb } from '../../ui/Thumb';
import { cuePrice, cueWas } from './cue-words';
import type { Preview } from './usePreview';

/** How long the origin keeps a show open for an encoder that went away. */
export const GRACE_S = 30;

export interface ProgrammeProps {
  show: Show;
  preview: Preview;
  ingest: Ingest | undefined;
  /** What viewers see over the picture now. */
  pinned: Cue | undefined;
  skewMs: number;
  listening: boolean;
  onListen: (listening: boolean) => void;
  label?: string;
  children?: ReactNode;
}

/** The picture as viewers see it, and how far behind the camera that is. */
export function Programme({
  show,
  preview,
  ingest,
  pinned,
  skewMs,
  listening,
  onListen,
  label = 'As viewers see it',
  children,
}: ProgrammeProps) {
  const [frame, setFrame] = useState<HTMLElement | null>(null);
  const lost = ingest?.state === 'interrupted';
  const price = pinned && cuePrice(pinned);
  const was = pinned && cueWas(pinned);
  return (
    <figure className={`prog__pic${lost ? ' prog__pic--lost' : ''}`} ref={setFrame}>
      <video
        ref={preview.video}
        muted={!listening}
        playsInline
        autoPlay
        disableRemotePlayback
        poster={show.cover?.src}
        aria-label={`Programme of ${show.title}`}
      />
      <figcaption className="vh">The programme, with what viewers see over it</figcaption>
      <div className="prog__tl">
        {lost ? <Holding since={ingest.since} /> : <span className="glass">{label}</span>}
        {preview.playing && !lost && <Behind preview={preview} skewMs={skewMs} />}
      </div>
      <div className="prog__tr">
        <button
          type="button"
          className="glass glass--btn"
          aria-label={listening ? 'Stop listening' : 'Listen'}
          aria-pressed={listening}
          aria-keyshortcuts="L"
          onClick={() => onListen(!listening)}
        >
          <Icon name={listening ? 'sound' : 'silent'} />
        </button>
        <button
          type="button"
          className="glass glass--btn"
          aria-label="Fill the screen"
          onClick={() => void frame?.requestFullscreen?.().catch(() => undefined)}
        >
          <Icon name="full" />
        </button>
      </div>
      {lost ? (
        <div className="prog__lost" role="status">
          <b>{show.host_name || 'The host'} will be right back</b>
          <span>what viewers see now</span>
        </div>
      ) : (
        pinned?.product && (
          <div className="prog__pin glass">
            <Thumb image={pinned.product.image} size="s" />
            <span>
              <b>{pinned.product.title}</b>
              <br />
              {price && money(price)} {was && <s>{money(was)}</s>}
            </span>
          </div>
        )
      )}
      {children}
    </figure>
  );
}

function Behind({ preview, skewMs }: { preview: Preview; skewMs: number }) {
  const now = useNow();
  const frameAt = preview.frameAt();
  if (frameAt === undefined) return null;
  const behind = Math.max(0, now.getTime() + skewMs - frameAt) / 1000;
  return <span className="glass">{behind < 60 ? `${behind.toFixed(1)} s behind the camera` : 'a replayed part'}</span>;
}

function Holding({ since }: { since: string | undefined }) {
  const now = useNow();
  const left = since ? Math.max(0, GRACE_S - Math.floor((now.getTime() - Date.parse(since)) / 1000)) : GRACE_S;
  return (
    <span className="glass">
      {left > 0
        ? `Holding the show for 0:${String(left).padStart(2, '0')}`
        : `No picture since ${since ? clockSeconds(since) : 'a while'}`}
    </span>
  );
}
