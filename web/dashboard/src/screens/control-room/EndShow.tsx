import { useState } from 'react';
import { post } from '../../api/http';
import { queryClient } from '../../api/queries';
import type { Cue } from '../../api/types';
import { count, plural } from '../../lib/time';
import { Button } from '../../ui/Button';
import { Dialog } from '../../ui/Dialog';
import { Icon } from '../../ui/Icon';
import { toastFailure } from '../../ui/toast';

/** Ending asks once, and says what happens. Only this dialog ends a show: no key does. */
export function EndShow({
  showId,
  viewers,
  planned,
  onClose,
}: {
  showId: string;
  viewers: number | undefined;
  planned: Cue[];
  onClose: () => void;
}) {
  const [busy, setBusy] = useState(false);
  const sale = planned.some((cue) => cue.kind === 'flash_sale');
  const end = async (): Promise<void> => {
    setBusy(true);
    try {
      await post(`/v1/admin/shows/${showId}/end`, { confirm: true });
      await queryClient.invalidateQueries({ queryKey: ['show', showId] });
      void queryClient.invalidateQueries({ queryKey: ['shows'] });
    } catch (error) {
      toastFailure('The show goes on', error);
    }
    onClose();
  };
  return (
    <Dialog
      title={viewers ? `End the show for ${plural(viewers, 'viewer')}?` : 'End the show?'}
      onClose={onClose}
      footer={
        <>
          <Button size="l" autoFocus onClick={onClose}>
            Stay live
          </Button>
          <Button size="l" look="badfill" busy={busy} onClick={() => void end()}>
            End show
          </Button>
        </>
      }
    >
      <ul className="ticks">
        <li>
          <Icon name="check" />
          <span>Whoever is paying keeps their reservation and can finish.</span>
        </li>
        <li>
          <Icon name="check" />
          <span>Live prices end now; bags go back to shop prices.</span>
        </li>
        <li>
          <Icon name="stop" />
          <span>The stream key stops, and the chat closes.</span>
        </li>
        {planned.length > 0 && (
          <li>
            <Icon name="warn" />
            <span>
              {count(planned.length)} {planned.length === 1 ? "cue hasn't" : "cues haven't"} been shown
              {sale ? ', a flash sale among them' : ''}.
            </span>
          </li>
        )}
      </ul>
    </Dialog>
  );
}
