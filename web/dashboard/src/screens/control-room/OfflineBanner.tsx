import type { Show } from '../../api/types';
import { clockSeconds } from '../../lib/time';
import { useNow } from '../../lib/useNow';
import type { Room } from '../../room/useRoom';
import { Button } from '../../ui/Button';
import { Icon } from '../../ui/Icon';

/** Reading goes on, acting waits: nothing is queued and sent late. */
export function OfflineBanner({ room, show }: { room: Room; show: Show }) {
  if (room.connection.state !== 'waiting')
    return (
      <span className="vh" role="status">
        {room.connection.state === 'open' && room.state.caughtUp > 0 ? 'Connected again, caught up' : ''}
      </span>
    );
  return (
    <div className="banner banner--warn" role="status">
      <Icon name="offline" />
      <span>You are offline since {clockSeconds(new Date(room.connection.since))}</span>
      <span className="soft banner__more">
        The show goes on without this screen: {show.host_name || 'the host'} is live and people can buy.
      </span>
      <Retry at={room.connection.retryAt} />
      <Button size="s" onClick={room.retry}>
        Try now
      </Button>
    </div>
  );
}

function Retry({ at }: { at: number }) {
  const now = useNow();
  const seconds = Math.ceil((at - now.getTime()) / 1000);
  return <span className="push mute small">{seconds > 0 ? `trying again in ${seconds} s` : 'trying again'}</span>;
}
