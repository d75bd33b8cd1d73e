import type { BulkIncidentResult, Incident } from '@watchkeeper/contracts';
import { type HeldAlerts, holdAlertsOf } from '#modules/alerting';
import { audit, requirePermission, type Scope } from '#modules/identity';
import type { Ctx } from '#platform/context';
import { isUniqueViolation, type Tx } from '#platform/db/database';
import { AppError, notFound } from '#platform/errors';
import { findIncident, type IncidentRow, loadIncidentRows } from '../inbox/incident-store.ts';
import { toIncident } from '../inbox/incident-view.ts';
import { type Member, selectMembersOf } from './member-store.ts';
import type { IncidentVerb, OnAlerts } from './verb.ts';

/** An alert may join, or open anew, between reading and locking. The next attempt sees it. */
const attemptsMax = 3;

/** An alert joined after its device could be locked. */
class Joined extends Error {}

/** One verb on many incidents and their alerts in one transaction, each incident with its own outcome. */
export async function actOnIncidents(
  ctx: Ctx,
  scope: Scope,
  verb: IncidentVerb,
  ids: readonly string[],
): Promise<BulkIncidentResult[]> {
  requirePermission(scope, 'alerts:operate');
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await ctx.db.tenant(scope.organizationId, (tx) => actIn(ctx, tx, scope, verb, ids));
    } catch (error) {
      const mayRepeat = isUniqueViolation(error) || error instanceof Joined;
      if (!mayRepeat || attempt === attemptsMax) throw error instanceof Joined ? busy() : error;
    }
  }
}

/** @param reference id or number. @throws not_found, conflict */
export async function actOnIncident(
  ctx: Ctx,
  scope: Scope,
  verb: IncidentVerb,
  reference: string,
): Promise<Incident> {
  requirePermission(scope, 'alerts:operate');
  const { id } = await requireIncident(ctx, scope, reference);
  const [result] = await actOnIncidents(ctx, scope, verb, [id]);
  if (result === undefined || result.incident === null) throw notFound('incident');
  if (result.outcome === 'conflict') throw new AppError('conflict', result.detail ?? '');
  return result.incident;
}

/** By id or number. @throws not_found */
export async function requireIncident(
  ctx: Pick<Ctx, 'db'>,
  scope: Scope,
  reference: string,
): Promise<IncidentRow> {
  const row = await ctx.db.tenant(scope.organizationId, (tx) =>
    findIncident(tx, scope.organizationId, reference),
  );
  if (row === undefined) throw notFound('incident');
  return row;
}

async function actIn(
  ctx: Ctx,
  tx: Tx,
  scope: Scope,
  verb: IncidentVerb,
  ids: readonly string[],
): Promise<BulkIncidentResult[]> {
  const before = byId(await loadIncidentRows(tx, ids));
  const known = [...before.keys()];
  const alerts = verb.onAlerts === undefined ? undefined : await hold(ctx, tx, scope, verb.onAlerts, known);
  const changed = new Set(await verb.apply(ctx, tx, scope, known));
  const done =
    alerts === undefined || verb.onAlerts === undefined
      ? undefined
      : await carryOver(tx, verb.onAlerts, alerts, [...changed], before);
  const after = byId(await loadIncidentRows(tx, known));
  for (const id of changed) await auditChange(tx, scope, verb, before.get(id), after.get(id), done?.get(id));
  const now = new Date(ctx.clock.now());
  return ids.map((id) => resultOf(id, after.get(id), changed.has(id), verb, now));
}

async function hold(ctx: Ctx, tx: Tx, scope: Scope, { verb }: OnAlerts, incidentIds: readonly string[]) {
  const members = await selectMembersOf(tx, incidentIds);
  return await holdAlertsOf(
    ctx,
    tx,
    scope,
    verb,
    members.map((member) => member.alertId),
  );
}

/** The same on the alerts. The incidents are locked, so no alert joins any more. Returns how many changed, by incident. */
async function carryOver(
  tx: Tx,
  { onlyEndedWithIt }: OnAlerts,
  alerts: HeldAlerts,
  incidentIds: readonly string[],
  before: ReadonlyMap<string, IncidentRow>,
): Promise<ReadonlyMap<string, number>> {
  const members = await selectMembersOf(tx, incidentIds);
  const held = new Set(alerts.ids);
  if (members.some((member) => !held.has(member.alertId))) throw new Joined();
  const endedWithIt = ({ incidentId, resolvedAt }: Member) => {
    const over = before.get(incidentId)?.resolved_at ?? null;
    return over !== null && resolvedAt !== null && resolvedAt >= over;
  };
  const meant = onlyEndedWithIt === true ? members.filter(endedWithIt) : members;
  const changed = new Set(await alerts.carryOut(meant.map((member) => member.alertId)));
  const counts = new Map<string, number>();
  for (const { incidentId, alertId } of members)
    if (changed.has(alertId)) counts.set(incidentId, (counts.get(incidentId) ?? 0) + 1);
  return counts;
}

function byId(rows: readonly IncidentRow[]): Map<string, IncidentRow> {
  return new Map(rows.map((row) => [row.id, row]));
}

async function auditChange(
  tx: Tx,
  scope: Scope,
  verb: IncidentVerb,
  before: IncidentRow | undefined,
  after: IncidentRow | undefined,
  alerts: number | undefined,
): Promise<void> {
  if (before === undefined || after === undefined) return;
  await audit(tx, scope, {
    action: verb.action,
    target: { kind: 'incident', id: after.id, name: `#${after.number} ${after.title}` },
    before: { status: before.status },
    after: { status: after.status, ...(alerts === undefined ? {} : { alerts }), ...verb.noted },
  });
}

function resultOf(
  id: string,
  row: IncidentRow | undefined,
  changed: boolean,
  verb: IncidentVerb,
  now: Date,
): BulkIncidentResult {
  if (row === undefined) return { id, outcome: 'not_found', detail: null, incident: null };
  const incident = toIncident(row, now);
  if (changed) return { id, outcome: 'changed', detail: null, incident };
  const refusal = verb.refusal(row);
  return { id, outcome: refusal === undefined ? 'unchanged' : 'conflict', detail: refusal ?? null, incident };
}

function busy(): AppError {
  return new AppError('conflict', 'Alerts join this incident at this moment. Try again.');
}
