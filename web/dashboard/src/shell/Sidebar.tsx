import { useQuery } from '@tanstack/react-query';
import { Link, useLocation } from 'wouter';
import { post } from '../api/http';
import { figures, orders, products, queryClient, shows } from '../api/queries';
import { roleNames } from '../lib/roles';
import { useMay, useSession } from '../lib/session';
import { count, showTime } from '../lib/time';
import { useNow } from '../lib/useNow';
import { Avatar } from '../ui/Thumb';
import { Icon, type IconName } from '../ui/Icon';
import { Menu } from '../ui/Menu';
import type { Show } from '../api/types';

export const isOnAir = (show: Show): boolean => show.state === 'live' || show.state === 'paused';

function NavLink({
  to,
  icon,
  label,
  number,
  numberTitle,
}: {
  to: string;
  icon: IconName;
  label: string;
  number?: number | undefined;
  numberTitle?: string;
}) {
  const [location] = useLocation();
  const here = location === to || location.startsWith(`${to}/`);
  return (
    <Link className="nav" to={to} aria-current={here ? 'page' : undefined}>
      <Icon name={icon} />
      {label}
      {number !== undefined && (
        <span className="count" title={numberTitle}>
          {count(number)}
        </span>
      )}
    </Link>
  );
}

/** Where one is and what is live; the same on every page but the control room and the studio. */
export function Sidebar() {
  const { user, shop } = useSession();
  const may = useMay();
  const [, navigate] = useLocation();
  const all = useQuery(shows());
  const toPack = useQuery({ ...orders({ state: 'paid' }, 1), enabled: may('see orders'), refetchInterval: 15_000 });
  const live = all.data?.items.find(isOnAir);
  const signOut = async (): Promise<void> => {
    await post('/v1/auth/sign-out').catch(() => undefined);
    queryClient.clear();
    navigate('/sign-in');
  };
  return (
    <nav className="side" aria-label="Main">
      <Link className="side__shop" to="/shows">
        <span className="mark" aria-hidden="true">
          <svg width="14" height="14" viewBox="0 0 14 14">
            <path d="M4 2.5v9L11.5 7z" fill="currentColor" />
          </svg>
        </span>
        <span className="clip">{shop.name}</span>
        {shop.mode === 'test' && <span className="pill pill--bare push">Test</span>}
      </Link>
      <NavLink to="/shows" icon="shows" label="Shows" number={all.data?.items.length} />
      {may('edit products') && <NavLink to="/products" icon="products" label="Products" />}
      {may('see orders') && (
        <NavLink
          to="/orders"
          icon="orders"
          label="Orders"
          number={toPack.data?.totals?.count}
          numberTitle="Paid, not yet packed"
        />
      )}
      <span className="side__gap" />
      {live && <LiveCard show={live} />}
      {may('see settings') && <NavLink to="/settings" icon="settings" label="Settings" />}
      <Menu
        label={`${user.name}, ${roleNames[user.role]}`}
        className="side__me"
        choices={[{ id: 'out', label: 'Sign out', icon: 'ext', onChoose: () => void signOut() }]}
      >
        <Avatar name={user.name} />
        <span>
          {user.name}
          <small className="mute">{roleNames[user.role]}</small>
        </span>
      </Menu>
    </nav>
  );
}

function LiveCard({ show }: { show: Show }) {
  const now = useNow();
  const figure = useQuery({ ...figures(show.id), refetchInterval: 5_000 });
  return (
    <Link className="side__live" to={`/shows/${show.id}/live`}>
      <span className="row">
        <span className="live">LIVE</span>
        {show.started_at && <span className="mute">{showTime(now.getTime() - Date.parse(show.started_at))}</span>}
        {figure.data && (
          <span className="push mute row">
            <Icon name="eye" size="s" />
            <span className="vh">watching </span>
            {count(figure.data.viewers)}
          </span>
        )}
      </span>
      <b className="clip">{show.title}</b>
      <span className="soft">Back to the control room</span>
    </Link>
  );
}

/** Warms the lists that the side bar leads to. */
export function prefetchLists(mayEditProducts: boolean): void {
  void queryClient.prefetchQuery(shows());
  if (mayEditProducts) void queryClient.prefetchQuery(products());
}
