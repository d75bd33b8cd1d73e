import { type Alert, type AlertTransition, attentionOf } from '@watchkeeper/contracts';
import type { Tx } from '#platform/db/database';
import { type AlertRow, loadAlertRows, type TransitionRow } from './store.ts';

export function toAlert(row: AlertRow): Alert {
  return {
    id: row.id,
    type: row.type,
    kind: row.kind,
    severity: row.severity,
    status: row.status,
    attention: attentionOf(row),
    title: row.title,
    why: row.why,
    details: row.details,
    tenant_id: row.organization_slug,
    store_id: row.site_slug,
    device_id: row.device_slug,
    site: toReference(row.site_id, row.site_slug, row.site_name),
    device: toReference(row.device_id, row.device_slug, row.device_name),
    rule: { id: row.rule_id, name: row.rule_name },
    suppressed_by: row.suppressed_by,
    suppressed_reason: row.suppressed_reason,
    opened_at: row.opened_at.toISOString(),
    acknowledged_at: row.acknowledged_at?.toISOString() ?? null,
    acknowledged_by: row.acknowledged_by,
    escalated_at: row.escalated_at?.toISOString() ?? null,
    resolved_at: row.resolved_at?.toISOString() ?? null,
    resolved_by: row.resolved_by,
    resolved_reason: row.resolved_reason,
    resolution: row.resolved_reason,
    action_taken: row.action_taken,
    version: row.version,
  };
}

/** null also when the row was removed in the meantime. */
function toReference(id: string | null, slug: string | null, name: string | null): Alert['site'] {
  return id === null || slug === null || name === null ? null : { id, slug, name };
}

export function toTransition(row: TransitionRow): AlertTransition {
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

/** An alert as modules on higher floors receive it. */
export interface AlertView extends Alert {
  readonly organization_id: string;
  readonly organization_name: string;
  readonly site_timezone: string | null;
}

export async function loadAlertViews(tx: Tx, alertIds: readonly string[]): Promise<AlertView[]> {
  const rows = await loadAlertRows(tx, alertIds);
  return rows.map((row) => ({
    ...toAlert(row),
    organization_id: row.organization_id,
    organization_name: row.organization_name,
    site_timezone: row.site_timezone,
  }));
}
