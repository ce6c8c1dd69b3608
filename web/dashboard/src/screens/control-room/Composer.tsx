import type { ChatMessage } from '@showfloor/api-client';
import { useState, type RefObject } from 'react';
import { Button } from '../../ui/Button';
import { Icon } from '../../ui/Icon';
import type { Moderation } from './useModeration';

export const TEXT_MOST = 500;

export interface ComposerProps {
  box: RefObject<HTMLTextAreaElement | null>;
  /** Under which name it appears. */
  as: string;
  online: boolean;
  replyTo: ChatMessage | undefined;
  onStopReply: () => void;
  onSay: Moderation['say'];
}

/** Writes as the shop. What could not be sent stays in the box. */
export function Composer({ box, as, online, replyTo, onStopReply, onSay }: ComposerProps) {
  const [text, setText] = useState('');
  const [pin, setPin] = useState(false);
  const [busy, setBusy] = useState(false);
  const send = async (): Promise<void> => {
    const words = text.trim();
    if (!words || busy || !online) return;
    setBusy(true);
    if (await onSay(words, replyTo, pin)) {
      setText('');
      setPin(false);
      onStopReply();
    }
    setBusy(false);
  };
  return (
    <form
      className="say"
      aria-label="Write to chat"
      onSubmit={(event) => {
        event.preventDefault();
        void send();
      }}
    >
      {replyTo && (
        <p className="say__to">
          <span className="clip">
            <Icon name="reply" size="s" /> Answering <b>{replyTo.from.name}</b>
          </span>
          <Button look="quiet" size="s" icon="x" className="push" aria-label="Stop answering" onClick={onStopReply} />
        </p>
      )}
      <div className="say__box">
        <textarea
          ref={box}
          aria-label="Message"
          placeholder="Write as the shop"
          rows={2}
          maxLength={TEXT_MOST}
          value={text}
          onChange={(event) => setText(event.target.value)}
          onKeyDown={(event) => {
            if (event.key === 'Enter' && !event.shiftKey && !event.nativeEvent.isComposing) {
              event.preventDefault();
              void send();
            } else if (event.key === 'Escape') event.currentTarget.blur();
          }}
        />
        <div className="row">
          <label className="row small soft">
            <input className="check" type="checkbox" checked={pin} onChange={(event) => setPin(event.target.checked)} />
            Pin for everyone
          </label>
          <span className="push small mute clip">as {as}</span>
          <Button type="submit" size="s" look="solid" keyName="⏎" busy={busy} disabled={!online}>
            Send
          </Button>
        </div>
      </div>
    </form>
  );
}
