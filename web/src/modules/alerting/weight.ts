import type { Alert } from '@watchkeeper/contracts/alerting';
import { severityRank } from '@watchkeeper/contracts/vocabulary';

/** Open, nobody has it in hand, and nothing mutes it. */
export function needsYou(alert: Alert): boolean {
  return alert.status === 'open' && alert.suppressed_by === null;
}

/** The order in which alerts ask for attention: what needs somebody, then what is in hand, then what is muted. */
function stage(alert: Alert): number {
  if (needsYou(alert)) return 0;
  return alert.suppressed_by === null ? 1 : 2;
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
  const ordered = alerts.filter((alert) => alert.status !== 'resolved').toSorted(byWeight);
  return {
    needsYou: ordered.filter((alert) => stage(alert) === 0),
    inHand: ordered.filter((alert) => stage(alert) === 1),
    muted: ordered.filter((alert) => stage(alert) === 2),
  };
}
