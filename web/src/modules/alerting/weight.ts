import type { Alert } from '@watchkeeper/contracts/alerting';
import { attentions } from '@watchkeeper/contracts/attention';
import { severityRank } from '@watchkeeper/contracts/vocabulary';

/** Same as on the server: open, not acknowledged, and not muted. */
export function needsYou(alert: Alert): boolean {
  return alert.attention === 'needs_you';
}

/** The order of alerts: those that need somebody, then acknowledged ones, then muted ones. */
function stage(alert: Alert): number {
  return attentions.indexOf(alert.attention);
}

/** Heaviest first: stage, severity, then age, the oldest waiting longest. */
export function byWeight(a: Alert, b: Alert): number {
  return (
    stage(a) - stage(b) ||
    severityRank(a.severity) - severityRank(b.severity) ||
    Date.parse(a.opened_at) - Date.parse(b.opened_at)
  );
}

export interface Weighed {
  needsYou: readonly Alert[];
  inHand: readonly Alert[];
  muted: readonly Alert[];
}

export function weigh(alerts: readonly Alert[]): Weighed {
  const ordered = alerts.filter((alert) => alert.attention !== 'over').toSorted(byWeight);
  return {
    needsYou: ordered.filter(needsYou),
    inHand: ordered.filter((alert) => alert.attention === 'in_hand'),
    muted: ordered.filter((alert) => alert.attention === 'under_maintenance' || alert.attention === 'muted'),
  };
}
