import { durationSeconds } from '@watchkeeper/contracts/duration';
import type { DeviceType, DeviceTypeInput } from '@watchkeeper/contracts/inventory';
import type { FieldError } from '#platform/errors';
import type { DeviceTypeFields, DeviceTypeRow } from './store.ts';

/** A check more often than this watches nothing better; one more seldom than a week watches nothing. */
const intervalSecondsMin = 0.2;
const intervalSecondsMax = 604_800;
const timeoutSecondsMin = 0.05;
const timeoutSecondsMax = 300;

export function toDeviceType(row: DeviceTypeRow): DeviceType {
  return {
    id: row.id,
    slug: row.slug,
    name: row.name,
    check_interval: row.check_interval_seconds,
    timeout: row.timeout_seconds,
    retries: row.retries,
    alert_after_failures: row.alert_after_failures,
    recover_after_successes: row.recover_after_successes,
    check_method: row.check_method,
    device_count: row.device_count,
    version: row.version,
    created_at: row.created_at.toISOString(),
    updated_at: row.updated_at.toISOString(),
  };
}

export function toDeviceTypeFields(input: DeviceTypeInput): DeviceTypeFields {
  return {
    slug: input.slug,
    name: input.name,
    check_interval_seconds: durationSeconds(input.check_interval),
    timeout_seconds: durationSeconds(input.timeout),
    retries: input.retries,
    alert_after_failures: input.alert_after_failures,
    recover_after_successes: input.recover_after_successes,
    check_method: input.check_method,
  };
}

/** The bounds of durations, which the schema takes in several spellings. */
export function checkDeviceType(type: DeviceTypeFields, prefix = ''): FieldError[] {
  const errors: FieldError[] = [];
  if (type.check_interval_seconds < intervalSecondsMin || type.check_interval_seconds > intervalSecondsMax) {
    errors.push({
      field: `${prefix}check_interval`,
      message: `must be from ${intervalSecondsMin} s to ${intervalSecondsMax} s`,
    });
  }
  if (type.timeout_seconds < timeoutSecondsMin || type.timeout_seconds > timeoutSecondsMax) {
    errors.push({
      field: `${prefix}timeout`,
      message: `must be from ${timeoutSecondsMin} s to ${timeoutSecondsMax} s`,
    });
  }
  return errors;
}
