import type { Alert, Overview } from '@watchkeeper/contracts/alerting';
import { type AttentionCounts, standingOf } from '@watchkeeper/contracts/attention';

type Site = Overview['sites'][number];
type Counts = Overview['devices'];

export function counts(parts: Partial<Counts> = {}): Counts {
  const each = { online: 0, degraded: 0, unresponsive: 0, offline: 0, unknown: 0, maintenance: 0, ...parts };
  const total = Object.entries(each).reduce((sum, [key, n]) => (key === 'total' ? sum : sum + n), 0);
  return { ...each, total };
}

/** Counts these alerts by the attention that they need. */
export function attentionIn(alerts: readonly Pick<Alert, 'attention'>[]): AttentionCounts {
  const of = (attention: Alert['attention']) =>
    alerts.filter((alert) => alert.attention === attention).length;
  return {
    needs_you: of('needs_you'),
    in_hand: of('in_hand'),
    under_maintenance: of('under_maintenance'),
    muted: of('muted'),
  };
}

export function aSite(parts: Partial<Omit<Site, 'standing'>> = {}): Site {
  const site = {
    id: '01939b1e-0000-7000-8000-0000000000a1',
    slug: 'dartmouth',
    name: 'Dartmouth',
    timezone: 'America/Halifax',
    devices: counts({ online: 4 }),
    last_seen_at: '2026-11-21T18:42:00Z',
    attention: attentionIn([]),
    open_alerts: 0,
    worst_severity: null,
    ...parts,
  };
  return { ...site, standing: standingOf(site) };
}

export function anOverview(parts: Partial<Overview> = {}): Overview {
  return {
    organization: { id: '01939b1e-0000-7000-8000-000000000000', slug: 'acme', name: 'Acme' },
    now: '2026-11-21T18:42:14Z',
    watch: {
      intake_up: true,
      watching_since: '2026-11-20T00:00:00Z',
      last_checked_at: '2026-11-21T18:42:06Z',
      suspected_our_outage_since: null,
    },
    devices: counts({ online: 4 }),
    sites: [aSite()],
    attention: attentionIn(parts.alerts ?? []),
    alerts: [],
    alerts_total: 0,
    changes: [],
    ...parts,
  };
}
