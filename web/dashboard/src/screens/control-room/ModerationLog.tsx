import { useQuery } from '@tanstack/react-query';
import { moderationLog } from '../../api/queries';
import { nameOf, type ModerationEntry } from '../../api/types';
import { clock } from '../../lib/time';
import { Blank, LoadFailure, LoadingRows } from '../../ui/Blank';
import { Button } from '../../ui/Button';
import type { Moderation } from './useModeration';

const verbs: Record<string, string> = {
  remove: 'removed a message from',
  restore: 'put back a message from',
  mute: 'muted',
  unmute: 'unmuted',
  ban: 'banned',
  unban: 'let back in',
  slow: 'changed slow mode',
  pin_message: 'pinned a message from',
};

/** Who did what, and why; the way back from a mute or a ban is here. */
export function ModerationLog({ showId, moderation, online }: { showId: string; moderation: Moderation; online: boolean }) {
  const log = useQuery({ ...moderationLog(showId), refetchInterval: 5_000 });
  if (log.isPending) return <LoadingRows label="Loading the log" rows={4} />;
  if (!log.data) return <LoadFailure what="The log" error={log.error} onRetry={() => void log.refetch()} />;
  if (log.data.items.length === 0) return <Blank icon="check" title="Nothing to see">Nobody was removed, muted or banned in this show.</Blank>;
  return (
    <ol className="modlog" aria-label="Moderation log">
      {log.data.items.map((entry, index) => (
        <li key={`${entry.at}${index}`}>
          <time>{clock(entry.at)}</time>
          <p>
            <b>{nameOf(entry.by) ?? 'Somebody'}</b> {verbs[entry.action] ?? entry.action} {entry.viewer && <b>{entry.viewer.name}</b>}
            {entry.message && <small className="mute clip">{entry.message.text}</small>}
            {entry.reason && <small className="mute">{entry.reason}</small>}
          </p>
          <Back entry={entry} moderation={moderation} online={online} />
        </li>
      ))}
    </ol>
  );
}

function Back({ entry, moderation, online }: { entry: ModerationEntry; moderation: Moderation; online: boolean }) {
  const { viewer } = entry;
  if (!viewer || (entry.action !== 'mute' && entry.action !== 'ban')) return null;
  return (
    <Button size="s" disabled={!online} onClick={() => (entry.action === 'ban' ? moderation.unban(viewer) : moderation.unmute(viewer))}>
      {entry.action === 'ban' ? 'Let back in' : 'Unmute'}
    </Button>
  );
}
