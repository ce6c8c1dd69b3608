import type { ChatMessage } from '@showfloor/api-client';
import { Button } from '../../ui/Button';
import { Dialog } from '../../ui/Dialog';
import { Icon } from '../../ui/Icon';
import type { Moderation } from './useModeration';

/** A message's tools on a phone: large enough for a thumb. */
export function MessageSheet({
  message,
  online,
  moderation,
  onAnswer,
  onBan,
  onClose,
}: {
  message: ChatMessage;
  online: boolean;
  moderation: Moderation;
  onAnswer: (message: ChatMessage) => void;
  onBan: (message: ChatMessage) => void;
  onClose: () => void;
}) {
  const then = (action: (message: ChatMessage) => void) => () => {
    onClose();
    action(message);
  };
  const team = message.from.role !== 'viewer';
  return (
    <Dialog sheet title={<span className="vh">Message from {message.from.name}</span>} onClose={onClose}>
      <p className="ph__quote">
        <b>{message.from.name}</b> {message.text}
      </p>
      <div className="ph__two">
        <button type="button" disabled={!online} onClick={then(onAnswer)}>
          <Icon name="reply" size="l" />
          Answer
        </button>
        <button type="button" disabled={!online} onClick={then(moderation.pinMessage)}>
          <Icon name="pin" size="l" />
          Pin
        </button>
      </div>
      <ul className="ph__list">
        <li>
          <button type="button" disabled={!online} onClick={then(moderation.remove)}>
            <Icon name="trash" size="l" />
            Remove
          </button>
        </li>
        {!team && (
          <>
            <li>
              <button type="button" disabled={!online} onClick={then(moderation.mute)}>
                <Icon name="mute" size="l" />
                Mute for 10 minutes
              </button>
            </li>
            <li>
              <button type="button" className="bad" disabled={!online} onClick={then(onBan)}>
                <Icon name="ban" size="l" />
                Ban…
              </button>
            </li>
          </>
        )}
      </ul>
      <Button size="xl" wide onClick={onClose}>
        Cancel
      </Button>
    </Dialog>
  );
}
