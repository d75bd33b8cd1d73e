import { type QueryClient, type QueryKey, useMutation, useQueryClient } from '@tanstack/react-query';
import type { Alert, AlertWithTimeline, Overview } from '@watchkeeper/contracts/alerting';
import { api } from '../../api/client';
import { keys } from '../../api/keys';
import { answered, messageOf } from '../../api/problem';
import { useMe, useOrg } from '../../app/session';
import { useToast } from '../../app/toast';
import { serverNow } from '../../lib/clock';
import { t } from '../../messages';
import { type Act, acted, actedInOverview, actedInPages } from './optimistic';

type Snapshot = [QueryKey, unknown][];

/** Shows the act everywhere the alert stands, and remembers what stood there. */
async function showAct(queryClient: QueryClient, org: string, id: string, act: Act): Promise<Snapshot> {
  const overviewKey = keys.of(org, 'overview');
  const listsKey = keys.of(org, 'alerts');
  const alertKey = keys.of(org, 'alert', id);
  const touched = [overviewKey, listsKey, alertKey];
  // An answer that was asked for before the act would bring the old state back.
  await Promise.all(touched.map((queryKey) => queryClient.cancelQueries({ queryKey })));
  const snapshot = touched.flatMap((queryKey) => queryClient.getQueriesData({ queryKey }));

  queryClient.setQueryData<Overview>(overviewKey, (before) => before && actedInOverview(before, id, act));
  queryClient.setQueriesData<Parameters<typeof actedInPages>[0]>(
    { queryKey: listsKey },
    (before) => before && actedInPages(before, id, act),
  );
  queryClient.setQueryData<AlertWithTimeline>(alertKey, (before) => before && acted(before, act));
  return snapshot;
}

function readAgain(queryClient: QueryClient, org: string): Promise<unknown> {
  return Promise.all(
    (['overview', 'alerts', 'alert', 'notifications'] as const).map((resource) =>
      queryClient.invalidateQueries({ queryKey: keys.of(org, resource) }),
    ),
  );
}

/** Acknowledge and resolve: shown at once, rolled back and said so when the server refuses. */
export function useAlertActions() {
  const { org } = useOrg();
  const me = useMe();
  const queryClient = useQueryClient();
  const say = useToast();
  const by = me.caller.name;

  function rollBack(error: unknown, snapshot: Snapshot | undefined, text: string): void {
    for (const [key, data] of snapshot ?? []) queryClient.setQueryData(key, data);
    say({ tone: 'problem', text: `${text} ${messageOf(error)}` });
  }
  const at = (): string => new Date(serverNow()).toISOString();

  const acknowledge = useMutation({
    mutationFn: ({ id }: Alert) =>
      answered(
        api.POST('/api/v1/{org}/alerts/{id}/acknowledge', { params: { path: { org, id } }, body: {} }),
      ),
    onMutate: ({ id }) => showAct(queryClient, org, id, { kind: 'acknowledge', at: at(), by }),
    onSuccess: (_, alert) => say({ tone: 'ok', text: t.alert.acknowledged(alert.title) }),
    onError: (error, _, snapshot) => rollBack(error, snapshot, t.alert.acknowledgeFailed),
    onSettled: () => readAgain(queryClient, org),
  });

  const resolve = useMutation({
    mutationFn: ({ alert: { id }, reason }: { alert: Alert; reason: string }) =>
      answered(
        api.POST('/api/v1/{org}/alerts/{id}/resolve', { params: { path: { org, id } }, body: { reason } }),
      ),
    onMutate: ({ alert, reason }) =>
      showAct(queryClient, org, alert.id, { kind: 'resolve', at: at(), by, reason }),
    onSuccess: (_, { alert }) => say({ tone: 'ok', text: t.alert.resolved(alert.title) }),
    onError: (error, _, snapshot) => rollBack(error, snapshot, t.alert.resolveFailed),
    onSettled: () => readAgain(queryClient, org),
  });

  return { acknowledge, resolve };
}
