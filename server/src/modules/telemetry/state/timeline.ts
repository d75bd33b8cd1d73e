import type { DeviceStatus } from '@watchkeeper/contracts';
import type { TimelineSpan } from '@watchkeeper/contracts/telemetry';

export interface StatusChange {
  readonly at: Date;
  readonly was: DeviceStatus;
  readonly status: DeviceStatus;
}

export interface TimelineFacts {
  readonly from: number;
  readonly to: number;
  /** Of the window, oldest first. */
  readonly changes: readonly StatusChange[];
  /** The last change before the window, if it is still kept. */
  readonly before: StatusChange | undefined;
  /** The device's state now, and since when; undefined for a device without state. */
  readonly current: { readonly status: DeviceStatus; readonly since: number } | undefined;
  /** Nothing is said of the time before the device was there. */
  readonly createdAt: number;
}

interface Step {
  readonly at: number;
  readonly status: DeviceStatus | null;
}

/** The window as spans of one status each. Times without a record are null, never a guess. */
export function timelineOf(facts: TimelineFacts): TimelineSpan[] {
  const { from, to } = facts;
  const begin = Math.max(from, Math.min(facts.createdAt, to));
  const steps: Step[] = [{ at: from, status: begin > from ? null : statusAtStart(facts) }];
  if (begin > from) steps.push({ at: begin, status: statusAtStart(facts) });
  for (const change of facts.changes) {
    const at = Math.min(Math.max(change.at.getTime(), begin), to);
    steps.push({ at, status: change.status });
  }
  const { current } = facts;
  // Changes from before they were written down: the state itself says since when it holds.
  if (facts.changes.length === 0 && current !== undefined && current.since > begin && current.since < to)
    steps.push({ at: current.since, status: current.status });
  return toSpans(steps, to);
}

function statusAtStart({ from, changes, before, current, createdAt }: TimelineFacts): DeviceStatus | null {
  const [first] = changes;
  if (first !== undefined) return first.was;
  if (before !== undefined) return before.status;
  if (current === undefined) return null;
  return current.since <= Math.max(from, createdAt) ? current.status : null;
}

function toSpans(steps: readonly Step[], to: number): TimelineSpan[] {
  const spans: { from: number; to: number; status: DeviceStatus | null }[] = [];
  for (const [index, { at, status }] of steps.entries()) {
    const end = steps[index + 1]?.at ?? to;
    const last = spans.at(-1);
    if (last !== undefined && last.status === status) last.to = Math.max(last.to, end);
    else if (end > at) spans.push({ from: at, to: end, status });
  }
  return spans.map((span) => ({
    from: new Date(span.from).toISOString(),
    to: new Date(span.to).toISOString(),
    status: span.status,
  }));
}
