import type { ChatMessage } from '@showfloor/api-client';
import { memo } from 'react';
import type { LogLine } from '../../room/state';
import { clock } from '../../lib/time';
import { Button } from '../../ui/Button';
import { Icon } from '../../ui/Icon';
import type { Moderation } from './useModeration';

const badges: Partial<Record<ChatMessage['from']['role'], string>> = {
  host: 'Host',
  shop: 'Shop',
  moderator: 'Moderator',
};

export interface ChatLineProps {
  line: LogLine;
  selected: boolean;
  /** It was removed from here, a moment ago. */
  undoable: boolean;
  tools: boolean;
  online: boolean;
  moderation: Moderation;
  onSelect: (message: ChatMessage) => void;
  onAnswer: (message: ChatMessage) => void;
  onBan: (message: ChatMessage) => void;
}

/** One line of the log. Whatever a viewer wrote is text, and only ever text. */
export const ChatLine = memo(function ChatLine({
  line,
  selected,
  undoable,
  tools,
  online,
  moderation,
  onSelect,
  onAnswer,
  onBan,
}: ChatLineProps) {
  if (line.kind === 'gap')
    return (
      <li className="msg msg--gone">
        <p>Too much at once: some messages are not shown here.</p>
      </li>
    );
  if (line.kind === 'sold') {
    return (
      <li className="msg msg--sale">
        <p>
          <Icon name="orders" size="s" />
          {line.name ?? 'Somebody'} bought {line.quantity > 1 && `${line.quantity} × `}
          {line.title}
        </p>
        <time>{clock(new Date(line.at))}</time>
      </li>
    );
  }
  const { message, removed } = line;
  if (removed) {
    return (
      <li className="msg msg--gone">
        <p>
          {undoable ? 'You removed a message from ' : 'Removed: a message from '}
          <b>{message.from.name}</b>
        </p>
        {tools && (
          <Button
            size="s"
            look="quiet"
            disabled={!online}
            aria-label={`Undo removing the message from ${message.from.name}`}
            onClick={() => moderation.restore(message)}
          >
            Undo
          </Button>
        )}
      </li>
    );
  }
  const badge = badges[message.from.role];
  return (
    <li
      className={`msg${badge ? ' msg--team' : ''}${selected ? ' is-hot' : ''}`}
      data-message={message.id}
      onClick={() => onSelect(message)}
    >
      <p>
        {message.reply_to && (
          <span className="msg__re clip">
            <Icon name="reply" size="s" />
            {message.reply_to.name}: {message.reply_to.text}
          </span>
        )}
        <b>{message.from.name}</b> {badge && <em>{badge}</em>} {message.text}
      </p>
      <time>{clock(new Date(message.at))}</time>
      {tools && (
        <MessageTools
          message={message}
          online={online}
          moderation={moderation}
          onAnswer={onAnswer}
          onBan={onBan}
          team={badge !== undefined}
        />
      )}
    </li>
  );
});

function MessageTools({
  message,
  online,
  moderation,
  onAnswer,
  onBan,
  team,
}: {
  message: ChatMessage;
  online: boolean;
  moderation: Moderation;
  onAnswer: (message: ChatMessage) => void;
  onBan: (message: ChatMessage) => void;
  team: boolean;
}) {
  const off = { disabled: !online };
  return (
    <div className="msg__tools" role="toolbar" aria-label={`Message from ${message.from.name}`}>
      <Button size="s" look="quiet" icon="reply" keyName="R" {...off} onClick={() => onAnswer(message)}>
        Answer
      </Button>
      <Button
        size="s"
        look="quiet"
        icon="pin"
        aria-label="Pin the message"
        {...off}
        onClick={() => moderation.pinMessage(message)}
      />
      <Button
        size="s"
        look="quiet"
        icon="trash"
        aria-label="Remove the message"
        {...off}
        onClick={() => moderation.remove(message)}
      />
      {!team && (
        <>
          <Button
            size="s"
            look="quiet"
            icon="mute"
            aria-label="Mute for 10 minutes"
            {...off}
            onClick={() => moderation.mute(message)}
          />
          <Button size="s" look="quiet" icon="ban" aria-label="Ban…" {...off} onClick={() => onBan(message)} />
        </>
      )}
    </div>
  );
}
