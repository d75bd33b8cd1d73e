import type { ListedRule, Rule, RuleAnswer, RuleRevision } from '@watchkeeper/contracts';
import { metricTypes } from '@watchkeeper/contracts/vocabulary';
import type { EnvironmentLimits } from '../judgement.ts';
import { ruleKinds } from '../registry.ts';
import type { FiredRow, RevisionRow, RuleRow, RuleValues } from './store.ts';

export function toRule(row: RuleRow, limits: EnvironmentLimits): Rule {
  const kind = ruleKinds.find(row.kind);
  return {
    id: row.id,
    tenant_id: row.organization_slug,
    type: row.type,
    name: row.name,
    kind: row.kind,
    config: toRecord(row.config),
    effective_config: toRecord(kind?.resolve(row.config, limits) ?? row.config),
    trigger: kind?.describe(row.config, limits) ?? '',
    severity: row.severity,
    enabled: row.enabled,
    auto_resolve: row.auto_resolve,
    cooldown: row.cooldown_seconds,
    site: row.site_slug,
    device_type: row.device_type_slug,
    channels: row.channels,
    grouping: groupingOf(row),
    runbook_url: row.runbook_url,
    escalation_rules: row.escalation && {
      escalate_after: row.escalation.escalate_after,
      escalate_after_minutes: row.escalation.escalate_after / 60,
      escalate_to_channels: [...row.escalation.escalate_to_channels],
    },
    ...measuredFields(row.config),
    template: row.template,
    version: row.version,
    created_at: row.created_at.toISOString(),
    updated_at: row.updated_at.toISOString(),
  };
}

/** As the API writes it. */
export function groupingOf({ grouping }: Pick<RuleRow, 'grouping'>): Rule['grouping'] {
  if (grouping === null) return null;
  return { by: grouping.by ?? null, window: grouping.window_seconds ?? null };
}

function toRecord(value: object): Record<string, unknown> {
  return { ...value };
}

/** The fields of the config, under the names of operators' plans. */
function measuredFields(config: object) {
  const { metric, metric_type, metric_category, condition } = toRecord(config);
  const type = metricTypes.find((each) => each === metric_type) ?? null;
  return {
    metric_type: type,
    metric_category: typeof metric_category === 'string' ? metric_category : null,
    metric_name: typeof metric === 'string' ? metric : null,
    condition: conditionOf(condition),
  };
}

function conditionOf(condition: unknown): Rule['condition'] {
  if (typeof condition !== 'object' || condition === null) return null;
  const { operator, threshold, duration } = toRecord(condition);
  return {
    operator: String(operator),
    threshold: typeof threshold === 'number' ? threshold : null,
    duration: typeof duration === 'number' ? duration : 0,
  };
}

/** A rule that was just written, with warnings about its channels. */
export interface SavedRule {
  readonly row: RuleRow;
  readonly warnings: string[];
}

export function toRuleAnswer({ row, warnings }: SavedRule, limits: EnvironmentLimits): RuleAnswer {
  return { ...toRule(row, limits), warnings };
}

export function toListedRule(
  row: RuleRow,
  fired: FiredRow | undefined,
  limits: EnvironmentLimits,
): ListedRule {
  return {
    ...toRule(row, limits),
    fired: {
      last_7_days: fired?.last_7_days ?? 0,
      last_30_days: fired?.last_30_days ?? 0,
      last_at: fired?.last_at?.toISOString() ?? null,
    },
  };
}

/** The form that revisions and audit rows keep: the operator's own settings, nothing derived. */
export function toSnapshot(values: RuleValues): Record<string, unknown> {
  return {
    type: values.type,
    name: values.name,
    kind: values.kind,
    config: values.config,
    severity: values.severity,
    enabled: values.enabled,
    auto_resolve: values.autoResolve,
    cooldown: values.cooldownSeconds,
    site_id: values.siteId,
    device_type_id: values.deviceTypeId,
    channels: values.channels,
    grouping: values.grouping,
    runbook_url: values.runbookUrl,
    escalation_rules: values.escalation,
  };
}

export function toValues(row: RuleRow): RuleValues {
  return {
    type: row.type,
    name: row.name,
    kind: row.kind,
    config: row.config,
    severity: row.severity,
    enabled: row.enabled,
    autoResolve: row.auto_resolve,
    cooldownSeconds: row.cooldown_seconds,
    siteId: row.site_id,
    deviceTypeId: row.device_type_id,
    channels: row.channels,
    grouping: row.grouping,
    runbookUrl: row.runbook_url,
    escalation: row.escalation,
  };
}

export function toRevision(row: RevisionRow): RuleRevision {
  return {
    version: row.version,
    change: row.change,
    at: row.at.toISOString(),
    actor: { kind: row.actor_kind, id: row.actor_id, name: row.actor_name },
    snapshot: row.snapshot,
  };
}
