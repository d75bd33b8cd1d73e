import { queryOptions, useQuery } from '@tanstack/react-query';
import type { Permission } from '@watchkeeper/contracts';
import type { Me } from '@watchkeeper/contracts/identity';
import { createContext, type ReactNode, useContext, useEffect, useMemo } from 'react';
import { api } from '../api/client';
import { keys } from '../api/keys';
import { answered, isUnauthenticated } from '../api/problem';
import { inner } from '../base';
import { paths } from '../paths';
import { useGo } from './link';
import { LoadFailed, LoadingPage } from './states';

type Organization = Me['organizations'][number];

/** Roles change rarely; the stream's `member` topic reads this again at once. */
const meStaleMs = 60_000;

export const meQuery = queryOptions({
  queryKey: keys.me(),
  queryFn: ({ signal }) => answered<Me>(api.GET('/api/me', { signal })),
  staleTime: meStaleMs,
});

const MeContext = createContext<Me | undefined>(undefined);

/** The signed-in person. Without one: to the sign-in page, and back here afterwards. */
export function SessionGate({ children }: { children: ReactNode }) {
  const go = useGo();
  const me = useQuery(meQuery);
  const signedOut = isUnauthenticated(me.error);

  useEffect(() => {
    if (!signedOut) return;
    const here = inner(location.pathname) + location.search;
    go(here === paths.home() ? paths.signIn() : paths.signIn({ to: here }), { replace: true });
  }, [signedOut, go]);

  if (signedOut) return null;
  if (me.data === undefined) {
    return (
      <main className="p-4 sm:p-8">
        {me.error === null ? (
          <LoadingPage />
        ) : (
          <LoadFailed error={me.error} busy={me.isFetching} onRetry={() => void me.refetch()} />
        )}
      </main>
    );
  }
  return <MeContext value={me.data}>{children}</MeContext>;
}

export function useMe(): Me {
  const me = useContext(MeContext);
  if (me === undefined) throw new Error('useMe is for pages inside the session gate.');
  return me;
}

interface OrgScope {
  org: string;
  organization: Organization;
  can: (permission: Permission) => boolean;
}

const OrgContext = createContext<OrgScope | undefined>(undefined);

export function OrgProvider({ organization, children }: { organization: Organization; children: ReactNode }) {
  const scope = useMemo(
    () => ({
      org: organization.slug,
      organization,
      can: (permission: Permission) => organization.permissions.includes(permission),
    }),
    [organization],
  );
  return <OrgContext value={scope}>{children}</OrgContext>;
}

/** The organization the page is about, and what this person may do in it. */
export function useOrg(): OrgScope {
  const scope = useContext(OrgContext);
  if (scope === undefined) throw new Error('useOrg is for pages inside an organization.');
  return scope;
}
