import type { ServerMessage } from '@showfloor/api-client';
import { useQuery } from '@tanstack/react-query';
import { useRef, useState } from 'react';
import { Link, Redirect } from 'wouter';
import { figures as figuresQuery, ingest as ingestQuery, queryClient, show as showQuery } from '../../api/queries';
import type { Cue } from '../../api/types';
import { useMay } from '../../lib/session';
import { useShortcuts } from '../../lib/shortcuts';
import { useMedia } from '../../lib/useMedia';
import { useNow } from '../../lib/useNow';
import { useRoom } from '../../room/useRoom';
import { useTitle } from '../../shell/Page';
import { LoadFailure } from '../../ui/Blank';
import { buttonClass } from '../../ui/Button';
import { Dialog } from '../../ui/Dialog';
import { ToastSlot, undoLast } from '../../ui/toast';
import { NotFound } from '../NotFound';
import { AddCue } from './AddCue';
import { Chat } from './Chat';
import { EndShow } from './EndShow';
import { HealthLine } from './HealthLine';
import { NextButton } from './NextButton';
import { Figures4, Trend, watching } from './Numbers';
import { OfflineBanner } from './OfflineBanner';
import { OnScreenNow } from './OnScreenNow';
import { PhoneRoom } from './PhoneRoom';
import { Programme } from './Programme';
import { RunOfShow } from './RunOfShow';
import { ShortcutsHelp } from './ShortcutsHelp';
import { TopBar } from './TopBar';
import { useModeration } from './useModeration';
import { usePreview } from './usePreview';
import { useRun } from './useRun';
import { Problem } from '../../api/http';

/** What a producer looks at for an hour: see on the left, do in the middle, talk on the right. */
export function ControlRoom({ showId }: { showId: string }) {
  const may = useMay();
  const mayRun = may('run the show');
  const mayChat = may('moderate chat');
  const mayEnd = may('use the studio');
  const phone = useMedia('(max-width: 639.98px)');
  const narrow = useMedia('(max-width: 1199.98px)');
  const [dialog, setDialog] = useState<'add' | 'end' | 'help'>();
  const [listening, setListening] = useState(false);
  const [middle, setMiddle] = useState<'run' | 'chat'>('run');

  const showAnswer = useQuery({ ...showQuery(showId), refetchInterval: 10_000 });
  const show = showAnswer.data?.value;
  const onAir = show?.state === 'live' || show?.state === 'paused';
  const figures = useQuery({ ...figuresQuery(showId), refetchInterval: onAir ? 3_000 : false });
  const ingest = useQuery({
    ...ingestQuery(showId),
    refetchInterval: 2_000,
    enabled: show !== undefined && show.state !== 'ended' && mayRun,
  });
  const heard = useRef<(messages: ServerMessage[]) => void>(() => undefined);
  const room = useRoom(showId, (messages) => heard.current(messages), mayChat);
  const run = useRun(showId, room.online);
  const moderation = useModeration(room);
  const preview = usePreview(`/live/${showId}/index.m3u8`, ingest.data?.state === 'receiving' || (onAir && !mayRun));
  heard.current = (messages) => {
    run.heard(messages);
    if (messages.some(({ t }) => t === 'state')) void queryClient.invalidateQueries({ queryKey: ['show', showId] });
  };
  useTitle(show ? `${show.title}, control room` : 'Control room');

  const pinned = run.pinned;
  const sales = run.onScreen.filter((cue) => cue.kind === 'flash_sale');
  const seen = useSeen(room.state.pinned, room.state.flash, room.state.ready, room.state.skewMs, preview.frameAt);
  const select = (by: number): void => {
    const from = run.planned.findIndex(({ id }) => id === run.selected?.id);
    const target =
      run.planned[
        from < 0 ? (by > 0 ? 0 : run.planned.length - 1) : Math.max(0, Math.min(run.planned.length - 1, from + by))
      ];
    run.select(target?.id);
    if (target) document.querySelector(`[data-cue="${CSS.escape(target.id)}"]`)?.scrollIntoView({ block: 'nearest' });
  };
  const next = run.planned[0];
  useShortcuts({
    '?': () => setDialog('help'),
    l: () => setListening((now) => !now),
    z: () => (run.armed ? run.cancelArmed() : void undoLast()),
    ArrowDown: () => select(1),
    ArrowUp: () => select(-1),
    ...(mayRun && {
      p: () => run.selected && run.start(run.selected),
      n: () => next && run.start(next),
      u: () => pinned && room.online && void run.unpin(),
      a: () => room.online && setDialog('add'),
      'alt+ArrowUp': () => run.selected && run.move(run.selected, -1),
      'alt+ArrowDown': () => run.selected && run.move(run.selected, 1),
    }),
  });

  if (showAnswer.error instanceof Problem && showAnswer.error.status === 404) return <NotFound />;
  if (!show) {
    return (
      <main className="alone" aria-busy={showAnswer.isPending}>
        {showAnswer.error && (
          <LoadFailure what="This show" error={showAnswer.error} onRetry={() => void showAnswer.refetch()} />
        )}
      </main>
    );
  }
  if (show.state === 'draft' && may('edit shows')) return <Redirect to={`/shows/${showId}`} replace />;

  const viewers = watching(figures.data, room.online ? room.state.viewers : null);
  const programme = (
    <Programme
      show={show}
      preview={preview}
      ingest={ingest.data}
      pinned={seen(pinned) ? pinned : undefined}
      skewMs={room.state.skewMs}
      listening={listening}
      onListen={setListening}
    />
  );
  const dialogs = (
    <>
      {dialog === 'add' && (
        <AddCue
          live={onAir}
          first={run.cues.length - run.planned.length}
          onAdd={run.add}
          onClose={() => setDialog(undefined)}
        />
      )}
      {dialog === 'end' && (
        <EndShow showId={showId} viewers={viewers} planned={run.planned} onClose={() => setDialog(undefined)} />
      )}
      {dialog === 'help' && <ShortcutsHelp onClose={() => setDialog(undefined)} />}
    </>
  );
  const nextButton = mayRun && show.state !== 'ended' && (
    <NextButton
      next={next}
      armed={run.armed}
      online={room.online}
      onStart={run.start}
      onCancel={run.cancelArmed}
      phone={phone}
    />
  );
  // A sale runs beside the pin: both are on screen, the sale is the one that ends by itself.
  const nowCards = [...sales, ...(pinned || sales.length === 0 ? [pinned] : [])].map((cue, index) => (
    <OnScreenNow
      key={cue?.id ?? 'nothing'}
      cue={cue}
      brief={index > 0}
      figures={figures.data}
      seen={seen(cue)}
      online={room.online}
      mayRun={mayRun}
      onUnpin={() => void run.unpin()}
      onStop={(sale) => void run.stop(sale)}
    />
  ));

  if (phone) {
    return (
      <>
        <PhoneRoom
          show={show}
          programme={programme}
          ingest={ingest.data}
          run={run}
          room={room}
          onScreen={pinned ?? sales[0]}
          seen={seen}
          viewers={viewers}
          figures={figures.data}
          mayRun={mayRun}
          mayEnd={mayEnd}
          nextButton={nextButton}
          chat={mayChat && <Chat showId={showId} room={room} moderation={moderation} phone />}
          onEnd={() => setDialog('end')}
        />
        {dialogs}
      </>
    );
  }

  const chat = mayChat && <Chat showId={showId} room={room} moderation={moderation} />;
  return (
    <div className="cr">
      <TopBar
        show={show}
        cues={run.cues}
        mayEnd={mayEnd}
        onHelp={() => setDialog('help')}
        onEnd={() => setDialog('end')}
      />
      {mayChat && <OfflineBanner room={room} show={show} />}
      <main className={`cr__cols${narrow || !mayChat ? ' cr__cols--two' : ''}`}>
        <section className="see" aria-label="Programme and numbers">
          {programme}
          {mayRun && show.state !== 'ended' && <HealthLine ingest={ingest.data} />}
          <Figures4
            figures={figures.data}
            viewers={room.online ? room.state.viewers : null}
            online={room.online || !mayChat}
          />
          <Trend figures={figures.data} cues={run.cues} />
        </section>
        <section className="do" aria-label="Run of show">
          {narrow && mayChat && (
            <div className="tabs do__tabs" role="tablist" aria-label="Middle">
              <button type="button" role="tab" aria-selected={middle === 'run'} onClick={() => setMiddle('run')}>
                Run of show
              </button>
              <button type="button" role="tab" aria-selected={middle === 'chat'} onClick={() => setMiddle('chat')}>
                Chat
              </button>
            </div>
          )}
          {narrow && mayChat && middle === 'chat' ? (
            chat
          ) : (
            <>
              {nowCards}
              {nextButton}
              <RunOfShow run={run} online={room.online} mayRun={mayRun} seen={seen} onAdd={() => setDialog('add')} />
            </>
          )}
          <footer className="do__slot">
            <ToastSlot keyName="Z" />
          </footer>
        </section>
        {!narrow && chat}
      </main>
      {dialogs}
      {show.state === 'ended' && <EndedNote title={show.title} />}
    </div>
  );
}

/** A pin is on screen when the room has it and the frame it belongs to has come out of the player. */
function useSeen(
  pinned: { product_id: string; at: number } | null,
  flash: { product_id: string; at: number }[],
  roomReady: boolean,
  skewMs: number,
  frameAt: () => number | undefined,
): (cue: Cue | undefined) => boolean {
  const now = useNow(500);
  return (cue) => {
    if (!cue?.product || !roomReady) return cue !== undefined;
    const entry =
      cue.kind === 'flash_sale'
        ? flash.find((sale) => sale.product_id === cue.product!.id)
        : pinned?.product_id === cue.product.id
          ? pinned
          : undefined;
    if (!entry) return false;
    return (frameAt() ?? now.getTime() + skewMs) >= entry.at;
  };
}

/** Said once, when the show ends while this screen is open. */
function EndedNote({ title }: { title: string }) {
  const [open, setOpen] = useState(true);
  if (!open) return null;
  return (
    <Dialog
      title={`${title} has ended`}
      onClose={() => setOpen(false)}
      footer={
        <>
          <Link className={buttonClass({})} to="/shows">
            To the shows
          </Link>
          <button type="button" className={buttonClass({ look: 'solid' })} onClick={() => setOpen(false)}>
            See the figures
          </button>
        </>
      }
    >
      <p className="soft">Orders go on arriving from people who were paying. The figures stay here.</p>
    </Dialog>
  );
}
