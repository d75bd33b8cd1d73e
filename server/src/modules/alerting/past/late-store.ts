import type { Severity } from '@watchkeeper/contracts';
import { sql } from 'kysely';
import { deviceRows, siteRows } from '#modules/inventory';
import { maintenanceWindowRows, pastRuns, reaches } from '#modules/maintenance';
import type { Tx } from '#platform/db/database';
import type { Subject } from '../judgement.ts';
import type { ReplayedRule } from '../replay.ts';

/** The parts of a rule that are needed to judge its past and to notify people. */
export interface LateRule extends ReplayedRule {
  readonly id: string;
  readonly kind: string;
  readonly type: string;
  readonly name: string;
  readonly severity: Severity;
}

/** The rules that count these types of events. */
export async function listLateRules(
  tx: Tx,
  organizationId: string,
  types: readonly string[],
): Promise<LateRule[]> {
  const { rows } = await sql<LateRule>`
    select organization_id as "organizationId", id, kind, type, name, severity, config, site_id as "siteId",
      device_type_id as "deviceTypeId"
    from rules where organization_id = ${organizationId} and enabled and config->>'event_type' = any(${[...types]}::text[])
    order by id`.execute(tx);
  return rows;
}

/** A rule of silence, joined with a device that it covers. */
export interface SilenceRule {
  readonly organizationId: string;
  readonly id: string;
  readonly type: string;
  readonly name: string;
  readonly severity: Severity;
  readonly config: { readonly limit_seconds: number | null };
  readonly deviceKey: number;
  readonly deviceId: string;
  readonly deviceName: string;
  readonly siteId: string;
  readonly timezone: string;
  readonly openAlertId: string | null;
}

/** In the order in which alerts are opened. */
export async function listSilenceRules(tx: Tx, deviceKeys: readonly number[]): Promise<SilenceRule[]> {
  const { rows } = await sql<SilenceRule>`
    select r.organization_id as "organizationId", r.id, r.type, r.name, r.severity, r.config, d.key as "deviceKey",
      d.id as "deviceId", d.name as "deviceName", d.site_id as "siteId", s.timezone,
      (select a.id from alerts a where a.organization_id = r.organization_id and a.rule_id = r.id
        and a.subject = 'device:' || d.id and a.status <> 'resolved') as "openAlertId"
    from ${deviceRows} d join ${siteRows} s on s.id = d.site_id
    join rules r on r.organization_id = d.organization_id and r.kind = 'absence' and r.enabled
      and (r.site_id is null or r.site_id = d.site_id) and (r.device_type_id is null or r.device_type_id = d.type_id)
    where d.key = any(${[...deviceKeys]}::int[]) and d.retired_at is null
    order by r.organization_id, r.id, d.id`.execute(tx);
  return rows;
}

export interface Place {
  readonly siteId: string | null;
  readonly deviceId: string | null;
  readonly timezone: string | undefined;
}

/** The places of these subjects. Subjects that were removed are left out. */
export async function readPlaces(tx: Tx, subjects: readonly Subject[]): Promise<Map<string, Place>> {
  const of = (kind: Subject['kind']) =>
    subjects.filter((subject) => subject.kind === kind).map((subject) => subject.id);
  const { rows } = await sql<{ id: string; site_id: string; device_id: string | null; timezone: string }>`
    select s.id, s.id as site_id, null::uuid as device_id, s.timezone from ${siteRows} s where s.id = any(${of('site')}::uuid[])
    union all
    select d.id, d.site_id, d.id, s.timezone from ${deviceRows} d join ${siteRows} s on s.id = d.site_id
    where d.id = any(${of('device')}::uuid[]) and d.retired_at is null`.execute(tx);
  const places = new Map<string, Place>(
    of('organization').map((id) => [id, { siteId: null, deviceId: null, timezone: undefined }]),
  );
  for (const row of rows)
    places.set(row.id, { siteId: row.site_id, deviceId: row.device_id, timezone: row.timezone });
  return places;
}

/** Whether an alert of this rule on this subject was open during that span, or was opened later to report that span. */
export async function wasTold(
  tx: Tx,
  rule: Pick<LateRule, 'organizationId' | 'id'>,
  subject: string,
  span: { readonly from: Date; readonly to: Date },
): Promise<boolean> {
  const { rows } = await sql`
    select from alerts a
    where a.organization_id = ${rule.organizationId} and a.rule_id = ${rule.id} and a.subject = ${subject}
      and case when a.details ? 'happened_at'
        then (a.details->>'happened_at')::timestamptz <= ${span.to} and (a.details->>'happened_until')::timestamptz >= ${span.from}
        else a.opened_at <= ${span.to} and coalesce(a.resolved_at, 'infinity') >= ${span.from} end
    limit 1`.execute(tx);
  return rows.length > 0;
}

/** Whether that alert's timeline already notes this silence. */
export async function wasNoted(tx: Tx, alertId: string, happenedAt: string): Promise<boolean> {
  const { rows } = await sql`
    select from alert_transitions
    where alert_id = ${alertId} and kind = 'recurred' and details->>'happened_at' = ${happenedAt} limit 1`.execute(
    tx,
  );
  return rows.length > 0;
}

/** Maintenance mutes problems during it, even if we learn of them later. */
export async function wasUnderMaintenance(
  tx: Tx,
  organizationId: string,
  { siteId, deviceId }: Place,
  subject: string,
  at: Date,
): Promise<boolean> {
  const after = new Date(at.getTime() + 1);
  const { rows } = await sql`
    select from (${pastRuns(at, after)}) w join ${maintenanceWindowRows} m on m.id = w.id and m.suppress_alerts
    left join ${deviceRows} d on d.id = ${deviceId}
    where w.organization_id = ${organizationId} and ${reaches(sql`${siteId}::uuid`, sql`${subject}::text`)} limit 1`.execute(
    tx,
  );
  return rows.length > 0;
}
