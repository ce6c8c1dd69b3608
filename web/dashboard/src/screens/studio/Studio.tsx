import { useQuery } from '@tanstack/react-query';
import { useEffect, useRef, useState } from 'react';
import { Link, useLocation } from 'wouter';
import { post } from '../../api/http';
import {
  cues as cuesQuery,
  figures as figuresQuery,
  ingest as ingestQuery,
  queryClient,
  show as showQuery,
  streamKeys,
} from '../../api/queries';
import type { Ingest, Show, StreamKey } from '../../api/types';
import { useMay } from '../../lib/session';
import { clock, clockSeconds, plural } from '../../lib/time';
import { useNow } from '../../lib/useNow';
import { useTitle } from '../../shell/Page';
import { LoadFailure } from '../../ui/Blank';
import { Button, buttonClass } from '../../ui/Button';
import { Icon } from '../../ui/Icon';
import { ToastSlot, toastFailure } from '../../ui/toast';
import { Thumb } from '../../ui/Thumb';
import { cueIcon, cuePrice, cueTitle, runOf } from '../control-room/cue-words';
import { Programme } from '../control-room/Programme';
import { ShowState } from '../control-room/TopBar';
import { encoderName } from '../control-room/ingest-words';
import { usePreview } from '../control-room/usePreview';
import { money } from '../../lib/money';
import { KeyPanel } from './KeyPanel';
import { ReceivingPanel } from './ReceivingPanel';

export const COUNTDOWN_S = 5;

/** Before the show: the encoder's key, the first frame, the checks, and Go live. */
export function Studio({ showId }: { showId: string }) {
  const may = useMay();
  const [, navigate] = useLocation();
  const [listening, setListening] = useState(false);
  const now = useNow();
  const showAnswer = useQuery({ ...showQuery(showId), refetchInterval: 5_000 });
  const show = showAnswer.data?.value;
  const ingest = useQuery({ ...ingestQuery(showId), refetchInterval: 1_000 });
  const keys = useQuery(streamKeys(showId));
  const receiving = ingest.data?.state === 'receiving';
  const preview = usePreview(`/live/${showId}/index.m3u8`, receiving);
  useTitle(show ? `${show.title}, studio` : 'Studio');

  const wasLive = useRef<boolean | undefined>(undefined);
  useEffect(() => {
    if (!show) return;
    const live = show.state === 'live';
    if (live && wasLive.current === false) navigate(`/shows/${showId}/live`, { replace: true });
    wasLive.current = live;
  }, [show, showId, navigate]);

  if (!show) {
    return (
      <main className="alone" aria-busy={showAnswer.isPending}>
        {showAnswer.error && (
          <LoadFailure what="This show" error={showAnswer.error} onRetry={() => void showAnswer.refetch()} />
        )}
      </main>
    );
  }
  const key = keys.data?.items[0];
  return (
    <div className="st">
      <header className="cr__top">
        <Link className={buttonClass({ look: 'quiet', iconOnly: true })} to="/shows" aria-label="Back to shows">
          <Icon name="left" />
        </Link>
        <h1 className="clip">{show.title}</h1>
        <ShowState show={show} now={now} />
        <span className="push row st__ways">
          {show.state !== 'live' && <span className="mute">Only you see this</span>}
          {may('edit shows') && (
            <Link className={buttonClass({})} to={`/shows/${showId}`}>
              Edit show
            </Link>
          )}
          <Link className={buttonClass({})} to={`/shows/${showId}/live`}>
            Control room
          </Link>
        </span>
      </header>
      <div className="st__cols">
        <main className="st__main">
          {receiving ? (
            <div className="st__pic">
              <Programme
                show={show}
                preview={preview}
                ingest={ingest.data}
                pinned={undefined}
                skewMs={0}
                listening={listening}
                onListen={setListening}
                label={show.state === 'live' ? 'As viewers see it' : `From ${encoderName(ingest.data!)}, not live yet`}
              />
            </div>
          ) : (
            <Waiting ingest={ingest.data} />
          )}
          <Steps show={show} ingest={ingest.data} streamKey={key} />
          {receiving ? <OpensWith showId={showId} mayEdit={may('edit shows')} /> : <WhatHelps />}
        </main>
        <aside className="st__side" aria-label="Encoder">
          <div className="st__scroll">
            {receiving ? (
              <ReceivingPanel ingest={ingest.data!} />
            ) : (
              <KeyPanel showId={showId} streamKey={key} loaded={keys.data !== undefined} />
            )}
          </div>
          <GoLive show={show} ingest={ingest.data} />
        </aside>
      </div>
      <footer className="st__toasts">
        <ToastSlot />
      </footer>
    </div>
  );
}

function Waiting({ ingest }: { ingest: Ingest | undefined }) {
  const lost = ingest?.state === 'interrupted';
  return (
    <div className="st__pic st__pic--wait">
      <div role="status">
        <svg className="waves" viewBox="0 0 120 60" width="120" height="60" aria-hidden="true">
          <g fill="none" stroke="currentColor" strokeWidth="2" strokeLinecap="round">
            <path d="M60 30h0" strokeWidth="9" />
            <path d="M46 18a17 17 0 0 0 0 24M74 18a17 17 0 0 1 0 24" opacity=".7" />
            <path d="M35 9a30 30 0 0 0 0 42M85 9a30 30 0 0 1 0 42" opacity=".4" />
            <path d="M24 1a43 43 0 0 0 0 58M96 1a43 43 0 0 1 0 58" opacity=".18" />
          </g>
        </svg>
        <h2>{lost ? 'The encoder has gone' : 'Waiting for your encoder…'}</h2>
        <p>
          {lost ? (
            <>
              No picture{ingest.since ? ` since ${clockSeconds(ingest.since)}` : ''}. It can come back with the same
              key.
            </>
          ) : (
            <>
              Press <b>Start streaming</b> in OBS. The picture appears here in a second or two.
            </>
          )}
        </p>
      </div>
    </div>
  );
}

function Steps({
  show,
  ingest,
  streamKey,
}: {
  show: Show;
  ingest: Ingest | undefined;
  streamKey: StreamKey | undefined;
}) {
  const receiving = ingest?.state === 'receiving';
  const live = show.state === 'live';
  const steps = [
    {
      label: 'Key made',
      note: streamKey ? clock(streamKey.created_at) : receiving ? 'The encoder has it' : 'Make one on the right',
      done: streamKey !== undefined || receiving,
    },
    {
      label: 'First frame',
      note: receiving ? (ingest.since ? clockSeconds(ingest.since) : 'It is here') : 'Nothing has reached us yet',
      done: receiving,
    },
    {
      label: 'Picture and sound checked',
      note: !receiving
        ? 'Size, key frames, sound'
        : ingest.warnings?.length
          ? `${plural(ingest.warnings.length, 'thing')} to look at`
          : 'All good',
      done: receiving && !ingest.warnings?.length,
    },
    { label: 'Go live', note: live ? 'On air' : show.settings.auto_live ? 'By itself' : 'When you say so', done: live },
  ];
  const current = steps.findIndex((step) => !step.done);
  return (
    <ol className="st__steps" aria-label="Steps">
      {steps.map((step, index) => (
        <li
          key={step.label}
          className={step.done ? 'is-done' : index === current ? 'is-now' : ''}
          aria-current={index === current ? 'step' : undefined}
        >
          <span>{step.done ? <Icon name="check" size="s" /> : index + 1}</span>
          <div>
            <b>
              {step.label}
              {step.done && <span className="vh">, done</span>}
            </b>
            <small>{step.note}</small>
          </div>
        </li>
      ))}
    </ol>
  );
}

function OpensWith({ showId, mayEdit }: { showId: string; mayEdit: boolean }) {
  const run = useQuery(cuesQuery(showId));
  const next = runOf(run.data?.items ?? []).planned.slice(0, 4);
  return (
    <section className="st__opens" aria-label="Opens with">
      <header className="row">
        <h2>Opens with</h2>
        <Link className="push soft" to={mayEdit ? `/shows/${showId}#products` : `/shows/${showId}/live`}>
          Run of show
        </Link>
      </header>
      {next.length === 0 ? (
        <p className="mute">No cues yet. Add what you will show, or pin by hand in the control room.</p>
      ) : (
        <ol>
          {next.map((cue) => {
            const price = cuePrice(cue);
            return (
              <li key={cue.id}>
                {cue.product ? (
                  <Thumb image={cue.product.image} size="s" />
                ) : (
                  <span className="thumb thumb--s tile">
                    <Icon name={cueIcon[cue.kind]} />
                  </span>
                )}
                <span className="clip">
                  <b className="clip">{cueTitle(cue)}</b>
                  <small>
                    {[
                      cue.planned_at && clock(cue.planned_at),
                      price ? money(price) : cue.planned_minutes && `${cue.planned_minutes} min`,
                    ]
                      .filter(Boolean)
                      .join(', ')}
                  </small>
                </span>
              </li>
            );
          })}
        </ol>
      )}
    </section>
  );
}

function WhatHelps() {
  const hints = [
    { icon: 'key', title: 'Paste the key again', text: 'A space at its end breaks it' },
    { icon: 'globe', title: 'Is port 1935 open?', text: 'Some networks block RTMP' },
    { icon: 'people', title: 'Is another encoder on?', text: 'One key, one encoder at a time' },
  ] as const;
  return (
    <section className="st__opens" aria-label="Nothing arrives?">
      <header className="row">
        <h2>Nothing after half a minute?</h2>
      </header>
      <ul>
        {hints.map((hint) => (
          <li key={hint.title}>
            <span className="thumb thumb--s tile">
              <Icon name={hint.icon} />
            </span>
            <span>
              <b>{hint.title}</b>
              <small>{hint.text}</small>
            </span>
          </li>
        ))}
      </ul>
    </section>
  );
}

/** Live is a countdown away: five seconds in which it can be called back. */
function GoLive({ show, ingest }: { show: Show; ingest: Ingest | undefined }) {
  const [goesAt, setGoesAt] = useState<number>();
  const [busy, setBusy] = useState(false);
  const now = useNow(200);
  const figures = useQuery({ ...figuresQuery(show.id), refetchInterval: 5_000 });
  const receiving = ingest?.state === 'receiving';
  const left = goesAt === undefined ? undefined : Math.ceil((goesAt - now.getTime()) / 1000);

  useEffect(() => {
    if (goesAt === undefined) return;
    const timer = setTimeout(() => {
      setGoesAt(undefined);
      setBusy(true);
      post(`/v1/admin/shows/${show.id}/go-live`)
        .then(() => queryClient.invalidateQueries({ queryKey: ['show', show.id] }))
        .then(() => queryClient.invalidateQueries({ queryKey: ['shows'] }))
        .catch((error: unknown) => toastFailure('Not live', error))
        .finally(() => setBusy(false));
    }, goesAt - Date.now());
    return () => clearTimeout(timer);
  }, [goesAt, show.id]);

  const why =
    show.state === 'draft'
      ? 'Publish the show first: nobody could find it.'
      : show.state === 'ended'
        ? 'This show has ended.'
        : show.state === 'live'
          ? 'You are live.'
          : !receiving
            ? 'Waits for the first frame.'
            : `A countdown of ${COUNTDOWN_S} seconds, then everyone sees you.`;
  const ready = receiving && (show.state === 'scheduled' || show.state === 'paused');
  return (
    <div className="st__go">
      {show.state === 'scheduled' && show.settings.auto_live && (
        <p className="hint">This show goes live by itself with the first frame. Switch that off under Edit show.</p>
      )}
      {(figures.data?.viewers ?? 0) > 0 && (
        <p>
          <b>{plural(figures.data!.viewers, 'person', 'people')}</b>{' '}
          <span className="soft">
            {figures.data!.viewers === 1 ? 'is' : 'are'} {show.state === 'live' ? 'watching' : 'waiting'}
          </span>
        </p>
      )}
      {left !== undefined ? (
        <Button size="xl" wide autoFocus onClick={() => setGoesAt(undefined)} aria-live="assertive">
          Live in {Math.max(1, left)} s. Stop
        </Button>
      ) : (
        <Button
          look="go"
          size="xl"
          wide
          busy={busy}
          disabled={!ready}
          aria-describedby="go-live-why"
          onClick={() => setGoesAt(Date.now() + COUNTDOWN_S * 1000)}
        >
          Go live
        </Button>
      )}
      <p className="hint st__why" id="go-live-why">
        {why}
      </p>
    </div>
  );
}
