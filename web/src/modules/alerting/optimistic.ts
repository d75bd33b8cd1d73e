import type { InfiniteData } from '@tanstack/react-query';
import type { Alert, Overview } from '@watchkeeper/contracts/alerting';
import type { AlertPageData } from './queries';

/** What a person just did, as the screen shows it before the server has answered. */
export type Act =
  | { kind: 'acknowledge'; at: string; by: string }
  | { kind: 'unacknowledge' }
  | { kind: 'resolve'; at: string; by: string; reason: string }
  | { kind: 'reopen' };

const nobody = { acknowledged_at: null, acknowledged_by: null } as const;
const notOver = { resolved_at: null, resolved_by: null, resolved_reason: null } as const;

/** The alert after the act. Acting on what is already so changes nothing. */
export function acted<T extends Alert>(alert: T, act: Act): T {
  const { status } = alert;
  switch (act.kind) {
    case 'acknowledge':
      if (status !== 'open') return alert;
      return { ...alert, status: 'acknowledged', acknowledged_at: act.at, acknowledged_by: act.by };
    case 'unacknowledge':
      return status === 'acknowledged' ? { ...alert, status: 'open', ...nobody } : alert;
    case 'resolve':
      if (status === 'resolved') return alert;
      return {
        ...alert,
        status: 'resolved',
        resolved_at: act.at,
        resolved_by: act.by,
        resolved_reason: act.reason,
      };
    case 'reopen':
      if (status !== 'resolved') return alert;
      return { ...alert, status: alert.acknowledged_at === null ? 'open' : 'acknowledged', ...notOver };
  }
}

type Ids = ReadonlySet<string>;

function actedIn(alerts: readonly Alert[], ids: Ids, act: Act): Alert[] {
  return alerts.map((alert) => (ids.has(alert.id) ? acted(alert, act) : alert));
}

/** Resolved alerts leave the overview, and their sites count fewer. */
export function actedInOverview(overview: Overview, ids: Ids, act: Act): Overview {
  if (!overview.alerts.some((alert) => ids.has(alert.id))) return overview;
  const alerts = actedIn(overview.alerts, ids, act);
  const gone = alerts.filter((alert) => alert.status === 'resolved');
  return {
    ...overview,
    alerts: alerts.filter((alert) => alert.status !== 'resolved'),
    alerts_total: Math.max(0, overview.alerts_total - gone.length),
    sites: overview.sites.map((site) => {
      const fewer = gone.filter((alert) => alert.site?.id === site.id).length;
      return fewer === 0 ? site : { ...site, open_alerts: Math.max(0, site.open_alerts - fewer) };
    }),
  };
}

type Pages = InfiniteData<AlertPageData, string | undefined>;

/** The rows stay in their list until the list is read again, so that nothing jumps under the finger. */
export function actedInPages(pages: Pages, ids: Ids, act: Act): Pages {
  return { ...pages, pages: pages.pages.map((page) => ({ ...page, data: actedIn(page.data, ids, act) })) };
}
