import {
  type Attention,
  attentionOf,
  type Incident,
  type IncidentLink,
  type IncidentTransition,
  type SimilarIncident,
} from '@watchkeeper/contracts';
import type { Tx } from '#platform/db/database';
import { type IncidentRow, type LinkRow, loadIncidentRows, type TimelineRow } from './incident-store.ts';
import type { SimilarRow } from './similar-store.ts';

/** As for an alert; somebody decided to look at a snoozed incident later. */
export function attentionOfIncident(
  row: Pick<IncidentRow, 'status' | 'muted_by' | 'snoozed_until'>,
  now: Date,
): Attention {
  const attention = attentionOf({ status: row.status, suppressed_by: row.muted_by });
  const isSnoozed = row.snoozed_until !== null && row.snoozed_until > now;
  return attention === 'needs_you' && isSnoozed ? 'in_hand' : attention;
}

export function toIncident(row: IncidentRow, now: Date): Incident {
  const { counts } = row;
  return {
    id: row.id,
    number: row.number,
    tenant_id: row.organization_slug,
    title: row.title,
    status: row.status,
    severity: row.severity,
    priority: {
      level: row.priority,
      by: row.priority_by,
      reason: row.priority_reason,
      inputs: [...row.priority_inputs],
    },
    attention: attentionOfIncident(row, now),
    site:
      row.site_id === null || row.site_slug === null || row.site_name === null
        ? null
        : { id: row.site_id, slug: row.site_slug, name: row.site_name },
    areas: [...(counts.area_names ?? [])],
    affected: {
      devices: counts.devices ?? 0,
      areas: counts.areas ?? 0,
      sites: counts.sites ?? 0,
      open: counts.open ?? 0,
      recovered: counts.recovered ?? 0,
      muted: counts.muted ?? 0,
    },
    verdict: row.verdict,
    impact: { available: false, reason: 'Bookings are not connected.' },
    opened_at: row.opened_at.toISOString(),
    last_joined_at: row.last_joined_at.toISOString(),
    acknowledged_at: row.acknowledged_at?.toISOString() ?? null,
    acknowledged_by: row.acknowledged_by,
    assigned_to: row.assigned_to === null ? null : { id: row.assigned_to, name: row.assigned_name ?? '' },
    snoozed_until: row.snoozed_until?.toISOString() ?? null,
    resolved_at: row.resolved_at?.toISOString() ?? null,
    resolved_by: row.resolved_by,
    resolved_reason: row.resolved_reason,
    action_taken: row.action_taken,
    flapping: row.flapping_since === null ? null : { since: row.flapping_since.toISOString() },
    muted: row.muted_by === null ? null : { by: row.muted_by, reason: row.muted_reason },
    merged_into:
      row.merged_into === null || row.merged_into_number === null
        ? null
        : { id: row.merged_into, number: row.merged_into_number },
    alert_count: counts.alerts ?? 0,
    repeat_count: counts.repeats ?? 0,
    note: row.note,
    version: row.version,
  };
}

export function toTransition(row: TimelineRow): IncidentTransition {
  return {
    id: row.id,
    at: row.at.toISOString(),
    kind: row.kind,
    actor: { kind: row.actor_kind, id: row.actor_id, name: row.actor_name },
    why: row.why,
    note: row.note,
    details: row.details,
  };
}

export function toSimilar({ total: _total, ...row }: SimilarRow): SimilarIncident {
  return {
    ...row,
    opened_at: row.opened_at.toISOString(),
    resolved_at: row.resolved_at?.toISOString() ?? null,
  };
}

export function toLink(row: LinkRow): IncidentLink {
  return { ...row, added_at: row.added_at.toISOString() };
}

/** An incident as modules on higher floors receive it. */
export interface IncidentView extends Incident {
  readonly organization_id: string;
  readonly organization_name: string;
  readonly site_timezone: string | null;
}

/** In the order in which they opened. */
export async function loadIncidentViews(tx: Tx, ids: readonly string[], now: Date): Promise<IncidentView[]> {
  const rows = await loadIncidentRows(tx, ids);
  return rows.map((row) => ({
    ...toIncident(row, now),
    organization_id: row.organization_id,
    organization_name: row.organization_name,
    site_timezone: row.site_timezone,
  }));
}
