import { useQueries, useQuery } from '@tanstack/react-query';
import { useState, type ReactNode } from 'react';
import { Link, useLocation, useSearch } from 'wouter';
import { call } from '../../api/http';
import { cues, figures, queryClient, shows } from '../../api/queries';
import type { Figures, Show } from '../../api/types';
import { money } from '../../lib/money';
import { useMay } from '../../lib/session';
import { useShortcuts } from '../../lib/shortcuts';
import { clock, count, dayAndClock, minutesBetween, relative } from '../../lib/time';
import { useNow } from '../../lib/useNow';
import { Page } from '../../shell/Page';
import { isOnAir } from '../../shell/Sidebar';
import { Blank, LoadFailure, LoadingRows } from '../../ui/Blank';
import { Button, buttonClass } from '../../ui/Button';
import { Dialog } from '../../ui/Dialog';
import { Menu } from '../../ui/Menu';
import { toast, toastFailure } from '../../ui/toast';
import { Cover } from '../../ui/Thumb';
import { EmptyShows } from './EmptyShows';
import { NewShow } from './NewShow';

type Tab = 'all' | 'coming' | 'ended' | 'drafts';

const tabs: { id: Tab; label: string; holds: (show: Show) => boolean }[] = [
  { id: 'all', label: 'All', holds: () => true },
  { id: 'coming', label: 'Coming up', holds: (show) => show.state === 'scheduled' },
  { id: 'ended', label: 'Ended', holds: (show) => show.state === 'ended' },
  { id: 'drafts', label: 'Drafts', holds: (show) => show.state === 'draft' },
];

/** Home: what is live, what comes, what ended. */
export function Shows() {
  const may = useMay();
  const search = useSearch();
  const list = useQuery({ ...shows(), refetchInterval: 15_000 });
  const [planning, setPlanning] = useState(false);
  const plan = (): void => setPlanning(true);
  useShortcuts(may('edit shows') ? { c: plan } : {});
  const items = list.data?.items ?? [];
  const tab = tabs.find((candidate) => candidate.id === new URLSearchParams(search).get('tab')) ?? tabs[0]!;
  const newest = (a: Show, b: Show): number => Date.parse(b.starts_at) - Date.parse(a.starts_at);
  const listed = items.filter((show) => !isOnAir(show) && tab.holds(show));
  const ahead = listed.filter((show) => show.state !== 'ended').sort((a, b) => -newest(a, b));
  const ended = listed.filter((show) => show.state === 'ended').sort(newest);

  let content: ReactNode;
  if (list.isPending) content = <LoadingRows label="Loading shows" />;
  else if (list.error && !list.data)
    content = <LoadFailure what="Shows" error={list.error} onRetry={() => void list.refetch()} />;
  else if (items.length === 0)
    content = may('edit shows') ? (
      <EmptyShows onPlan={plan} />
    ) : (
      <Blank icon="shows" title="No shows yet">
        The owner of the shop plans the first one.
      </Blank>
    );
  else {
    content = (
      <>
        {items.filter(isOnAir).map((show) => (
          <OnAir key={show.id} show={show} />
        ))}
        <nav className="tabs tabs--page" aria-label="Which shows">
          {tabs.map(({ id, label, holds }) => (
            <Link
              key={id}
              to={id === 'all' ? '/shows' : `/shows?tab=${id}`}
              aria-current={id === tab.id ? 'true' : undefined}
            >
              {label} <span className="n">{count(items.filter(holds).length)}</span>
            </Link>
          ))}
        </nav>
        {listed.length === 0 ? (
          <Blank icon="shows" title={tab.id === 'all' ? 'Nothing else is planned' : 'No show is here'} />
        ) : (
          <Table ahead={ahead} ended={ended} />
        )}
      </>
    );
  }
  return (
    <Page
      title="Shows"
      actions={
        may('edit shows') && items.length > 0 ? (
          <Button look="solid" icon="plus" keyName="C" onClick={plan}>
            New show
          </Button>
        ) : undefined
      }
    >
      {content}
      {planning && <NewShow onClose={() => setPlanning(false)} />}
    </Page>
  );
}

function OnAir({ show }: { show: Show }) {
  const figure = useQuery({ ...figures(show.id), refetchInterval: 5_000 });
  const run = useQuery({ ...cues(show.id), refetchInterval: 15_000 });
  const onScreen = run.data?.items.find((cue) => cue.state === 'on_screen');
  const next = run.data?.items.find((cue) => cue.state === 'planned');
  return (
    <article className="onair card" aria-label={`On air: ${show.title}`}>
      <Cover image={show.cover} className="onair__pic" />
      <div className="onair__t">
        <span className="row">
          <span className="live">LIVE</span>
          <span className="mute">
            {show.started_at ? `since ${clock(show.started_at)}, ` : ''}hosted by {show.host_name}
          </span>
        </span>
        <h2>{show.title}</h2>
        <p className="soft clip">
          {onScreen ? `On screen: ${onScreen.title}. ` : 'Nothing is pinned. '}
          {next ? `Next: ${next.title}.` : ''}
        </p>
      </div>
      {figure.data && (
        <dl className="onair__n">
          <div className="stat">
            <dt>Watching</dt>
            <dd>{count(figure.data.viewers)}</dd>
          </div>
          <div className="stat">
            <dt>Orders</dt>
            <dd>{count(figure.data.orders)}</dd>
          </div>
          <div className="stat">
            <dt>Revenue</dt>
            <dd>{money(figure.data.revenue)}</dd>
          </div>
        </dl>
      )}
      <Link className={buttonClass({ look: 'solid', size: 'l' })} to={`/shows/${show.id}/live`}>
        Open control room
      </Link>
    </article>
  );
}

function Table({ ahead, ended }: { ahead: Show[]; ended: Show[] }) {
  const now = useNow(30_000);
  const [deleting, setDeleting] = useState<Show>();
  return (
    <>
      <table className="table shows">
        <caption className="vh">Shows</caption>
        <thead>
          <tr>
            <th scope="col">Show</th>
            <th scope="col">Starts</th>
            <th scope="col" className="num hide-s">
              Products
            </th>
            <th scope="col" className="num hide-s">
              Audience
            </th>
            <th scope="col" className="num hide-s">
              Orders
            </th>
            <th scope="col" className="num hide-s">
              Revenue
            </th>
            <th scope="col">State</th>
            <th scope="col">
              <span className="vh">Actions</span>
            </th>
          </tr>
        </thead>
        {ahead.length > 0 && (
          <tbody>
            {ahead.map((show) => (
              <Row key={show.id} show={show} now={now} onDelete={setDeleting} />
            ))}
          </tbody>
        )}
        {ended.length > 0 && (
          <tbody>
            {ahead.length > 0 && (
              <tr className="shows__cut">
                <th scope="rowgroup" colSpan={8}>
                  Ended
                </th>
              </tr>
            )}
            <EndedRows shows={ended} now={now} onDelete={setDeleting} />
          </tbody>
        )}
      </table>
      {deleting && <DeleteShow show={deleting} onClose={() => setDeleting(undefined)} />}
    </>
  );
}

/** What an ended show came to doesn't change much: it is asked show by show, once. */
function EndedRows({ shows: ended, now, onDelete }: { shows: Show[]; now: Date; onDelete: (show: Show) => void }) {
  const results = useQueries({ queries: ended.map((show) => ({ ...figures(show.id), staleTime: Infinity })) });
  return ended.map((show, index) => (
    <Row key={show.id} show={show} figure={results[index]?.data} now={now} onDelete={onDelete} />
  ));
}

const dash = <span className="mute">–</span>;

function Row({
  show,
  figure,
  now,
  onDelete,
}: {
  show: Show;
  figure?: Figures | undefined;
  now: Date;
  onDelete: (show: Show) => void;
}) {
  const may = useMay();
  const [, navigate] = useLocation();
  const edit = may('edit shows');
  const ended = show.state === 'ended';
  const home = edit ? `/shows/${show.id}` : `/shows/${show.id}/live`;
  const choices = [
    ...(edit
      ? [{ id: 'edit', label: 'Edit', icon: 'settings' as const, onChoose: () => navigate(`/shows/${show.id}`) }]
      : []),
    ...(may('use the studio') && !ended
      ? [
          {
            id: 'studio',
            label: 'Studio',
            icon: 'signal' as const,
            onChoose: () => navigate(`/shows/${show.id}/studio`),
          },
        ]
      : []),
    { id: 'room', label: 'Control room', icon: 'shows' as const, onChoose: () => navigate(`/shows/${show.id}/live`) },
    ...(edit
      ? [{ id: 'delete', label: 'Delete…', icon: 'trash' as const, bad: true, onChoose: () => onDelete(show) }]
      : []),
  ];
  return (
    <tr>
      <th scope="row">
        <span className="row row--wide">
          <Cover image={show.cover} />
          <span>
            <Link to={home}>{show.title}</Link>
            <small>{show.host_name || 'No host yet'}</small>
          </span>
        </span>
      </th>
      <td>
        {dayAndClock(show.starts_at)}
        <small>
          {ended && show.started_at && show.ended_at
            ? `${minutesBetween(show.started_at, show.ended_at)} min`
            : relative(show.starts_at, now)}
        </small>
      </td>
      <td className="num hide-s">{count(show.product_count)}</td>
      <td className="num hide-s">
        {figure ? (
          <>
            {count(figure.viewers_peak)}
            <small>at most</small>
          </>
        ) : (
          dash
        )}
      </td>
      <td className="num hide-s">{figure ? count(figure.orders) : dash}</td>
      <td className="num hide-s">{figure ? money(figure.revenue) : dash}</td>
      <td>
        {ended ? (
          <span className="pill pill--bare">Ended</span>
        ) : show.state === 'draft' ? (
          <span className="pill">Draft</span>
        ) : (
          <span className="pill pill--info">Scheduled</span>
        )}
      </td>
      <td className="num">
        <Menu label={`More for ${show.title}`} choices={choices} />
      </td>
    </tr>
  );
}

function DeleteShow({ show, onClose }: { show: Show; onClose: () => void }) {
  const [busy, setBusy] = useState(false);
  const remove = async (): Promise<void> => {
    setBusy(true);
    try {
      await call('DELETE', `/v1/admin/shows/${show.id}`);
      await queryClient.invalidateQueries({ queryKey: ['shows'] });
      toast(`Deleted ${show.title}`);
    } catch (error) {
      toastFailure('Not deleted', error);
    }
    onClose();
  };
  return (
    <Dialog
      title={`Delete ${show.title}?`}
      onClose={onClose}
      footer={
        <>
          <Button onClick={onClose}>Keep it</Button>
          <Button look="badfill" busy={busy} onClick={() => void remove()}>
            Delete the show
          </Button>
        </>
      }
    >
      <p className="soft">Its run of show and its stream keys go with it. Orders stay. This can't be undone.</p>
    </Dialog>
  );
}
