import { useState, type ReactNode } from 'react';
import type { Cue, Figures, Ingest, Show } from '../../api/types';
import { money } from '../../lib/money';
import { count, showTime } from '../../lib/time';
import { useNow } from '../../lib/useNow';
import type { Room } from '../../room/useRoom';
import { Button } from '../../ui/Button';
import { Icon, type IconName } from '../../ui/Icon';
import { StockBar } from '../../ui/StockBar';
import { Thumb } from '../../ui/Thumb';
import { ToastSlot } from '../../ui/toast';
import { cueIcon, cueLine, cuePrice, cueTitle } from './cue-words';
import { HealthLine } from './HealthLine';
import { Figures4, Trend } from './Numbers';
import { OfflineBanner } from './OfflineBanner';
import { ShowState } from './TopBar';
import type { Run } from './useRun';

type Tab = 'pin' | 'chat' | 'numbers';

export interface PhoneRoomProps {
  show: Show;
  programme: ReactNode;
  ingest: Ingest | undefined;
  run: Run;
  room: Room;
  onScreen: Cue | undefined;
  seen: (cue: Cue | undefined) => boolean;
  viewers: number | undefined;
  figures: Figures | undefined;
  mayRun: boolean;
  mayEnd: boolean;
  nextButton: ReactNode;
  chat: ReactNode;
  onEnd: () => void;
}

const tabs: { id: Tab; label: string; icon: IconName }[] = [
  { id: 'pin', label: 'Pin', icon: 'pin' },
  { id: 'chat', label: 'Chat', icon: 'talk' },
  { id: 'numbers', label: 'Numbers', icon: 'reports' },
];

/** The control room in one hand: thumb-sized pins, the chat, the numbers. */
export function PhoneRoom(props: PhoneRoomProps) {
  const { show, programme, ingest, run, room, viewers, figures, mayRun, mayEnd, chat, onEnd } = props;
  const [tab, setTab] = useState<Tab>('pin');
  const now = useNow();
  const onAir = show.state === 'live' || show.state === 'paused';
  const sentence =
    ingest?.state === 'interrupted'
      ? 'No picture arrives'
      : (ingest?.warnings?.[0] ?? (ingest?.state === 'receiving' ? 'Picture and sound good' : ''));
  return (
    <div className={`pr pr--${tab}`}>
      <header className="cam">
        <h1 className="vh">{show.title}</h1>
        {programme}
        <div className="cam__top">
          <ShowState show={show} now={now} />
          {onAir && show.started_at && (
            <span className="glass">{showTime(now.getTime() - Date.parse(show.started_at))}</span>
          )}
          {viewers !== undefined && (
            <span className="glass">
              <Icon name="eye" size="s" />
              <span className="vh">watching</span> {count(viewers)}
            </span>
          )}
          {mayEnd && onAir && (
            <button type="button" className="glass cam__end push" aria-haspopup="dialog" onClick={onEnd}>
              End
            </button>
          )}
        </div>
        {sentence && (
          <div className="cam__bot">
            <span className="glass cam__ok clip">
              <i className={ingest?.state === 'receiving' && !ingest.warnings?.length ? 'is-good' : ''} />
              {sentence}
            </span>
          </div>
        )}
      </header>
      <OfflineBanner room={room} show={show} />
      <main className="pr__main">
        {tab === 'pin' && <PinTab {...props} onChat={() => setTab('chat')} />}
        {tab === 'chat' && chat}
        {tab === 'numbers' && (
          <div className="ph ph--numbers" tabIndex={0} role="region" aria-label="Numbers">
            <Figures4 figures={figures} viewers={room.online ? room.state.viewers : null} online={room.online} />
            {mayRun && <HealthLine ingest={ingest} />}
            <Trend figures={figures} cues={run.cues} />
          </div>
        )}
        <ToastSlot />
      </main>
      <nav aria-label="Parts of the control room">
        <div className="ph__tabs" role="tablist" aria-label="Show">
          {tabs
            .filter(({ id }) => id !== 'chat' || chat)
            .map(({ id, label, icon }) => (
              <button type="button" role="tab" key={id} aria-selected={tab === id} onClick={() => setTab(id)}>
                <Icon name={icon} size="l" />
                {label}
              </button>
            ))}
        </div>
      </nav>
    </div>
  );
}

function PinTab({ onScreen, seen, run, room, mayRun, nextButton, onChat }: PhoneRoomProps & { onChat: () => void }) {
  const now = useNow();
  const rest = run.planned.slice(1);
  const lastLines = room.state.log
    .flatMap((line) => (line.kind === 'chat' && !line.removed ? [line.message] : []))
    .slice(-3);
  const price = onScreen && cuePrice(onScreen);
  return (
    <div className="ph">
      {onScreen?.product ? (
        <>
          <article className="ph__now" aria-label="On screen now">
            <Thumb image={onScreen.product.image} />
            <div>
              <span className="now__label">
                <i />
                {seen(onScreen)
                  ? `On screen${onScreen.started_at ? `, ${showTime(now.getTime() - Date.parse(onScreen.started_at))}` : ''}`
                  : 'Sending'}
              </span>
              <b className="clip">{cueTitle(onScreen)}</b>
              <small>
                {price && money(price)}, <b>{count(onScreen.product.stock.available)} available</b>,{' '}
                {count(onScreen.product.stock.reserved)} reserved
              </small>
            </div>
            {mayRun && onScreen.kind === 'product' && (
              <Button
                size="l"
                icon="unpin"
                className="ph__tap"
                aria-label="Unpin"
                disabled={!room.online}
                onClick={() => void run.unpin()}
              />
            )}
            {mayRun && onScreen.kind === 'flash_sale' && (
              <Button
                size="l"
                icon="stop"
                className="ph__tap"
                aria-label="End sale"
                disabled={!room.online}
                onClick={() => void run.stop(onScreen)}
              />
            )}
          </article>
          <StockBar stock={onScreen.product.stock} height={5} />
        </>
      ) : (
        <p className="ph__none mute">Nothing is pinned.</p>
      )}
      {nextButton}
      {mayRun && (
        <div className="ph__grid">
          {rest.map((cue) => {
            const line = cueLine(cue);
            return (
              <button
                type="button"
                className="ph__pin"
                key={cue.id}
                disabled={!room.online}
                aria-busy={run.sending.has(cue.id) || undefined}
                onClick={() => run.start(cue)}
              >
                {cue.kind === 'product' && cue.product ? (
                  <Thumb image={cue.product.image} />
                ) : (
                  <span className={`thumb tile${cue.kind === 'flash_sale' ? ' tile--flash' : ''}`}>
                    <Icon name={cueIcon[cue.kind]} />
                  </span>
                )}
                <span>
                  <b>{cueTitle(cue)}</b>
                  <small className={`clip${line.few ? ' warn' : ''}`}>
                    {line.text.replace(' live', '')}
                    {line.stock && `, ${line.stock.replace(' available', ' left')}`}
                  </small>
                </span>
              </button>
            );
          })}
        </div>
      )}
      {lastLines.length > 0 && (
        <button type="button" className="ph__peek" onClick={onChat}>
          <span className="vh">To the chat: </span>
          {lastLines.map((message) => (
            <span key={message.id}>
              <b>{message.from.name}</b> {message.text}
            </span>
          ))}
        </button>
      )}
    </div>
  );
}
