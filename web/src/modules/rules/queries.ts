import { queryOptions } from '@tanstack/react-query';
import type { Backtest, ListedRule, RuleKindList, RuleWithRevisions } from '@watchkeeper/contracts/rules';
import { api } from '../../api/client';
import { keys } from '../../api/keys';
import { answered } from '../../api/problem';

const listMax = 500;
/** Kinds change with a release of the server only. */
const kindsStaleMs = 10 * 60_000;

export interface RuleList {
  data: ListedRule[];
  next_cursor: string | null;
}

export function rulesQuery(org: string) {
  return queryOptions({
    queryKey: keys.of(org, 'rules', 'list'),
    queryFn: ({ signal }) =>
      answered<RuleList>(
        api.GET('/api/v1/{org}/rules', { params: { path: { org }, query: { limit: listMax } }, signal }),
      ),
  });
}

export function ruleQuery(org: string, id: string) {
  return queryOptions({
    queryKey: keys.of(org, 'rule', id),
    queryFn: ({ signal }) =>
      answered<RuleWithRevisions>(
        api.GET('/api/v1/{org}/rules/{id}', { params: { path: { org, id } }, signal }),
      ),
  });
}

export function ruleKindsQuery(org: string) {
  return queryOptions({
    queryKey: keys.of(org, 'ruleKinds'),
    queryFn: ({ signal }) =>
      answered<RuleKindList>(api.GET('/api/v1/{org}/rule-kinds', { params: { path: { org } }, signal })),
    staleTime: kindsStaleMs,
  });
}

/** The backtest of the rule as it is; read again only when the rule or the range changes. */
export function ruleBacktestQuery(org: string, rule: { id: string; version: number }, days: number) {
  return queryOptions({
    queryKey: keys.of(org, 'backtest', rule.id, rule.version, days),
    queryFn: ({ signal }) =>
      answered<Backtest>(
        api.POST('/api/v1/{org}/rules/{id}/backtest', {
          params: { path: { org, id: rule.id } },
          body: { days },
          signal,
        }),
      ),
    staleTime: Number.POSITIVE_INFINITY,
  });
}
