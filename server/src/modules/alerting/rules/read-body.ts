import { durationSeconds, type RuleBody, type RuleWrite } from '@watchkeeper/contracts';
import { AppError } from '#platform/errors';
import type { WrittenEscalation } from './rule-escalation.ts';
import type { RuleRow } from './store.ts';

/** A rule as it was written, whole or in part, becomes a whole one by `kind` and `config`. */

/** A whole body; what it says of the escalation is read by the module that keeps it. */
export interface WholeRule extends Omit<RuleBody, 'escalation_rules'> {
  readonly escalation: WrittenEscalation;
}

const minuteSeconds = 60;

/** @throws validation_failed when it does not say what is watched */
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

/** What the body leaves out stays as it is, inside `config` as well; another kind begins with an empty one. */
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
    ...settingsOf(rest),
    name: write.name ?? before.name,
    kind,
    config: kind === before.kind ? merge({ ...before.config }, configOf(write)) : configOf(write),
    escalation: { rules, inMinutes: isMeasured(write) },
  };
}

/** Errors in fields that were written beside `config` use the names under which they were written. */
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

/** Whether it is told as a rule about measurements, without `kind` and `config`. */
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
  'type' | 'severity' | 'enabled' | 'auto_resolve' | 'cooldown' | 'site' | 'device_type' | 'channels'
>;

/** The fields that are there and mean the same in every spelling. */
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
  // Safe because only values that are undefined go.
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
