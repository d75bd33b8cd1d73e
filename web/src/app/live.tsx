import { useQueryClient } from '@tanstack/react-query';
import {
  createContext,
  type ReactNode,
  useContext,
  useEffect,
  useMemo,
  useState,
  useSyncExternalStore,
} from 'react';
import { type Connection, notConnected } from '../api/connection';
import { keys } from '../api/keys';
import { connectLive, type LiveConnection } from '../api/live';

const idle: LiveConnection = {
  subscribe: () => () => undefined,
  current: () => notConnected,
  retry: () => undefined,
  close: () => undefined,
};

const LiveContext = createContext<LiveConnection>(idle);

/** One stream per organization, for all that is on the page. */
export function LiveProvider({ org, children }: { org: string; children: ReactNode }) {
  const queryClient = useQueryClient();
  const [live, setLive] = useState(idle);
  useEffect(() => {
    const connection = connectLive({
      org,
      queryClient,
      onUnauthenticated: () => void queryClient.invalidateQueries({ queryKey: keys.me() }),
    });
    setLive(connection);
    return () => connection.close();
  }, [org, queryClient]);
  return <LiveContext value={live}>{children}</LiveContext>;
}

export function useConnection(): { connection: Connection; retry: () => void } {
  const live = useContext(LiveContext);
  const connection = useSyncExternalStore(live.subscribe, live.current);
  return useMemo(() => ({ connection, retry: live.retry }), [connection, live]);
}
