import { useState } from 'react';
import type { Cue } from '../../api/types';
import { clock, count } from '../../lib/time';
import { Button } from '../../ui/Button';
import { DragHandle } from '../../ui/DragHandle';
import { Icon } from '../../ui/Icon';
import { Menu } from '../../ui/Menu';
import { Thumb } from '../../ui/Thumb';
import { cueIcon, cueLine, cueTitle, startLabel } from './cue-words';
import type { Run } from './useRun';

export interface RunOfShowProps {
  run: Run;
  online: boolean;
  mayRun: boolean;
  /** Whether viewers already see a cue that was started. */
  seen: (cue: Cue) => boolean;
  onAdd: () => void;
}

/** What has been, what is, and what comes. Only the person's hand moves a row. */
export function RunOfShow({ run, online, mayRun, seen, onAdd }: RunOfShowProps) {
  const total = run.cues.length;
  const at = run.done.length + run.onScreen.length;
  return (
    <>
      <header className="row do__head">
        <h2>Run of show</h2>
        <span className="mute">
          {count(at)} of {count(total)}
        </span>
        {mayRun && (
          <span className="push row">
            <Button size="s" look="quiet" icon="plus" keyName="A" disabled={!online} onClick={onAdd}>
              Add cue
            </Button>
          </span>
        )}
      </header>
      <ol className="cues" aria-label="Run of show">
        <DoneCues cues={run.done} run={run} online={online} mayRun={mayRun} />
        {run.onScreen.map((cue) => (
          <LiveCue key={cue.id} cue={cue} seen={seen(cue)} />
        ))}
        {run.planned.map((cue, index) => (
          <PlannedCue key={cue.id} cue={cue} run={run} online={online} mayRun={mayRun} index={index} />
        ))}
        {run.loaded && total === 0 && (
          <li className="cue cue--none mute">
            {mayRun ? 'No cues yet. Add the products you will show, in the order you will show them.' : 'No cues yet.'}
          </li>
        )}
      </ol>
    </>
  );
}

function CueText({ cue }: { cue: Cue }) {
  const line = cueLine(cue);
  return (
    <span className="cue__t">
      <b>{cueTitle(cue)}</b>
      <small>
        {line.text}
        {line.stock && (
          <>
            {line.text && ', '}
            <span className={line.few ? 'warn' : undefined}>{line.stock}</span>
          </>
        )}
      </small>
    </span>
  );
}

function CuePicture({ cue }: { cue: Cue }) {
  if (cue.kind === 'product' && cue.product) return <Thumb image={cue.product.image} size="s" />;
  return (
    <span className={`thumb thumb--s tile${cue.kind === 'flash_sale' ? ' tile--flash' : ''}`}>
      <Icon name={cueIcon[cue.kind]} />
    </span>
  );
}

function DoneCues({ cues, run, online, mayRun }: { cues: Cue[]; run: Run; online: boolean; mayRun: boolean }) {
  const [open, setOpen] = useState(false);
  const first = cues.find((cue) => cue.started_at)?.started_at;
  const last = [...cues].reverse().find((cue) => cue.ended_at ?? cue.started_at);
  if (cues.length === 0) return null;
  return (
    <>
      <li className="cue cue--fold">
        <Button
          size="s"
          look="quiet"
          icon={open ? 'down' : 'right'}
          aria-expanded={open}
          onClick={() => setOpen(!open)}
        >
          {count(cues.length)} done
        </Button>
        <span className="mute clip">{cues.map((cue) => cue.product?.title ?? cueTitle(cue)).join(', ')}</span>
        {first && last && (
          <span className="mute push small nowrap">
            {clock(first)} to {clock(last.ended_at ?? last.started_at!)}
          </span>
        )}
      </li>
      {open &&
        cues.map((cue) => (
          <li className="cue cue--done" key={cue.id}>
            <span className="cue__drag" />
            <time>{cue.started_at ? clock(cue.started_at) : ''}</time>
            <CuePicture cue={cue} />
            <CueText cue={cue} />
            {cue.state === 'skipped' && <span className="pill pill--bare">Skipped</span>}
            {mayRun && cue.kind !== 'flash_sale' && (
              <Button size="s" disabled={!online} onClick={() => run.start(cue)}>
                {cue.kind === 'product' ? 'Pin again' : 'Show again'}
              </Button>
            )}
          </li>
        ))}
    </>
  );
}

function LiveCue({ cue, seen }: { cue: Cue; seen: boolean }) {
  return (
    <li className="cue cue--live" aria-current="step">
      <span className="cue__drag" />
      <time>{cue.started_at ? clock(cue.started_at) : ''}</time>
      <CuePicture cue={cue} />
      <CueText cue={cue} />
      <span className="live live--soft" role="status">
        {seen ? 'ON SCREEN' : 'SENDING'}
      </span>
    </li>
  );
}

function PlannedCue({
  cue,
  run,
  online,
  mayRun,
  index,
}: {
  cue: Cue;
  run: Run;
  online: boolean;
  mayRun: boolean;
  index: number;
}) {
  const selected = run.selected?.id === cue.id;
  const sending = run.sending.has(cue.id);
  const title = cueTitle(cue);
  return (
    <li
      className={`cue${selected ? ' is-sel' : ''}`}
      aria-current={selected || undefined}
      data-cue={cue.id}
      onClick={() => run.select(cue.id)}
    >
      {mayRun ? (
        <DragHandle
          name={title}
          index={index}
          count={run.planned.length}
          disabled={!online}
          onMove={(by) => run.move(cue, by)}
        />
      ) : (
        <span className="cue__drag" />
      )}
      <time>{cue.planned_at ? clock(cue.planned_at) : ''}</time>
      <CuePicture cue={cue} />
      <CueText cue={cue} />
      {index === 0 && !sending && <span className="pill pill--go pill--bare">Next</span>}
      {sending && (
        <span className="live live--soft" role="status">
          SENDING
        </span>
      )}
      {mayRun && (
        <>
          <Button
            size="s"
            {...(cue.kind === 'product' ? { icon: 'pin' as const } : {})}
            {...(selected ? { keyName: 'P' } : {})}
            busy={sending}
            disabled={!online}
            aria-label={`${startLabel[cue.kind]}: ${title}`}
            onClick={() => run.start(cue)}
          >
            {startLabel[cue.kind]}
          </Button>
          <span className="cue__more">
            <Menu
              label={`More for ${title}`}
              choices={[
                { id: 'up', label: 'Move up', icon: 'up', onChoose: () => run.move(cue, -1) },
                { id: 'down', label: 'Move down', icon: 'down', onChoose: () => run.move(cue, 1) },
                {
                  id: 'remove',
                  label: 'Take out of the show',
                  icon: 'trash',
                  bad: true,
                  onChoose: () => void run.remove(cue),
                },
              ]}
            />
          </span>
        </>
      )}
    </li>
  );
}
