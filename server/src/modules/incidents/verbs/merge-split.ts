import type { Incident, IncidentMergeBody, IncidentSplitBody } from '@watchkeeper/contracts';
import { audit, requirePermission, type Scope } from '#modules/identity';
import type { Ctx } from '#platform/context';
import type { Tx } from '#platform/db/database';
import { invalidField, notFound } from '#platform/errors';
import { findIncident, type IncidentRow, loadIncidentRows } from '../inbox/incident-store.ts';
import { toIncident } from '../inbox/incident-view.ts';
import { mergeIncidents, splitIncident } from '../merge.ts';

/** Makes other incidents part of this one. @throws not_found, validation_failed, conflict */
export async function merge(
  ctx: Ctx,
  scope: Scope,
  reference: string,
  { incidents, note }: IncidentMergeBody,
): Promise<Incident> {
  requirePermission(scope, 'alerts:operate');
  return await ctx.db.tenant(scope.organizationId, async (tx) => {
    const target = await find(tx, scope, reference);
    if (incidents.includes(target.id))
      throw invalidField('incidents', 'an incident cannot be part of itself');
    await mergeIncidents(ctx, tx, target.id, incidents, { actor: scope.caller, note });
    const merged = await loadIncidentRows(tx, incidents);
    const after = await reload(tx, target);
    for (const source of merged)
      await audit(tx, scope, {
        action: 'incident.merged',
        target: targetOf(source),
        after: { into: after.number, note: note ?? null },
      });
    return toIncident(after, new Date(ctx.clock.now()));
  });
}

/** Makes a new incident of some alerts of this one, and answers the new one. @throws not_found, conflict */
export async function split(
  ctx: Ctx,
  scope: Scope,
  reference: string,
  { alerts, note }: IncidentSplitBody,
): Promise<Incident> {
  requirePermission(scope, 'alerts:operate');
  return await ctx.db.tenant(scope.organizationId, async (tx) => {
    const source = await find(tx, scope, reference);
    const id = await splitIncident(ctx, tx, source.id, alerts, { actor: scope.caller, note });
    const [part] = await loadIncidentRows(tx, [id]);
    if (part === undefined) throw notFound('incident');
    await audit(tx, scope, {
      action: 'incident.split',
      target: targetOf(source),
      after: { into: part.number, alerts, note: note ?? null },
    });
    return toIncident(part, new Date(ctx.clock.now()));
  });
}

async function find(tx: Tx, scope: Scope, reference: string): Promise<IncidentRow> {
  const row = await findIncident(tx, scope.organizationId, reference);
  if (row === undefined) throw notFound('incident');
  return row;
}

async function reload(tx: Tx, row: IncidentRow): Promise<IncidentRow> {
  const [again = row] = await loadIncidentRows(tx, [row.id]);
  return again;
}

function targetOf({ id, number, title }: IncidentRow) {
  return { kind: 'incident', id, name: `#${number} ${title}` };
}
