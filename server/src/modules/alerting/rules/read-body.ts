import { durationSeconds, type RuleBody, type RuleWrite } from '@watchkeeper/contracts';
import { AppError } from '#platform/errors';
import type { WrittenEscalation } from './rule-escalation.ts';
import { groupingOf } from './rule-view.ts';
import type { RuleRow } from './store.ts';

/** Turns a rule as it was written, complete or in part, into a complete one with `kind` and `config`. */

/** A complete body. The escalation is left out, because the module that keeps escalations reads it. */
export interface WholeRule extends Omit<RuleBody, 'escalation_rules'> {
  readonly escalation: WrittenEscalation;
}

const minuteSeconds = 60;

/** @throws validation_failed when the body does not say what to watch */
export function wholeBody(write: RuleWrite): WholeRule {
  const { kind = isMeasured(write) ? 'metric' : undefined, escalation_rules: rules, ...rest } = write;
  const errors = [
    ...(kind === undefined
      ? [{ field: 'kind', message: 'is required, or a condition with a metric_type or metric_category' }]
      : []),
    ...(kind !== undefined && write.config === undefined && !isMeasured(write)
      ? [{ field: 'config', message: 'is required' }]
      : []),
    ...(write.name === undefined && !isMeasured(write) ? [{ field: 'name', message: 'is required' }] : []),
  ];
  const [first] = errors;
  if (first !== undefined || kind === undefined)
    throw new AppError('validation_failed', `${first?.field}: ${first?.message}.`, { errors });
  return {
    ...settingsOf(rest),
    name: write.name ?? '',
    kind,
    config: configOf(write),
    escalation: { rules, inMinutes: isMeasured(write) },
  };
}

/**
 * Fields that the body leaves out stay as they are, inside `config` as well. A new kind begins with an empty config.
 */
export function changedBody(before: RuleRow, write: RuleWrite): WholeRule {
  const kind = write.kind ?? before.kind;
  const { escalation_rules: rules, ...rest } = write;
  return {
    type: before.type,
    severity: before.severity,
    enabled: before.enabled,
    auto_resolve: before.auto_resolve,
    cooldown: before.cooldown_seconds,
    site: before.site_id,
    device_type: before.device_type_id,
    channels: before.channels,
    grouping: groupingOf(before),
    runbook_url: before.runbook_url,
    ...settingsOf(rest),
    name: write.name ?? before.name,
    kind,
    config: kind === before.kind ? merge({ ...before.config }, configOf(write)) : configOf(write),
    escalation: { rules, inMinutes: isMeasured(write) },
  };
}

/** If a field was written outside `config`, errors name it as it was written. */
export async function tellAsWritten<T>(write: RuleWrite, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof AppError) || write.config !== undefined || error.errors.length === 0) throw error;
    const errors = error.errors.map(({ field, message }) => ({
      field: field.replace(/^config\.metric$/, 'metric_name').replace(/^config\./, ''),
      message,
    }));
    throw new AppError(error.code, `${errors[0]?.field}: ${errors[0]?.message}.`, { errors });
  }
}

/** Whether the rule is shown as a rule about measurements, without `kind` and `config`. */
export function isMeasured({
  kind,
  config,
  metric_type,
  metric_category,
  metric_name,
  condition,
}: RuleWrite) {
  const named = [metric_type, metric_category, metric_name, condition];
  return kind === undefined && config === undefined && named.some((value) => value !== undefined);
}

type Settings = Pick<
  RuleBody,
  | 'type'
  | 'severity'
  | 'enabled'
  | 'auto_resolve'
  | 'cooldown'
  | 'site'
  | 'device_type'
  | 'channels'
  | 'grouping'
  | 'runbook_url'
>;

/** The fields that are present and mean the same in every spelling. */
function settingsOf(write: Omit<RuleWrite, 'escalation_rules'>): Settings {
  const {
    name,
    kind,
    config,
    metric_type,
    metric_category,
    metric_name,
    source,
    endpoint,
    condition,
    ...same
  } = write;
  const { channels, ...others } = same;
  return channels === undefined ? others : { ...others, channels: channels ?? [] };
}

function defined<T extends object>(values: T): T {
  // Safe because only undefined values are removed.
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as T;
}

function configOf(write: RuleWrite): Record<string, unknown> {
  const { metric_type, metric_category, metric_name, source, endpoint, condition } = write;
  const beside = defined({
    metric: metric_name,
    metric_type,
    metric_category,
    source,
    endpoint,
    condition: condition && defined({ ...condition, duration: minutesOf(condition.duration) }),
  });
  return merge(write.config ?? {}, beside);
}

function minutesOf(duration: number | string | undefined): number | undefined {
  return typeof duration === 'string' ? durationSeconds(duration) / minuteSeconds : duration;
}

function merge(
  before: Readonly<Record<string, unknown>>,
  change: Readonly<Record<string, unknown>>,
): Record<string, unknown> {
  const merged: Record<string, unknown> = { ...before };
  for (const [name, value] of Object.entries(change)) {
    const was = Object.hasOwn(before, name) ? before[name] : undefined;
    merged[name] = isRecord(was) && isRecord(value) ? merge(was, value) : value;
  }
  return merged;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
