import type { ChatMessage } from '@showfloor/api-client';
import { useState } from 'react';
import { plural } from '../../lib/time';
import { Button } from '../../ui/Button';
import { Dialog } from '../../ui/Dialog';
import { Check, SelectField } from '../../ui/Field';
import type { Moderation } from './useModeration';

const reasons = [
  'Spam or links',
  'Insults or hate',
  'Harassing someone',
  'Pretending to be the shop',
  'Something else',
];

/** Banning asks why; the reason goes to the log. */
export function BanDialog({
  viewer,
  messages,
  onBan,
  onClose,
}: {
  viewer: { id: string; name: string };
  messages: ChatMessage[];
  onBan: Moderation['ban'];
  onClose: () => void;
}) {
  const [reason, setReason] = useState(reasons[0]!);
  const [removing, setRemoving] = useState(true);
  return (
    <Dialog
      title={`Ban ${viewer.name}`}
      onClose={onClose}
      onSubmit={() => {
        onBan(viewer, reason, removing ? messages : []);
        onClose();
      }}
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button look="badfill" type="submit">
            Ban from this show
          </Button>
        </>
      }
    >
      <div className="form">
        <p className="soft">
          They are out of this show at once and can't come back to it. They can still watch elsewhere, and buy.
        </p>
        <SelectField label="Why" value={reason} onChange={(event) => setReason(event.target.value)}>
          {reasons.map((text) => (
            <option key={text}>{text}</option>
          ))}
        </SelectField>
        {messages.length > 0 && (
          <Check
            label={`Remove their ${plural(messages.length, 'message')}`}
            checked={removing}
            onChange={setRemoving}
          />
        )}
      </div>
    </Dialog>
  );
}
