import { useState } from 'react';
import { useLocation } from 'wouter';
import { post, Problem } from '../../api/http';
import { queryClient } from '../../api/queries';
import type { Show } from '../../api/types';
import { useSession } from '../../lib/session';
import { momentOf, wallOf, zone, zoneLabel } from '../../lib/time';
import { Button } from '../../ui/Button';
import { Dialog } from '../../ui/Dialog';
import { TextField, TimeField } from '../../ui/Field';
import { Failure } from '../../ui/Notice';

/** A title, a host and a time are enough to start; the editor takes it from there. */
export function NewShow({ onClose }: { onClose: () => void }) {
  const { user } = useSession();
  const [, navigate] = useLocation();
  const tomorrow = wallOf(new Date(Date.now() + 86_400_000), zone());
  const [title, setTitle] = useState('');
  const [host, setHost] = useState(user.name);
  const [day, setDay] = useState(tomorrow.day);
  const [time, setTime] = useState('19:30');
  const [busy, setBusy] = useState(false);
  const [missing, setMissing] = useState(false);
  const [failure, setFailure] = useState<unknown>();
  const starts = momentOf(day, time, zone());
  const errors = failure instanceof Problem ? failure : undefined;

  const submit = async (): Promise<void> => {
    if (!title.trim() || !starts) {
      setMissing(true);
      return;
    }
    setBusy(true);
    try {
      const show = await post<Show>('/v1/admin/shows', {
        title: title.trim(),
        starts_at: starts.toISOString(),
        planned_minutes: 60,
        host_name: host.trim(),
      });
      await queryClient.invalidateQueries({ queryKey: ['shows'] });
      navigate(`/shows/${show.id}`);
    } catch (error) {
      setFailure(error);
      setBusy(false);
    }
  };

  return (
    <Dialog
      title="Plan a show"
      onClose={onClose}
      onSubmit={() => void submit()}
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button look="solid" type="submit" busy={busy}>
            Plan the show
          </Button>
        </>
      }
    >
      <div className="form">
        {failure !== undefined && !errors?.errors.length && <Failure error={failure} />}
        <TextField
          label="Title"
          autoFocus
          maxLength={80}
          value={title}
          error={missing && !title.trim() ? 'Viewers need a name for the show.' : errors?.field('title')}
          onChange={(event) => setTitle(event.target.value)}
        />
        <TextField
          label="Host"
          value={host}
          error={errors?.field('host_name')}
          onChange={(event) => setHost(event.target.value)}
        />
        <div className="edit__two">
          <TextField
            label="Day"
            type="date"
            value={day}
            error={missing && !starts ? 'Choose a day.' : errors?.field('starts_at')}
            onChange={(event) => setDay(event.target.value)}
          />
          <TimeField label="Starts" value={time} hint={zoneLabel(zone(), starts ?? new Date())} onTime={setTime} />
        </div>
      </div>
    </Dialog>
  );
}
