import { Link } from 'wouter';
import { useTitle } from '../../shell/Page';
import { Sidebar } from '../../shell/Sidebar';
import { Icon, type IconName } from '../../ui/Icon';
import { ToastSlot } from '../../ui/toast';
import { NotFound } from '../NotFound';
import { People } from './People';
import { ShopSettings } from './ShopSettings';
import { Sites } from './Sites';

const parts: { id: string; label: string; icon: IconName; screen: () => React.ReactNode }[] = [
  { id: 'shop', label: 'Shop', icon: 'building', screen: () => <ShopSettings /> },
  { id: 'people', label: 'People', icon: 'people', screen: () => <People /> },
  { id: 'sites', label: 'Sites', icon: 'globe', screen: () => <Sites /> },
];

/** Settings have a side bar of their own. Each part brings its own head. */
export function Settings({ part }: { part: string }) {
  const current = parts.find(({ id }) => id === part);
  useTitle(current ? `${current.label}, settings` : 'Settings');
  if (!current) return <NotFound />;
  return (
    <div className="app">
      <a className="skip" href="#main">
        To the content
      </a>
      <Sidebar />
      <main className="page set" id="main" tabIndex={-1}>
        <nav className="set__nav" aria-label="Settings">
          <h2>Settings</h2>
          {parts.map(({ id, label, icon }) => (
            <Link key={id} className="nav" to={`/settings/${id}`} aria-current={id === current.id ? 'page' : undefined}>
              <Icon name={icon} />
              {label}
            </Link>
          ))}
        </nav>
        <div className="set__body">{current.screen()}</div>
        <ToastSlot />
      </main>
    </div>
  );
}
