import { everything, type MaintenanceWindow } from '@watchkeeper/contracts/maintenance';
import { calendarFault, type Occurrence, type Schedule } from '../calendar/occurrences.ts';

/** One thing that a window covers. */
export type ScopeEntry =
  | { readonly kind: 'all' }
  | {
      readonly kind: 'area' | 'device' | 'device_type' | 'check';
      readonly id: string;
      readonly slug: string;
    };

/** The fields that an operator sets. */
export interface WindowValues extends Schedule {
  readonly slug: string;
  /** null: the whole organization. */
  readonly siteId: string | null;
  readonly siteSlug: string | null;
  readonly scopes: readonly ScopeEntry[];
  readonly reason: string;
  readonly suppressAlerts: boolean;
  readonly autoReply: string | null;
  /** The id that another system uses for it. */
  readonly reference: string | null;
  /** The person that the sender named. `createdBy` is the account that created it. */
  readonly requestedBy: string | null;
}

export interface Window extends WindowValues {
  readonly id: string;
  readonly organizationId: string;
  /** The running or the next occurrence. */
  readonly current: Occurrence | null;
  readonly runId: string | null;
  readonly version: number;
  readonly createdBy: { readonly kind: string; readonly id: string; readonly name: string };
  readonly createdAt: Date;
  readonly updatedAt: Date;
}

export function statusOf(window: Pick<Window, 'current'>, now: Date): MaintenanceWindow['status'] {
  if (window.current === null) return 'over';
  return window.current.start <= now && now < window.current.end ? 'running' : 'scheduled';
}

/** In the format of the API. */
export function systemsOf(scopes: readonly ScopeEntry[]): string[] {
  return scopes.map((scope) => {
    if (scope.kind === 'all') return everything;
    if (scope.kind === 'check') return `check:${scope.slug}`;
    return scope.kind === 'device_type' ? `type:${scope.slug}` : scope.slug;
  });
}

export function toMaintenanceWindow(window: Window, now: Date): MaintenanceWindow {
  return {
    id: window.id,
    ...toFields(window),
    status: statusOf(window, now),
    current:
      window.current === null
        ? null
        : { start_time: window.current.start.toISOString(), end_time: window.current.end.toISOString() },
    calendar_fault: calendarFault(window),
    created_by: window.createdBy,
    created_at: window.createdAt.toISOString(),
    updated_at: window.updatedAt.toISOString(),
  };
}

/** The editable fields by their names in the API: for answers, audit records and manifests. */
export function toFields(values: WindowValues) {
  return {
    slug: values.slug,
    location: values.siteSlug ?? everything,
    systems: systemsOf(values.scopes),
    start_time: values.startAt.toISOString(),
    end_time: values.endAt.toISOString(),
    timezone: values.timezone,
    recurrence: values.recurrence,
    reason: values.reason,
    suppress_alerts: values.suppressAlerts,
    auto_reply: values.autoReply,
    reference: values.reference,
    requested_by: values.requestedBy,
  };
}

export function isSameSchedule(a: Schedule, b: Schedule): boolean {
  return (
    a.startAt.getTime() === b.startAt.getTime() &&
    a.endAt.getTime() === b.endAt.getTime() &&
    a.timezone === b.timezone &&
    a.recurrence === b.recurrence &&
    (a.wall?.start ?? null) === (b.wall?.start ?? null) &&
    (a.wall?.end ?? null) === (b.wall?.end ?? null)
  );
}
