import { type NotificationStatus, notificationStatuses } from '@watchkeeper/contracts/vocabulary';
import { dayMs, hourMs } from '../../lib/time';
import type { LedgerSearch } from '../../paths';

export const ledgerSpans = { '24h': dayMs, '7d': 7 * dayMs, '30d': 30 * dayMs } as const;
export type LedgerSpan = keyof typeof ledgerSpans;

export interface LedgerFilter {
  status: NotificationStatus | undefined;
  channel: string | undefined;
  alert: string | undefined;
  /** undefined: as far back as it is kept. */
  since: LedgerSpan | undefined;
}

const spanNames = ['24h', '7d', '30d'] as const satisfies readonly LedgerSpan[];

/** The filters in the address; unknown words are ignored. */
export function ledgerFilterOf(search: LedgerSearch): LedgerFilter {
  return {
    status: notificationStatuses.find((each) => each === search.status),
    channel: orNothing(search.channel),
    alert: orNothing(search.alert),
    since: spanNames.find((each) => each === search.since),
  };
}

function orNothing(text: string | undefined): string | undefined {
  return text === '' ? undefined : text;
}

export function isFiltered(filter: LedgerFilter): boolean {
  return Object.values(filter).some((part) => part !== undefined);
}

/** In whole hours, so that the same question is asked twice with the same words. */
export function sinceOf(span: LedgerSpan | undefined, now: number): string | undefined {
  if (span === undefined) return undefined;
  return new Date(Math.floor((now - ledgerSpans[span]) / hourMs) * hourMs).toISOString();
}
