import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useEffect, useRef, useState, type ReactNode } from 'react';
import { Link, useLocation } from 'wouter';
import { get, queryOf } from '../../api/http';
import { orders as ordersQuery, queryClient, shows as showsQuery } from '../../api/queries';
import type { OrderPage, OrderRow, OrderState } from '../../api/types';
import { money } from '../../lib/money';
import { clockSeconds, count, dateAndSeconds, plural, sameDay, showTime } from '../../lib/time';
import { useAddress } from '../../lib/useAddress';
import { useNow } from '../../lib/useNow';
import { Page } from '../../shell/Page';
import { Blank, LoadFailure, LoadingRows } from '../../ui/Blank';
import { Button } from '../../ui/Button';
import { Icon } from '../../ui/Icon';
import { Menu } from '../../ui/Menu';
import { Pager, trailOf, trailText } from '../../ui/Pager';
import { SearchBox } from '../../ui/SearchBox';
import { Thumb } from '../../ui/Thumb';
import { itemsWords, paymentWords, stateWords } from './words';

const tabs: { state: OrderState | ''; label: string }[] = [
  { state: '', label: 'All' },
  { state: 'paid', label: 'To pack' },
  { state: 'packed', label: 'Packed' },
  { state: 'sent', label: 'Sent' },
  { state: 'delivered', label: 'Delivered' },
  { state: 'refunded', label: 'Refunded' },
];

const NEW_EVERY_MS = 4_000;

/** Newest first. New orders wait behind a button: a row never moves between aim and press. */
export function Orders() {
  const address = useAddress();
  const [, navigate] = useLocation();
  const state = address.get('state');
  const q = address.get('q');
  const show = address.get('show');
  const trail = trailOf(address.get('after'));
  const filter = { state, q, show, cursor: trail.at(-1) };
  // The rows stay as they were read; only the button below reads them again.
  const list = useQuery({
    ...ordersQuery(filter),
    placeholderData: keepPreviousData,
    staleTime: Infinity,
    refetchOnWindowFocus: false,
  });
  const rows = list.data?.items ?? [];
  const shows = useQuery(showsQuery());
  const showTitle = shows.data?.items.find(({ id }) => id === show)?.title;
  const counts = useCounts(q, show);
  const fresh = useNewOrders({ state, q, show }, trail.length === 0 ? rows : undefined);
  const now = useNow(60_000);
  const [selected, setSelected] = useState<string>();
  useRowKeys(rows, selected, setSelected, (id) => navigate(`/orders/${id}`));

  let content: ReactNode;
  if (list.isPending) content = <LoadingRows label="Loading orders" rows={9} />;
  else if (!list.data) content = <LoadFailure what="Orders" error={list.error} onRetry={() => void list.refetch()} />;
  else if (rows.length === 0) {
    content =
      q || show || state ? (
        <Blank
          icon="search"
          title={q ? `No order matches “${q}”` : 'No order is here'}
          actions={
            <Button
              size="s"
              onClick={() => address.set({ q: undefined, show: undefined, state: undefined, after: undefined })}
            >
              Show all orders
            </Button>
          }
        >
          In {showTitle ?? 'all shows'}, {state ? stateWords[state as OrderState]?.label.toLowerCase() : 'any state'}.
        </Blank>
      ) : (
        <Blank icon="orders" title="The first order appears here">
          As soon as somebody has paid.
        </Blank>
      );
  } else content = <Table rows={rows} now={now} selected={selected} />;

  return (
    <Page title="Orders" edge>
      <div className="row filters">
        <SearchBox
          label="Search orders"
          placeholder="Number, name, e-mail or SKU"
          value={q ?? ''}
          onSearch={(text) => address.set({ q: text || undefined, after: undefined })}
        />
        <div className="chips">
          {show ? (
            <button
              type="button"
              className="chip chip--on"
              onClick={() => address.set({ show: undefined, after: undefined })}
            >
              Show: {showTitle ?? 'one show'}
              <Icon name="x" />
              <span className="vh">Remove this filter</span>
            </button>
          ) : (
            <Menu
              label="Filter by show"
              className="chip chip--dash"
              choices={(shows.data?.items ?? [])
                .filter(({ state: at }) => at !== 'draft')
                .map((item) => ({
                  id: item.id,
                  label: item.title,
                  onChoose: () => address.set({ show: item.id, after: undefined }),
                }))}
            >
              <Icon name="plus" />
              Show
            </Menu>
          )}
        </div>
      </div>
      <div className="tabsrow">
        <nav className="tabs" aria-label="Which orders">
          {tabs.map((tab) => (
            <Link
              key={tab.state}
              to={address.link({ state: tab.state || undefined, after: undefined })}
              aria-current={(state ?? '') === tab.state ? 'true' : undefined}
            >
              {tab.label} <span className="n">{counts[tab.state] === undefined ? '' : count(counts[tab.state]!)}</span>
            </Link>
          ))}
        </nav>
        <span className="newrows" role="status">
          {fresh > 0 && (
            <button type="button" onClick={() => void queryClient.invalidateQueries({ queryKey: ['orders'] })}>
              <Icon name="up" size="s" />
              {plural(fresh, 'new order')}
            </button>
          )}
        </span>
      </div>
      <div className="scroller scroller--bleed" tabIndex={0} role="region" aria-label="Order list">
        {content}
      </div>
      {list.data && (
        <Pager trail={trail} next={list.data.next_cursor} onGo={(next) => address.set({ after: trailText(next) })}>
          <span className="nowrap">
            {rows.length > 0 ? `${count(trail.length * 25 + 1)} to ${count(trail.length * 25 + rows.length)}` : '0'} of{' '}
            {plural(list.data.totals?.count ?? rows.length, 'order')}
          </span>
          {(list.data.totals?.revenue ?? []).length > 0 && (
            <span className="hide-s">
              Together <b>{list.data.totals!.revenue.map((sum) => money(sum)).join(' + ')}</b>
            </span>
          )}
        </Pager>
      )}
    </Page>
  );
}

/** How many orders each tab holds; of the filter, not of the page. */
function useCounts(q: string | undefined, show: string | undefined): Partial<Record<OrderState | '', number>> {
  const query = useQuery({
    queryKey: ['orders', 'counts', q, show],
    queryFn: async ({ signal }) => {
      const answers = await Promise.all(
        tabs.map(({ state }) => get<OrderPage>(`/v1/admin/orders${queryOf({ state, q, show, limit: 1 })}`, signal)),
      );
      return Object.fromEntries(tabs.map(({ state }, index) => [state, answers[index]!.totals?.count]));
    },
    placeholderData: keepPreviousData,
    refetchInterval: 15_000,
  });
  return query.data ?? {};
}

/** How many orders came since the rows were read. */
function useNewOrders(
  filter: { state: string | undefined; q: string | undefined; show: string | undefined },
  rows: OrderRow[] | undefined,
): number {
  const newest = useQuery({
    queryKey: ['orders-newest', filter],
    queryFn: ({ signal }) => get<OrderPage>(`/v1/admin/orders${queryOf({ ...filter, limit: 25 })}`, signal),
    refetchInterval: NEW_EVERY_MS,
    enabled: rows !== undefined,
  });
  if (!rows || !newest.data) return 0;
  const known = new Set(rows.map(({ id }) => id));
  const at = newest.data.items.findIndex(({ id }) => known.has(id));
  return at < 0 ? newest.data.items.length : at;
}

/** Arrow keys go along the rows, Enter opens. */
function useRowKeys(
  rows: OrderRow[],
  selected: string | undefined,
  select: (id: string) => void,
  open: (id: string) => void,
): void {
  const state = useRef({ rows, selected, select, open });
  state.current = { rows, selected, select, open };
  useEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      const { rows: list, selected: at } = state.current;
      if (event.target instanceof Element && event.target.closest('input, button, a, select, dialog, [role=menu]'))
        return;
      const index = list.findIndex(({ id }) => id === at);
      if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
        const next = list[Math.max(0, Math.min(list.length - 1, index + (event.key === 'ArrowDown' ? 1 : -1)))];
        if (!next) return;
        event.preventDefault();
        state.current.select(next.id);
        document.querySelector(`[data-row="${CSS.escape(next.id)}"]`)?.scrollIntoView({ block: 'nearest' });
      } else if (event.key === 'Enter' && at) state.current.open(at);
    };
    document.addEventListener('keydown', onKey);
    return () => document.removeEventListener('keydown', onKey);
  }, []);
}

function Table({ rows, now, selected }: { rows: OrderRow[]; now: Date; selected: string | undefined }) {
  return (
    <table className="table orders">
      <caption className="vh">Orders, newest first</caption>
      <thead>
        <tr>
          <th scope="col">Order</th>
          <th scope="col" aria-sort="descending">
            Placed <Icon name="down" />
          </th>
          <th scope="col">Customer</th>
          <th scope="col">Items</th>
          <th scope="col" className="hide-s">
            Moment
          </th>
          <th scope="col" className="hide-s">
            Payment
          </th>
          <th scope="col">State</th>
          <th scope="col" className="num">
            Total
          </th>
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <Row key={row.id} row={row} now={now} selected={row.id === selected} />
        ))}
      </tbody>
    </table>
  );
}

function Row({ row, now, selected }: { row: OrderRow; now: Date; selected: boolean }) {
  const words = stateWords[row.state];
  const items = itemsWords(row.lines);
  return (
    <tr className={selected ? 'is-sel' : undefined} aria-selected={selected || undefined} data-row={row.id}>
      <th scope="row">
        <Link to={`/orders/${row.id}`}>{row.number}</Link>
      </th>
      <td className="nowrap">
        {sameDay(row.placed_at, now) ? clockSeconds(row.placed_at) : dateAndSeconds(row.placed_at)}
      </td>
      <td>
        {row.customer?.name ?? <span className="mute">–</span>}
        {(row.customer?.city || row.customer?.country) && (
          <small>{[row.customer.city, row.customer.country].filter(Boolean).join(', ')}</small>
        )}
      </td>
      <td>
        <span className="row">
          <Thumb image={row.lines[0]?.image} size="s" />
          <span className="clip">
            {items.first} {items.more > 0 && <span className="mute">and {items.more} more</span>}
          </span>
        </span>
      </td>
      <td className="hide-s">
        {row.show?.offset_ms !== undefined ? (
          <Link to={`/orders/${row.id}`} title={row.show.title}>
            <Icon name="play" />
            {showTime(row.show.offset_ms)}
          </Link>
        ) : (
          <span className="mute">–</span>
        )}
      </td>
      <td className="hide-s nowrap">{paymentWords(row.payment) || <span className="mute">–</span>}</td>
      <td>
        <span className={`pill ${words?.tone ?? ''}`}>{words?.label ?? row.state}</span>
      </td>
      <td className="num">{row.state === 'refunded' ? <s className="was">{money(row.total)}</s> : money(row.total)}</td>
    </tr>
  );
}
