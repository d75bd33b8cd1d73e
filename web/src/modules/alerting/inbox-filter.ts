import type { Severity } from '@watchkeeper/contracts';
import type { AlertViewFilter } from '@watchkeeper/contracts/alerting';
import { severities } from '@watchkeeper/contracts/vocabulary';
import type { AlertSearch } from '../../paths';

export const alertShows = ['active', 'open', 'acknowledged', 'resolved'] as const;
export type AlertShow = (typeof alertShows)[number];

export interface AlertFilter {
  show: AlertShow;
  site: string | undefined;
  severity?: Severity | undefined;
  type?: string | undefined;
  q?: string | undefined;
  device?: string;
  check?: string;
}

/** The filters in the address; unknown words are ignored. */
export function filterOf(search: AlertSearch): AlertFilter {
  return {
    show: alertShows.find((each) => each === search.show) ?? 'active',
    severity: severities.find((each) => each === search.severity),
    type: orNothing(search.type),
    site: orNothing(search.site),
    q: orNothing(search.q?.trim()),
  };
}

function orNothing(text: string | undefined): string | undefined {
  return text === '' ? undefined : text;
}

/** As the address says it: the usual view has no words in it. */
export function searchOf(filter: AlertFilter): AlertSearch {
  const { show, severity, type, site, q } = filter;
  return { show: show === 'active' ? undefined : show, severity, type, site, q };
}

/** Whether something beside the state narrows the list. */
export function isNarrowed({ severity, type, site, q }: AlertFilter): boolean {
  return [severity, type, site, q].some((part) => part !== undefined);
}

export function widened({ show }: AlertFilter): AlertFilter {
  return { show, site: undefined };
}

/** A saved view as a filter, and back; views made by others may name a state this console has no tab for. */
export function filterOfView({ status, ...rest }: AlertViewFilter): AlertFilter {
  return filterOf({ show: status, ...rest });
}

export function viewOf(filter: AlertFilter): AlertViewFilter {
  const { show, severity, type, site, q } = filter;
  return {
    status: show satisfies AlertShow,
    ...(severity === undefined ? {} : { severity }),
    ...(type === undefined ? {} : { type }),
    ...(site === undefined ? {} : { site }),
    ...(q === undefined ? {} : { q }),
  };
}

export function isSameFilter(a: AlertFilter, b: AlertFilter): boolean {
  return JSON.stringify(viewOf(a)) === JSON.stringify(viewOf(b));
}
