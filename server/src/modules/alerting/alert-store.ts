import type { AlertStatus, AlertTransitionKind, Severity, SuppressionReason } from '@watchkeeper/contracts';
import { sql } from 'kysely';
import type { Tx } from '#platform/db/database';
import { toJson } from '#platform/storable';
import { stillJudged } from './detection/still-judged.ts';
import { startsCooldown } from './observing/watching.ts';

/** Writes on alerts and their timeline. Only transition.ts calls them. */

export interface NewAlert {
  id: string;
  organizationId: string;
  ruleId: string;
  ruleName: string;
  kind: string;
  type: string;
  severity: Severity;
  subject: string;
  siteId: string | null;
  deviceId: string | null;
  title: string;
  why: string;
  details: object;
  cooldownSeconds: number;
}

/**
 * The partial unique index is the lock: when two transactions open the same alert, one inserts it, and the other waits
 * and inserts nothing. Rows are inserted in one order, so that two batches cannot wait for each other.
 */
export async function insertAlerts(tx: Tx, alerts: readonly NewAlert[], now: Date): Promise<Set<string>> {
  const json = toJson(
    alerts.map((alert) => ({
      id: alert.id,
      organization_id: alert.organizationId,
      rule_id: alert.ruleId,
      rule_name: alert.ruleName,
      kind: alert.kind,
      type: alert.type,
      severity: alert.severity,
      subject: alert.subject,
      site_id: alert.siteId,
      device_id: alert.deviceId,
      title: alert.title,
      why: alert.why,
      details: alert.details,
      cooldown_seconds: alert.cooldownSeconds,
    })),
  );
  const { rows } = await sql<{ id: string }>`
    insert into alerts (organization_id, id, rule_id, rule_name, kind, type, severity, status, subject, site_id, device_id,
      title, why, details, opened_at)
    select organization_id, id, rule_id, rule_name, kind, type, severity, 'open', subject, site_id, device_id, title, why, details, ${now}
    from jsonb_to_recordset(${json}::jsonb) as t(organization_id uuid, id uuid, rule_id uuid, rule_name text, kind text,
      type text, severity text, subject text, site_id uuid, device_id uuid, title text, why text, details jsonb, cooldown_seconds float8)
    where coalesce((select max(x.resolved_at) from alerts x where x.organization_id = t.organization_id and x.rule_id = t.rule_id
      and x.subject = t.subject and x.status = 'resolved' and ${startsCooldown}) + make_interval(secs => cooldown_seconds) <= ${now}, true)
    order by organization_id, rule_id, subject
    on conflict (organization_id, rule_id, subject) where status <> 'resolved' do nothing
    returning id`.execute(tx);
  return new Set(rows.map((row) => row.id));
}

export interface LockedAlert {
  id: string;
  organization_id: string;
  status: AlertStatus;
  device_id: string | null;
  suppressed_by: SuppressionReason | null;
  suppressed_reason: string | null;
}

/** Locks these alerts until the transaction ends. The caller decides by the rows that this returns. */
export async function lockAlerts(tx: Tx, alertIds: readonly string[]): Promise<LockedAlert[]> {
  const { rows } = await sql<LockedAlert>`
    select id, organization_id, status, device_id, suppressed_by, suppressed_reason
    from alerts where id = any(${alertIds}::uuid[]) order by id for update`.execute(tx);
  return rows;
}

export async function setAcknowledged(
  tx: Tx,
  alertIds: readonly string[],
  by: string,
  now: Date,
): Promise<void> {
  await sql`update alerts set status = 'acknowledged', acknowledged_at = ${now}, acknowledged_by = ${by}, version = version + 1
    where id = any(${alertIds}::uuid[])`.execute(tx);
}

export async function setUnacknowledged(tx: Tx, alertIds: readonly string[]): Promise<void> {
  await sql`update alerts set status = 'open', acknowledged_at = null, acknowledged_by = null, version = version + 1
    where id = any(${alertIds}::uuid[])`.execute(tx);
}

/**
 * Takes locked, resolved alerts, and returns those that may be reopened: a person resolved them after `since`, their
 * rule still watches their subject, and there is no younger alert on the same subject.
 */
export async function findReopenable(tx: Tx, alertIds: readonly string[], since: Date): Promise<Set<string>> {
  const { rows } = await sql<{ id: string }>`
    select a.id from alerts a
    join rules r on r.id = a.rule_id and ${stillJudged}
    where a.id = any(${[...alertIds]}::uuid[]) and a.resolved_at > ${since}
      and (select t.actor_kind from alert_transitions t where t.alert_id = a.id and t.kind = 'resolved'
        order by t.at desc, t.id desc limit 1) <> 'system'
      and not exists (select from alerts x where x.organization_id = a.organization_id and x.rule_id = a.rule_id
        and x.subject = a.subject and x.id <> a.id and (x.status <> 'resolved' or x.opened_at > a.opened_at))`.execute(
    tx,
  );
  return new Set(rows.map((row) => row.id));
}

/** An alert that had been acknowledged becomes acknowledged, any other becomes open. */
export async function setReopened(tx: Tx, alertIds: readonly string[]): Promise<void> {
  await sql`update alerts set status = case when acknowledged_at is null then 'open' else 'acknowledged' end,
      resolved_at = null, resolved_by = null, resolved_reason = null, action_taken = null,
      version = version + 1
    where id = any(${alertIds}::uuid[])`.execute(tx);
}

export async function setResolved(
  tx: Tx,
  resolutions: readonly { id: string; reason: string; action: string | null }[],
  by: string,
  now: Date,
): Promise<void> {
  await sql`update alerts a set status = 'resolved', resolved_at = ${now}, resolved_by = ${by}, resolved_reason = t.reason,
      action_taken = t.action, version = a.version + 1
    from jsonb_to_recordset(${toJson(resolutions)}::jsonb) as t(id uuid, reason text, action text) where a.id = t.id`.execute(
    tx,
  );
}

export async function setSuppressed(
  tx: Tx,
  changes: readonly { id: string; by: SuppressionReason | null; reason: string | null }[],
): Promise<void> {
  await sql`update alerts a set suppressed_by = t.by, suppressed_reason = t.reason, version = a.version + 1
    from jsonb_to_recordset(${toJson(changes)}::jsonb) as t(id uuid, by text, reason text) where a.id = t.id`.execute(
    tx,
  );
}

/** How often each of these alerts has escalated. Alerts that never did are left out. */
export async function countEscalations(
  tx: Tx,
  alertIds: readonly string[],
): Promise<ReadonlyMap<string, number>> {
  const { rows } = await sql<{ alert_id: string; times: number }>`
    select alert_id, count(*)::int as times from alert_transitions
    where alert_id = any(${[...alertIds]}::uuid[]) and kind = 'escalated' group by alert_id`.execute(tx);
  return new Map(rows.map((row) => [row.alert_id, row.times]));
}

export async function setEscalated(tx: Tx, alertIds: readonly string[], now: Date): Promise<void> {
  await sql`update alerts set escalated_at = ${now}, version = version + 1 where id = any(${alertIds}::uuid[])`.execute(
    tx,
  );
}

export interface NewTransition {
  id: string;
  organizationId: string;
  alertId: string;
  kind: AlertTransitionKind;
  actor: { kind: string; id: string; name: string };
  why: string;
  note: string | null;
  details: object;
}

export async function insertTransitions(
  tx: Tx,
  transitions: readonly NewTransition[],
  now: Date,
): Promise<void> {
  const json = toJson(
    transitions.map((transition) => ({
      organization_id: transition.organizationId,
      id: transition.id,
      alert_id: transition.alertId,
      kind: transition.kind,
      actor_kind: transition.actor.kind,
      actor_id: transition.actor.id,
      actor_name: transition.actor.name,
      why: transition.why,
      note: transition.note,
      details: transition.details,
    })),
  );
  await sql`
    insert into alert_transitions (organization_id, id, alert_id, at, kind, actor_kind, actor_id, actor_name, why, note, details)
    select organization_id, id, alert_id, ${now}, kind, actor_kind, actor_id, actor_name, why, note, details
    from jsonb_to_recordset(${json}::jsonb) as t(organization_id uuid, id uuid, alert_id uuid, kind text, actor_kind text,
      actor_id text, actor_name text, why text, note text, details jsonb)`.execute(tx);
}
