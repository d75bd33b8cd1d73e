import type { AlertStatus, AlertTransitionKind, Severity, SuppressionReason } from '@watchkeeper/contracts';
import { sql } from 'kysely';
import { alertRows, alertTransitionRows, ruleRows, waitingOpenings } from '#modules/alerting';
import type { Caller } from '#modules/identity';
import { deviceDependencyRows, deviceRows } from '#modules/inventory';
import type { Tx } from '#platform/db/database';

/** Reads what grouping must know of alerts. */

export interface AlertFacts {
  readonly id: string;
  readonly type: string;
  readonly severity: Severity;
  readonly status: AlertStatus;
  readonly title: string;
  readonly why: string;
  readonly fingerprint: string;
  readonly siteId: string | null;
  readonly areaId: string | null;
  readonly deviceId: string | null;
  readonly openedAt: Date;
  readonly resolvedAt: Date | null;
  readonly suppressedBy: SuppressionReason | null;
  readonly suppressedReason: string | null;
  readonly labels: Readonly<Record<string, unknown>>;
  /** Of its rule. */
  readonly groupBy: string | null;
  readonly windowSeconds: number | null;
  /** The incident that it belongs to already. */
  readonly incidentId: string | null;
}

/** In the order in which they opened. */
export async function readAlerts(
  tx: Tx,
  organizationId: string,
  alertIds: readonly string[],
): Promise<AlertFacts[]> {
  const { rows } = await sql<AlertFacts>`
    select a.id, a.type, a.severity, a.status, a.title, a.why, md5(a.type || chr(10) || a.subject) as fingerprint,
      a.site_id as "siteId", d.area_id as "areaId", a.device_id as "deviceId", a.opened_at as "openedAt",
      a.resolved_at as "resolvedAt", a.suppressed_by as "suppressedBy", a.suppressed_reason as "suppressedReason",
      case jsonb_typeof(a.details -> 'labels') when 'object' then a.details -> 'labels' else '{}' end as labels,
      r.grouping ->> 'by' as "groupBy", (r.grouping ->> 'window_seconds')::float8 as "windowSeconds",
      ia.incident_id as "incidentId"
    from ${alertRows} a left join ${ruleRows} r on r.id = a.rule_id left join ${deviceRows} d on d.id = a.device_id
    left join incident_alerts ia on ia.alert_id = a.id
    where a.organization_id = ${organizationId} and a.id = any(${[...alertIds]}::uuid[])
    order by a.opened_at, a.id`.execute(tx);
  return rows;
}

/** Longer chains of dependencies are cut. */
const chainMax = 16;

const above = (deviceIds: readonly string[]) => sql`
  up as (
    select dd.device_id as child, dd.depends_on_device_id as parent, 1 as step from ${deviceDependencyRows} dd
    where dd.device_id = any(${[...deviceIds]}::uuid[])
    union
    select up.child, dd.depends_on_device_id, up.step + 1 from up
    join ${deviceDependencyRows} dd on dd.device_id = up.parent where up.step < ${chainMax}
  )`;

/** For each of these devices that depends on others: the one at the end of the longest chain. */
export async function readRoots(tx: Tx, deviceIds: readonly string[]): Promise<ReadonlyMap<string, string>> {
  if (deviceIds.length === 0) return new Map();
  const { rows } = await sql<{ child: string; root: string }>`
    with recursive ${above(deviceIds)}
    select distinct on (child) child, parent as root from up order by child, step desc, parent`.execute(tx);
  return new Map(rows.map((row) => [row.child, row.root]));
}

export interface Parent {
  /** An alert of the device on which this one's device depends. */
  readonly alertId: string;
  readonly incidentId: string | null;
}

/** For each of these devices: the open alert of the nearest device above it that is not muted by a dependency itself. */
export async function readParents(
  tx: Tx,
  organizationId: string,
  deviceIds: readonly string[],
): Promise<ReadonlyMap<string, Parent>> {
  if (deviceIds.length === 0) return new Map();
  const { rows } = await sql<Parent & { child: string }>`
    with recursive ${above(deviceIds)}
    select distinct on (up.child) up.child, a.id as "alertId", ia.incident_id as "incidentId"
    from up join ${alertRows} a on a.device_id = up.parent and a.status <> 'resolved'
    left join incident_alerts ia on ia.alert_id = a.id
    where a.organization_id = ${organizationId} and a.suppressed_by is distinct from 'dependency' and up.parent <> up.child
    order by up.child, a.kind <> 'absence', up.step, a.opened_at, a.id`.execute(tx);
  return new Map(rows.map(({ child, ...parent }) => [child, parent]));
}

export interface AlertRowFacts {
  readonly id: string;
  readonly kind: AlertTransitionKind;
  readonly actor: Caller;
}

/** Who did what, by the ids of the rows of alerts' timelines. */
export async function readRows(
  tx: Tx,
  organizationId: string,
  ids: readonly string[],
): Promise<ReadonlyMap<string, AlertRowFacts>> {
  const { rows } = await sql<AlertRowFacts>`
    select id, kind, jsonb_build_object('kind', actor_kind, 'id', actor_id, 'name', actor_name) as actor
    from ${alertTransitionRows} t where t.organization_id = ${organizationId} and t.id = any(${[...ids]}::uuid[])`.execute(
    tx,
  );
  return new Map(rows.map((row) => [row.id, row]));
}

/** Open alerts without an incident whose opening nobody works on: those of the release before. Across tenants. */
export async function listStrays(
  tx: Tx,
  limit: number,
): Promise<{ readonly organizationId: string; readonly alertId: string }[]> {
  const { rows } = await sql<{ organizationId: string; alertId: string }>`
    select a.organization_id as "organizationId", a.id as "alertId" from ${alertRows} a
    where a.status <> 'resolved' and not exists (select from incident_alerts ia where ia.alert_id = a.id)
      and not exists (select from ${waitingOpenings} w where w.alert_id = a.id)
    order by a.organization_id, a.opened_at, a.id limit ${limit}`.execute(tx);
  return rows;
}
