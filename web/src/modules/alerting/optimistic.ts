import type { InfiniteData } from '@tanstack/react-query';
import type { Alert, Overview } from '@watchkeeper/contracts/alerting';
import { type AttentionCounts, attentionOf, standingOf } from '@watchkeeper/contracts/attention';
import { severityRank } from '@watchkeeper/contracts/vocabulary';
import type { AlertPageData } from './queries';

/** The effect of a person's action, shown before the server has answered. */
export type Act =
  | { kind: 'acknowledge'; at: string; by: string }
  | { kind: 'unacknowledge' }
  | { kind: 'resolve'; at: string; by: string; reason: string; action?: string | undefined }
  | { kind: 'reopen' };

const nobody = { acknowledged_at: null, acknowledged_by: null } as const;
const notOver = {
  resolved_at: null,
  resolved_by: null,
  resolved_reason: null,
  resolution: null,
  action_taken: null,
} as const;

/** The alert after the action. An action without effect changes nothing. */
export function acted<T extends Alert>(alert: T, act: Act): T {
  const after = statusAfter(alert, act);
  return after === alert ? alert : { ...after, attention: attentionOf(after) };
}

function statusAfter<T extends Alert>(alert: T, act: Act): T {
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
        resolution: act.reason,
        action_taken: act.action ?? null,
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

/** Resolved alerts leave the overview; what it counts, and how each site stands, follows as the server will say it. */
export function actedInOverview(overview: Overview, ids: Ids, act: Act): Overview {
  if (!overview.alerts.some((alert) => ids.has(alert.id))) return overview;
  const after = actedIn(overview.alerts, ids, act);
  const moves = overview.alerts.flatMap((before, index): Move[] => {
    const now = after[index];
    return now === undefined || now === before ? [] : [{ before, after: now }];
  });
  const alerts = after.filter((alert) => alert.attention !== 'over');
  return {
    ...overview,
    attention: recounted(overview.attention, moves),
    alerts,
    alerts_total: Math.max(0, overview.alerts_total - countGone(moves)),
    sites: overview.sites.map((site) => siteAfter(site, alerts, moves)),
  };
}

interface Move {
  before: Alert;
  after: Alert;
}
type Site = Overview['sites'][number];

function countGone(moves: readonly Move[]): number {
  return moves.filter(({ after }) => after.attention === 'over').length;
}

function recounted(counts: AttentionCounts, moves: readonly Move[]): AttentionCounts {
  const after = { ...counts };
  for (const move of moves) {
    if (move.before.attention !== 'over') after[move.before.attention] -= 1;
    if (move.after.attention !== 'over') after[move.after.attention] += 1;
  }
  return after;
}

function siteAfter(site: Site, alerts: readonly Alert[], all: readonly Move[]): Site {
  const moves = all.filter(({ before }) => before.site?.id === site.id);
  if (moves.length === 0) return site;
  const attention = recounted(site.attention, moves);
  const [worst] = alerts
    .filter((alert) => alert.site?.id === site.id && alert.attention === 'needs_you')
    .map((alert) => alert.severity)
    .toSorted((a, b) => severityRank(a) - severityRank(b));
  return {
    ...site,
    attention,
    standing: standingOf({ attention, devices: site.devices }),
    open_alerts: Math.max(0, site.open_alerts - countGone(moves)),
    // Beyond what the overview carries only the server knows which is the heaviest left.
    worst_severity: attention.needs_you === 0 ? null : (worst ?? site.worst_severity),
  };
}

type Pages = InfiniteData<AlertPageData, string | undefined>;

/** The rows stay in their list until the list is read again, so that nothing jumps under the finger. */
export function actedInPages(pages: Pages, ids: Ids, act: Act): Pages {
  return { ...pages, pages: pages.pages.map((page) => ({ ...page, data: actedIn(page.data, ids, act) })) };
}
