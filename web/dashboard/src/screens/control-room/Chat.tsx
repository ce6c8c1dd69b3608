import type { ChatMessage } from '@showfloor/api-client';
import { useCallback, useMemo, useRef, useState } from 'react';
import type { Room } from '../../room/useRoom';
import type { LogLine } from '../../room/state';
import { useMay, useSession } from '../../lib/session';
import { useShortcuts } from '../../lib/shortcuts';
import { plural } from '../../lib/time';
import { Button } from '../../ui/Button';
import { Icon } from '../../ui/Icon';
import { BanDialog } from './BanDialog';
import { ChatLine } from './ChatLine';
import { ChatRules } from './ChatRules';
import { Composer } from './Composer';
import { MessageSheet } from './MessageSheet';
import { ModerationLog } from './ModerationLog';
import { useFollow } from './useFollow';
import type { Moderation } from './useModeration';

export interface ChatProps {
  showId: string;
  room: Room;
  moderation: Moderation;
  phone?: boolean;
}

function matches(line: LogLine, query: string): boolean {
  if (!query) return true;
  const words = query.toLowerCase();
  if (line.kind === 'chat') return `${line.message.from.name} ${line.message.text}`.toLowerCase().includes(words);
  return line.kind === 'sold' && `${line.name ?? ''} ${line.title}`.toLowerCase().includes(words);
}

/** The talk of the room, with a moderator's tools. It follows its end only while nobody is pointing into it. */
export function Chat({ showId, room, moderation, phone }: ChatProps) {
  const { shop } = useSession();
  const may = useMay();
  const mayModerate = may('moderate chat');
  const [tab, setTab] = useState<'chat' | 'log'>('chat');
  const [search, setSearch] = useState<string>();
  const [selectedId, setSelectedId] = useState<string>();
  const [replyTo, setReplyTo] = useState<ChatMessage>();
  const [banning, setBanning] = useState<ChatMessage>();
  const [sheet, setSheet] = useState<ChatMessage>();
  const [rules, setRules] = useState(false);
  const composer = useRef<HTMLTextAreaElement>(null);
  const searchBox = useRef<HTMLInputElement>(null);
  const { log } = room.state;
  const lines = useMemo(() => log.filter((line) => matches(line, search ?? '')), [log, search]);
  const { list, shown, missed, toEnd, hold } = useFollow(lines);

  const messages = lines.flatMap((line) => (line.kind === 'chat' && !line.removed ? [line.message] : []));
  const selected = messages.find((message) => message.id === selectedId);
  const step = (by: number): void => {
    const from = messages.findIndex((message) => message.id === selectedId);
    const to = from < 0 ? messages.length - 1 : Math.max(0, Math.min(messages.length - 1, from + by));
    const target = messages[to];
    if (!target) return;
    setSelectedId(target.id);
    list.current?.querySelector(`[data-message="${CSS.escape(target.id)}"]`)?.scrollIntoView({ block: 'nearest' });
  };
  const answer = useCallback((message: ChatMessage): void => {
    setReplyTo(message);
    composer.current?.focus();
  }, []);
  const pick = useCallback(
    (message: ChatMessage): void => {
      setSelectedId(message.id);
      if (phone && mayModerate) setSheet(message);
    },
    [phone, mayModerate],
  );
  const openSearch = (): void => {
    setSearch((now) => now ?? '');
    setTimeout(() => searchBox.current?.focus());
  };
  const withSelected = (action: (message: ChatMessage) => void) => () => {
    if (selected && mayModerate && room.online) action(selected);
  };
  useShortcuts({
    '/': openSearch,
    j: () => step(1),
    k: () => step(-1),
    r: withSelected(answer),
    d: withSelected(moderation.remove),
    m: withSelected(moderation.mute),
    b: withSelected(setBanning),
    ...(mayModerate ? { '1': () => setTab('chat'), '2': () => setTab('log') } : {}),
  });

  return (
    <section className="talk" aria-label="Chat">
      <header className="talk__head">
        <div className="tabs" role="tablist" aria-label="Chat">
          <button type="button" role="tab" aria-selected={tab === 'chat'} onClick={() => setTab('chat')}>
            Chat
          </button>
          {mayModerate && (
            <button type="button" role="tab" aria-selected={tab === 'log'} onClick={() => setTab('log')}>
              Log
            </button>
          )}
        </div>
        <span className="push row talk__tools">
          <Button
            look="quiet"
            icon="search"
            keyName="/"
            className="btn--keyless"
            aria-label="Search chat"
            aria-pressed={search !== undefined}
            onClick={() => (search === undefined ? openSearch() : setSearch(undefined))}
          />
          {mayModerate && (
            <Button
              look="quiet"
              icon="settings"
              aria-label={`Chat rules: ${room.state.slowS ? `slow mode ${room.state.slowS} s` : 'slow mode off'}`}
              onClick={() => setRules(true)}
            />
          )}
        </span>
      </header>
      {tab === 'log' ? (
        <ModerationLog showId={showId} lines={log} moderation={moderation} online={room.online} />
      ) : (
        <>
          {search !== undefined && (
            <div className="talk__find">
              <label className="affix">
                <Icon name="search" />
                <input
                  ref={searchBox}
                  className="input input--s"
                  type="search"
                  aria-label="Search chat"
                  placeholder="Name or words"
                  value={search}
                  onChange={(event) => setSearch(event.target.value)}
                  onKeyDown={(event) => {
                    if (event.key === 'Escape') setSearch(undefined);
                  }}
                />
              </label>
              <span className="hint" role="status">
                {search ? plural(lines.length, 'message') : ''}
              </span>
            </div>
          )}
          {room.state.slowS > 0 && (
            <p className="talk__slow">Slow mode: one message every {room.state.slowS} s for viewers.</p>
          )}
          {room.state.pinnedMessage && (
            <div className="talk__pinned">
              <Icon name="pin" size="s" />
              <p className="clip">
                <b>{room.state.pinnedMessage.from.name}</b> {room.state.pinnedMessage.text}
              </p>
              {mayModerate && (
                <Button
                  look="quiet"
                  size="s"
                  icon="x"
                  aria-label="Unpin the message"
                  disabled={!room.online}
                  onClick={() => moderation.pinMessage(null)}
                />
              )}
            </div>
          )}
          <div className="msgs__frame" {...hold}>
            <div className="msgs" role="log" aria-label="Chat messages" aria-live="off" ref={list} tabIndex={0}>
              <ol>
                {shown.map((line) => (
                  <ChatLine
                    key={line.key}
                    line={line}
                    selected={line.kind === 'chat' && line.message.id === selectedId}
                    undoable={line.kind === 'chat' && moderation.removedHere.has(line.message.id)}
                    tools={mayModerate && !phone}
                    online={room.online}
                    moderation={moderation}
                    onSelect={pick}
                    onAnswer={answer}
                    onBan={setBanning}
                  />
                ))}
                {room.state.ready && lines.length === 0 && (
                  <li className="msgs__none mute">
                    {search ? `Nothing says “${search}”.` : 'Nobody has written yet.'}
                  </li>
                )}
              </ol>
            </div>
            {missed > 0 && (
              <button type="button" className="msgs__new" onClick={toEnd}>
                <Icon name="down" size="s" />
                {plural(missed, 'new message')}
              </button>
            )}
          </div>
          {mayModerate && (
            <Composer
              box={composer}
              as={shop.name}
              online={room.online}
              replyTo={replyTo}
              onStopReply={() => setReplyTo(undefined)}
              onSay={moderation.say}
            />
          )}
        </>
      )}
      {sheet && (
        <MessageSheet
          message={sheet}
          online={room.online}
          moderation={moderation}
          onAnswer={answer}
          onBan={setBanning}
          onClose={() => setSheet(undefined)}
        />
      )}
      {banning && (
        <BanDialog
          viewer={banning.from}
          messages={log.flatMap((line) =>
            line.kind === 'chat' && !line.removed && line.message.from.id === banning.from.id ? [line.message] : [],
          )}
          onBan={moderation.ban}
          onClose={() => setBanning(undefined)}
        />
      )}
      {rules && (
        <ChatRules
          showId={showId}
          slowS={room.state.slowS}
          online={room.online}
          onSlow={moderation.slow}
          onClose={() => setRules(false)}
        />
      )}
    </section>
  );
}
