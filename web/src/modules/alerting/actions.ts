import { type QueryClient, useMutation, useQueryClient } from '@tanstack/react-query';
import type {
  Alert,
  AlertSignal,
  AlertWithTimeline,
  BulkAlertResult,
  BulkAlertResults,
  Overview,
} from '@watchkeeper/contracts/alerting';
import { api } from '../../api/client';
import { keys } from '../../api/keys';
import { changeOf, type Meanwhile, showMeanwhile } from '../../api/meanwhile';
import { ApiError, answered, messageOf } from '../../api/problem';
import { useMe, useOrg } from '../../app/session';
import { useToast } from '../../app/toast';
import { useUndo } from '../../app/undo';
import { serverNow } from '../../lib/clock';
import { t } from '../../messages';
import { bulkAlertsMax } from './limits';
import { type Act, acted, actedInOverview, actedInPages } from './optimistic';

type Ids = readonly string[];

/** Why it is over, and what was done about it. */
export interface Resolution {
  readonly reason: string;
  readonly action?: string | undefined;
}

/** Shows the act everywhere the alerts stand. */
function showAct(queryClient: QueryClient, org: string, ids: Ids, act: Act): Promise<Meanwhile> {
  const all = new Set(ids);
  const inList = ({ data, ...rest }: { data: Alert[] }) => ({
    ...rest,
    data: data.map((alert) => (all.has(alert.id) ? acted(alert, act) : alert)),
  });
  return showMeanwhile(queryClient, [
    changeOf<Overview>(keys.of(org, 'overview'), (overview) => actedInOverview(overview, all, act)),
    changeOf<Parameters<typeof actedInPages>[0]>(keys.of(org, 'alerts'), (pages) =>
      actedInPages(pages, all, act),
    ),
    changeOf<{ data: Alert[] }>(keys.of(org, 'alert', 'device'), inList),
    ...ids.map((id) =>
      changeOf<AlertWithTimeline | AlertSignal>(keys.of(org, 'alert', id), (shown) =>
        'timeline' in shown ? acted(shown, act) : shown,
      ),
    ),
  ]);
}

function readAgain(queryClient: QueryClient, org: string): Promise<unknown> {
  return Promise.all(
    (['overview', 'alerts', 'alert', 'notifications'] as const).map((resource) =>
      queryClient.invalidateQueries({ queryKey: keys.of(org, resource) }),
    ),
  );
}

/** Longer selections go in parts, one after the other. */
async function inParts(
  ids: Ids,
  send: (part: string[]) => Promise<BulkAlertResults>,
): Promise<BulkAlertResult[]> {
  const results: BulkAlertResult[] = [];
  for (let start = 0; start < ids.length; start += bulkAlertsMax)
    results.push(...(await send(ids.slice(start, start + bulkAlertsMax))).data);
  return results;
}

function changedIn(results: readonly BulkAlertResult[]): string[] {
  return results.filter((result) => result.outcome === 'changed').map((result) => result.id);
}

function refusedIn(results: readonly BulkAlertResult[]): BulkAlertResult[] {
  return results.filter((result) => result.outcome === 'conflict' || result.outcome === 'not_found');
}

/** The verbs as requests about a selection. */
function useVerbs() {
  const { org } = useOrg();
  const params = { path: { org } };
  return {
    acknowledge: (ids: Ids) =>
      inParts(ids, (part) =>
        answered(api.POST('/api/v1/{org}/alerts/acknowledge', { params, body: { ids: part } })),
      ),
    resolve: (ids: Ids, { reason, action }: Resolution) =>
      inParts(ids, (part) =>
        answered(
          api.POST('/api/v1/{org}/alerts/resolve', {
            params,
            body: { ids: part, reason, ...(action === undefined ? {} : { action_taken: action }) },
          }),
        ),
      ),
    unacknowledge: (ids: Ids) =>
      inParts(ids, (part) =>
        answered(api.POST('/api/v1/{org}/alerts/unacknowledge', { params, body: { ids: part } })),
      ),
    reopen: (ids: Ids) =>
      inParts(ids, (part) =>
        answered(api.POST('/api/v1/{org}/alerts/reopen', { params, body: { ids: part } })),
      ),
  };
}

/** Acknowledge and resolve, one or many: shown at once, undone on demand, rolled back when refused. */
export function useAlertActions() {
  const { org } = useOrg();
  const by = useMe().caller.name;
  const queryClient = useQueryClient();
  const say = useToast();
  const offerUndo = useUndo();
  const verbs = useVerbs();
  const at = (): string => new Date(serverNow()).toISOString();

  function rollBack(error: unknown, shown: Meanwhile | undefined, text: string, again: () => void): void {
    shown?.undo();
    const action = { label: t.action.retry, run: again };
    say({ tone: 'problem', text: `${text} ${messageOf(error)}`, action });
  }

  /** @throws ApiError, so that the toast says why it could not be undone */
  async function takeBack(ids: Ids, act: Act, send: (ids: Ids) => Promise<BulkAlertResult[]>): Promise<void> {
    const shown = await showAct(queryClient, org, ids, act);
    try {
      const [refused] = refusedIn(await send(ids));
      if (refused !== undefined) throw new ApiError(409, 'conflict', refused.detail ?? '');
      shown.keep();
    } catch (error) {
      shown.undo();
      throw error;
    } finally {
      await readAgain(queryClient, org);
    }
  }

  /** A selection may have changed only in part: then the guess is dropped, and the real state is read. */
  function tell(
    results: readonly BulkAlertResult[],
    shown: Meanwhile | undefined,
    words: (changed: string[]) => string,
    failed: string,
    undo: (ids: Ids) => Promise<void>,
  ): void {
    const changed = changedIn(results);
    const refused = refusedIn(results);
    if (refused.length === 0) shown?.keep();
    else shown?.undo();
    if (changed.length > 0) offerUndo({ text: words(changed), undo: () => undo(changed) });
    const [first] = refused;
    if (first === undefined) return;
    say({ tone: 'problem', text: `${failed} ${first.detail ?? t.problem.notFound}` });
  }

  const acknowledge = useMutation({
    mutationFn: (alerts: readonly Alert[]) => verbs.acknowledge(idsOf(alerts)),
    onMutate: (alerts) => showAct(queryClient, org, idsOf(alerts), { kind: 'acknowledge', at: at(), by }),
    onSuccess: (results, alerts, shown) =>
      tell(
        results,
        shown,
        (ids) => t.alert.acknowledgedMany(ids.length, titleIn(alerts, ids)),
        t.alert.acknowledgeFailed,
        (ids) => takeBack(ids, { kind: 'unacknowledge' }, verbs.unacknowledge),
      ),
    onError: (error, alerts, shown) =>
      rollBack(error, shown, t.alert.acknowledgeFailed, () => acknowledge.mutate(alerts)),
    onSettled: () => readAgain(queryClient, org),
  });

  const resolve = useMutation({
    mutationFn: ({ alerts, ...resolution }: Resolution & { alerts: readonly Alert[] }) =>
      verbs.resolve(idsOf(alerts), resolution),
    onMutate: ({ alerts, ...resolution }) =>
      showAct(queryClient, org, idsOf(alerts), { kind: 'resolve', at: at(), by, ...resolution }),
    onSuccess: (results, { alerts }, shown) =>
      tell(
        results,
        shown,
        (ids) => t.alert.resolvedMany(ids.length, titleIn(alerts, ids)),
        t.alert.resolveFailed,
        (ids) => takeBack(ids, { kind: 'reopen' }, verbs.reopen),
      ),
    onError: (error, input, shown) =>
      rollBack(error, shown, t.alert.resolveFailed, () => resolve.mutate(input)),
    onSettled: () => readAgain(queryClient, org),
  });

  const unacknowledge = useMutation({
    mutationFn: (alerts: readonly Alert[]) =>
      takeBack(idsOf(alerts), { kind: 'unacknowledge' }, verbs.unacknowledge),
    onError: (error) => say({ tone: 'problem', text: `${t.alert.takeBackFailed} ${messageOf(error)}` }),
  });

  return { acknowledge, unacknowledge, resolve };
}

function idsOf(alerts: readonly Alert[]): string[] {
  return alerts.map((alert) => alert.id);
}

function titleIn(alerts: readonly Alert[], ids: Ids): string {
  return alerts.find((alert) => alert.id === ids[0])?.title ?? '';
}
