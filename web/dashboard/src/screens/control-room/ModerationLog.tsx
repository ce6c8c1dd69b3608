import type { ChatMessage } from '@showfloor/api-client';
import { useQuery } from '@tanstack/react-query';
import { moderationLog } from '../../api/queries';
import type { ModerationEntry } from '../../api/types';
import type { LogLine } from '../../room/state';
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
  pin_message: 'pinned a message',
};

/** Who did what, and why; the way back from a mute or a ban is here. */
export function ModerationLog({
  showId,
  lines,
  moderation,
  online,
}: {
  showId: string;
  lines: LogLine[];
  moderation: Moderation;
  online: boolean;
}) {
  const log = useQuery({ ...moderationLog(showId), refetchInterval: 5_000 });
  if (log.isPending) return <LoadingRows label="Loading the log" rows={4} />;
  if (!log.data) return <LoadFailure what="The log" error={log.error} onRetry={() => void log.refetch()} />;
  if (log.data.items.length === 0)
    return (
      <Blank icon="check" title="Nothing to see">
        Nobody was removed, muted or banned in this show.
      </Blank>
    );
  const messages = lines.flatMap((line) => (line.kind === 'chat' ? [line.message] : []));
  return (
    <ol className="modlog" aria-label="Moderation log">
      {[...log.data.items]
        .sort((a, b) => Date.parse(b.at) - Date.parse(a.at))
        .map((entry, index) => (
          <Entry
            key={`${entry.at}${index}`}
            entry={entry}
            messages={messages}
            moderation={moderation}
            online={online}
          />
        ))}
    </ol>
  );
}

/** The log keeps ids; names are those this screen has seen in the chat. */
function Entry({
  entry,
  messages,
  moderation,
  online,
}: {
  entry: ModerationEntry;
  messages: ChatMessage[];
  moderation: Moderation;
  online: boolean;
}) {
  const message = messages.find(({ id }) => id === entry.message_id);
  const viewerId = entry.viewer_id ?? message?.from.id;
  const name =
    (message ?? messages.find(({ from }) => from.id === viewerId))?.from.name ?? (viewerId ? 'a viewer' : undefined);
  const action = entry.action.split('.').pop()!;
  const back = viewerId && (action === 'mute' || action === 'ban');
  return (
    <li>
      <time dateTime={entry.at}>{clock(entry.at)}</time>
      <p>
        <b>{entry.by_name ?? 'The room'}</b> {verbs[action] ?? action.replaceAll('_', ' ')} {name && <b>{name}</b>}
        {entry.seconds !== undefined &&
          (action === 'slow'
            ? ` to ${entry.seconds} s`
            : action === 'mute'
              ? ` for ${Math.round(entry.seconds / 60)} min`
              : '')}
        {message && <small className="mute clip">{message.text}</small>}
        {entry.reason && <small className="mute">{entry.reason}</small>}
      </p>
      {back && (
        <Button
          size="s"
          disabled={!online}
          onClick={() =>
            (action === 'ban' ? moderation.unban : moderation.unmute)({ id: viewerId, name: name ?? 'The viewer' })
          }
        >
          {action === 'ban' ? 'Let back in' : 'Unmute'}
        </Button>
      )}
    </li>
  );
}
