import type { Overview } from '@watchkeeper/contracts/alerting';
import { severityRank } from '@watchkeeper/contracts/vocabulary';

type SiteSummary = Overview['sites'][number];

function weight(site: SiteSummary): number {
  if (site.standing !== 'needs_you' || site.worst_severity === null) return Number.POSITIVE_INFINITY;
  return severityRank(site.worst_severity);
}

const collator = new Intl.Collator(undefined, { numeric: true });

/** Sites that need somebody first, the rest by name, so that tiles keep their places while all is well. */
export function tileOrder(a: SiteSummary, b: SiteSummary): number {
  const [weightA, weightB] = [weight(a), weight(b)];
  return weightA === weightB ? collator.compare(a.name, b.name) : weightA - weightB;
}
