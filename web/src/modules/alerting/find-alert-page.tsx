import { useQuery } from '@tanstack/react-query';
import { useEffect } from 'react';
import { api } from '../../api/client';
import { ApiError, answered } from '../../api/problem';
import { lastOrg } from '../../app/last-org';
import { useGo } from '../../app/link';
import { useMe } from '../../app/session';
import { LoadFailed, LoadingPage } from '../../app/states';
import { paths } from '../../paths';

/** Somebody with more organizations than this comes in by the provider's links. */
const organizationsMax = 100;

/** The link of a message names the alert only; this finds whose it is and goes there. */
export function FindAlertPage({ alert }: { alert: string }) {
  const { organizations } = useMe();
  const go = useGo();
  const slugs = organizations.map((each) => each.slug).slice(0, organizationsMax);
  const first = lastOrg();
  const ordered = slugs.toSorted((a, b) => Number(b === first) - Number(a === first));
  const found = useQuery({
    queryKey: ['find-alert', alert],
    queryFn: () => findOrganization(ordered, alert),
  });

  useEffect(() => {
    if (found.data !== undefined) go(paths.alert({ org: found.data, alert }), { replace: true });
  }, [found.data, alert, go]);

  return (
    <main className="p-4 sm:p-8">
      {found.error === null ? (
        <LoadingPage />
      ) : (
        <LoadFailed error={found.error} busy={found.isFetching} onRetry={() => void found.refetch()} />
      )}
    </main>
  );
}

/** One after the other: nearly always the first one has it. @throws ApiError not_found */
async function findOrganization(slugs: readonly string[], id: string): Promise<string> {
  let last: unknown = new ApiError(404, 'not_found', '');
  for (const org of slugs) {
    try {
      await answered(api.GET('/api/v1/{org}/alerts/{id}', { params: { path: { org, id } } }));
      return org;
    } catch (error) {
      last = error;
      if (!(error instanceof ApiError) || (error.status !== 404 && error.status !== 400)) throw error;
    }
  }
  throw last;
}
