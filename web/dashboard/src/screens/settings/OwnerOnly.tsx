import { useQuery } from '@tanstack/react-query';
import { people } from '../../api/queries';
import { Icon } from '../../ui/Icon';

/** Names the person to ask. */
export function OwnerOnly() {
  const owner = useQuery(people).data?.items.find(({ role }) => role === 'owner');
  return (
    <span className="row mute">
      <Icon name="lock" size="s" />
      {owner?.name ?? 'The owner'} can change these
    </span>
  );
}
