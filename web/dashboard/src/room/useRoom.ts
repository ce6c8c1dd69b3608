import type { ServerMessage } from '@showfloor/api-client';
import { useCallback, useEffect, useRef, useState } from 'react';
import { post } from '../api/http';
import { browserEnvironment, RoomClient, RoomRefusal, type Connection, type Order } from './client';
import { emptyRoom, reduceRoom, type RoomState } from './state';

export interface Room {
  state: RoomState;
  connection: Connection;
  /** Acting waits while this is false; nothing is queued and sent late. */
  online: boolean;
  command: (order: Order) => Promise<string | null>;
  retry: () => void;
}

/** Under this long a lost connection is not worth a word: a renewed token, a restart. */
const QUIET_MS = 1500;

/** The room of one show, as staff. `onMessages` sees each batch once, after the state has taken it in. Who may not enter rooms doesn't knock. */
export function useRoom(showId: string, onMessages: (messages: ServerMessage[]) => void, enabled = true): Room {
  const [state, setState] = useState<RoomState>(emptyRoom);
  const [connection, setConnection] = useState<Connection>({ state: 'connecting' });
  const client = useRef<RoomClient | null>(null);
  const heard = useRef(onMessages);
  heard.current = onMessages;

  useEffect(() => {
    setState(emptyRoom);
    if (!enabled) return;
    const socketUrl = new URL(`/v1/rooms/${showId}/socket`, location.href);
    socketUrl.protocol = socketUrl.protocol.replace('http', 'ws');
    let quiet: ReturnType<typeof setTimeout> | undefined;
    const made = new RoomClient({
      url: socketUrl.href,
      token: async () => (await post<{ token: string }>(`/v1/admin/shows/${showId}/staff-token`)).token,
      environment: browserEnvironment,
      onConnection: (next) => {
        clearTimeout(quiet);
        if (next.state === 'waiting' && Date.now() - next.since < QUIET_MS)
          quiet = setTimeout(() => setConnection(next), QUIET_MS);
        else setConnection(next);
      },
      onMessages: (messages) => {
        setState((room) => reduceRoom(room, messages, Date.now()));
        heard.current(messages);
      },
    });
    client.current = made;
    made.start();
    const online = (): void => made.retryNow();
    addEventListener('online', online);
    return () => {
      clearTimeout(quiet);
      removeEventListener('online', online);
      made.stop();
      client.current = null;
    };
  }, [showId, enabled]);

  const command = useCallback(
    (order: Order) =>
      client.current?.command(order) ?? Promise.reject(new RoomRefusal('offline', 'You lost the connection.')),
    [],
  );
  const retry = useCallback(() => client.current?.retryNow(), []);
  return { state, connection, online: connection.state === 'open', command, retry };
}
