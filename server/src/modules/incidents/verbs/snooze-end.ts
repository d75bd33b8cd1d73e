import { type IncidentSnoozeBody, snoozeSecondsMax } from '@watchkeeper/contracts';
import { durationSeconds } from '@watchkeeper/contracts/duration';
import { toInstant } from '@watchkeeper/contracts/instant';
import { invalidField } from '#platform/errors';

/** When a snooze ends: in the future, at most thirty days ahead. Pure. @throws validation_failed */
export function snoozeEnd(body: Pick<IncidentSnoozeBody, 'until' | 'for'>, now: Date): Date {
  const { until, for: duration } = body;
  if ((until === undefined) === (duration === undefined))
    throw invalidField('until', 'give either "until" or "for"');
  const field = until === undefined ? 'for' : 'until';
  const end =
    until === undefined ? new Date(now.getTime() + durationSeconds(duration ?? 0) * 1000) : toInstant(until);
  if (end <= now) throw invalidField(field, 'must be in the future');
  if (end.getTime() - now.getTime() > snoozeSecondsMax * 1000)
    throw invalidField(field, `is more than ${snoozeSecondsMax / 86_400} days ahead`);
  return end;
}
