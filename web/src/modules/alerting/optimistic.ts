import type { InfiniteData } from '@tanstack/react-query';
import type { Alert, Overview } from '@watchkeeper/contracts/alerting';
import type { AlertPageData } from './queries';

/** What a person just did, as the screen shows it before the server has answered. */
export type Act =
  | { kind: 'acknowledge'; at: string; by: string }
  | { kind: 'resolve'; at: string; by: string; reason: string };

/** The alert after the act. Acting on what is already so changes nothing. */
export function acted<T extends Alert>(alert: T, act: Act): T {
  if (alert.status === 'resolved') return alert;
  if (act.kind === 'resolve') {
    return {
      ...alert,
      status: 'resolved',
      resolved_at: act.at,
      resolved_by: act.by,
      resolved_reason: act.reason,
    };
  }
  if (alert.status === 'acknowledged') return alert;
  return { ...alert, status: 'acknowledged', acknowledged_at: act.at, acknowledged_by: act.by };
}

function actedIn(alerts: readonly Alert[], id: string, act: Act): Alert[] {
  return alerts.map((alert) => (alert.id === id ? acted(alert, act) : alert));
}

/** Resolved alerts leave the overview, and the site counts one less. */
export function actedInOverview(overview: Overview, id: string, act: Act): Overview {
  const alert = overview.alerts.find((each) => each.id === id);
  if (alert === undefined) return overview;
  const alerts = actedIn(overview.alerts, id, act);
  if (act.kind === 'acknowledge') return { ...overview, alerts };
  return {
    ...overview,
    alerts: alerts.filter((each) => each.status !== 'resolved'),
    alerts_total: Math.max(0, overview.alerts_total - 1),
    sites: overview.sites.map((site) =>
      site.id === alert.site?.id ? { ...site, open_alerts: Math.max(0, site.open_alerts - 1) } : site,
    ),
  };
}

type Pages = InfiniteData<AlertPageData, string | undefined>;

/** The row stays in its list until the list is read again, so that nothing jumps under the finger. */
export function actedInPages(pages: Pages, id: string, act: Act): Pages {
  return { ...pages, pages: pages.pages.map((page) => ({ ...page, data: actedIn(page.data, id, act) })) };
}
