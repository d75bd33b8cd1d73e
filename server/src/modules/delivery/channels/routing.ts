import type { Priority, Severity } from '@watchkeeper/contracts';
import type { ChannelMatcher, ChannelRouting } from '@watchkeeper/contracts/routing';
import { invalidField } from '#platform/errors';
import { priorityOf } from '../senders/levels.ts';
import { hoursWords, isKnownZone, isWithin } from './channel-hours.ts';

/** What a channel's matchers look at. */
export interface RoutedSubject {
  readonly severity: Severity;
  /** Left out: its topic has none, so the severity stands for it. */
  readonly priority?: Priority;
  /** `site`, `area`, `device`, `type` and free labels; a subject of several parts has several values of a name. */
  readonly labels: Readonly<Record<string, readonly string[]>>;
  /** Of its site. */
  readonly timezone: string | undefined;
}

/** Why a channel is not told of an opening at this time; undefined: it is. */
export function leftOut(
  routing: ChannelRouting | null,
  subject: RoutedSubject,
  now: Date,
): string | undefined {
  if (routing === null) return undefined;
  for (const [name, matchers] of Map.groupBy(routing.matchers, (matcher) => matcher.name)) {
    const values = valuesOf(subject, name);
    if (!holds(matchers, values)) return mismatchWords(name, matchers, values);
  }
  const { hours } = routing;
  if (hours === null) return undefined;
  const timezone = hours.timezone ?? subject.timezone ?? 'UTC';
  return isWithin(hours, timezone, now)
    ? undefined
    : `Outside the hours of the channel: ${hoursWords(hours, timezone)}.`;
}

/** @throws validation_failed for a time zone that this machine does not know */
export function vetRouting(routing: ChannelRouting | null): ChannelRouting | null {
  const timezone = routing?.hours?.timezone ?? null;
  if (timezone !== null && !isKnownZone(timezone))
    throw invalidField('routing.hours.timezone', 'is not a time zone that is known here');
  return routing;
}

function valuesOf(subject: RoutedSubject, name: string): readonly string[] {
  if (name === 'severity') return [subject.severity];
  if (name === 'priority') return [priorityOf(subject)];
  const label = name.replace(/^label:/, '');
  return Object.hasOwn(subject.labels, label) ? (subject.labels[label] ?? []) : [];
}

/** One of the values asked for, and something beside those that are not wanted. */
function holds(matchers: readonly ChannelMatcher[], values: readonly string[]): boolean {
  const wanted = matchers.filter(({ op }) => op === 'is').map(({ value }) => value);
  const unwanted = matchers.filter(({ op }) => op === 'is_not').map(({ value }) => value);
  const isWanted = wanted.length === 0 || values.some((value) => wanted.includes(value));
  return isWanted && (values.length === 0 || values.some((value) => !unwanted.includes(value)));
}

function mismatchWords(name: string, matchers: readonly ChannelMatcher[], values: readonly string[]): string {
  const said = matchers.map(({ op, value }) => (op === 'is' ? value : `not ${value}`)).join(', ');
  const own = values.length === 0 ? 'none' : values.join(', ');
  return `The channel is told only of ${name.replace(/^label:/, 'label ')} ${said}; here it is ${own}.`;
}
