import type { Check, CheckInput, CheckResult, CheckUpdate } from '@watchkeeper/contracts/checks';
import { durationSeconds } from '@watchkeeper/contracts/duration';
import type { FieldError } from '#platform/errors';
import { redactConfig } from '#platform/kinds/secrets';
import { addressOf, type CheckView, toPingStanding } from './pings/view.ts';
import { checkKinds } from './registry.ts';
import { intervalSecondsMax, intervalSecondsMin, timeoutSecondsMax, timeoutSecondsMin } from './settings.ts';
import type { CheckFields, CheckRow, ResultRow } from './store.ts';

export function toCheck(row: CheckRow, view: CheckView): Check {
  const kind = checkKinds.find(row.kind);
  const sealed = row.secrets === null ? [] : (kind?.secrets ?? []);
  const overrides = [
    ...(row.interval_seconds === null ? [] : (['interval'] as const)),
    ...(row.timeout_seconds === null ? [] : (['timeout'] as const)),
    ...(row.retries === null ? [] : (['retries'] as const)),
    ...(row.alert_after_failures === null ? [] : (['alert_after_failures'] as const)),
    ...(row.recover_after_successes === null ? [] : (['recover_after_successes'] as const)),
  ];
  return {
    id: row.id,
    slug: row.slug,
    name: row.name,
    kind: row.kind,
    config: redactConfig(kind, { ...row.config, ...Object.fromEntries(sealed.map((name) => [name, ''])) }),
    interval: kind?.passive ? 0 : row.effective_interval,
    timeout: kind?.passive ? 0 : row.effective_timeout,
    retries: kind?.passive ? 0 : row.effective_retries,
    alert_after_failures: row.effective_failures,
    recover_after_successes: row.effective_successes,
    overrides,
    site: row.site_slug,
    device: row.device_slug,
    depends_on: row.depends_on,
    enabled: row.enabled,
    managed_by: row.environment_key === null ? null : 'environment',
    state: toState(row, kind?.passive ? row.alarm_at : row.next_due_at),
    ping_url: addressOf(row, view),
    ping: toPingStanding(row, view),
    created_at: row.created_at.toISOString(),
    updated_at: row.updated_at.toISOString(),
  };
}

function toState(row: CheckRow, dueAt: Date | null): Check['state'] {
  const { last_at: at, last_outcome: outcome } = row;
  return {
    status: row.status,
    since: row.since.toISOString(),
    reason: row.reason,
    consecutive_failures: row.consecutive_failures,
    consecutive_successes: row.consecutive_successes,
    last_result:
      at === null || outcome === null
        ? null
        : { at: at.toISOString(), outcome, reason: row.last_reason ?? '', total_ms: row.last_total_ms },
    next_due_at: dueAt?.toISOString() ?? null,
  };
}

export function toResult(row: ResultRow): CheckResult {
  return {
    at: row.at.toISOString(),
    outcome: row.outcome,
    status: row.status,
    reason: row.reason,
    attempts: row.attempts,
    timings: {
      dns_ms: row.dns_ms,
      connect_ms: row.connect_ms,
      tls_ms: row.tls_ms,
      first_byte_ms: row.first_byte_ms,
      total_ms: row.total_ms,
    },
    details: row.details ?? {},
  };
}

/** The plain fields that the caller sent. Places are looked up separately. */
export function toFields(
  input: CheckInput | CheckUpdate,
  slug: string,
): Omit<CheckFields, 'site_id' | 'device_id'> {
  const seconds = (duration: number | string | null | undefined) =>
    duration === null || duration === undefined ? null : durationSeconds(duration);
  return {
    slug,
    name: input.name ?? slug,
    interval_seconds: seconds(input.interval),
    timeout_seconds: seconds(input.timeout),
    retries: input.retries ?? null,
    alert_after_failures: input.alert_after_failures ?? null,
    recover_after_successes: input.recover_after_successes ?? null,
    enabled: input.enabled ?? true,
  };
}

/** Checks the bounds of durations, because the schema accepts them in several spellings. */
export function mistakesInFields(
  fields: Pick<CheckFields, 'interval_seconds' | 'timeout_seconds'>,
): FieldError[] {
  const errors: FieldError[] = [];
  const { interval_seconds: interval, timeout_seconds: timeout } = fields;
  if (interval !== null && (interval < intervalSecondsMin || interval > intervalSecondsMax))
    errors.push({
      field: 'interval',
      message: `must be from ${intervalSecondsMin} s to ${intervalSecondsMax} s`,
    });
  if (timeout !== null && (timeout < timeoutSecondsMin || timeout > timeoutSecondsMax))
    errors.push({
      field: 'timeout',
      message: `must be from ${timeoutSecondsMin} s to ${timeoutSecondsMax} s`,
    });
  return errors;
}
