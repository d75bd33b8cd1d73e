import type { Incident, IncidentChange } from '@watchkeeper/contracts';
import { audit, requirePermission, type Scope } from '#modules/identity';
import type { Ctx } from '#platform/context';
import type { Tx } from '#platform/db/database';
import { invalidField, notFound } from '#platform/errors';
import { noteIncident, renameIncident, setPriority } from '../by-hand.ts';
import { findIncident, type IncidentRow, loadIncidentRows } from '../inbox/incident-store.ts';
import { toIncident } from '../inbox/incident-view.ts';
import { holdIncidents } from '../transition.ts';

/** Throws when the caller changes an older version than the present one. */
export type Match = (version: number) => void;

/**
 * Another title, or a priority set by hand with a reason; the priority null: computed again.
 * @throws not_found, validation_failed, precondition_failed
 */
export async function changeIncident(
  ctx: Ctx,
  scope: Scope,
  reference: string,
  { title, priority, reason }: IncidentChange,
  match: Match,
): Promise<Incident> {
  if (priority !== undefined && reason === undefined)
    throw invalidField('reason', 'say why the priority changes');
  return await changeOne(ctx, scope, reference, match, async (tx, { id }) => {
    const by = { actor: scope.caller };
    const changed = [
      ...(title === undefined ? [] : await renameIncident(ctx, tx, id, title.trim(), by)),
      ...(priority === undefined ? [] : await setPriority(ctx, tx, [id], priority, reason ?? '', by)),
    ];
    return changed.length === 0 ? undefined : { action: 'incident.changed', noted: { reason } };
  });
}

/** The post-incident note: one text per incident, empty to remove it. @throws not_found, precondition_failed */
export async function writeNote(
  ctx: Ctx,
  scope: Scope,
  reference: string,
  text: string,
  match: Match,
): Promise<Incident> {
  return await changeOne(ctx, scope, reference, match, async (tx, { id }) => {
    const changed = await noteIncident(ctx, tx, id, text.trim(), { actor: scope.caller });
    return changed.length === 0 ? undefined : { action: 'incident.noted', noted: {} };
  });
}

/** One change under the lock of the incident, so that the version which the caller knows is still the present one. */
async function changeOne(
  ctx: Ctx,
  scope: Scope,
  reference: string,
  match: Match,
  change: (tx: Tx, row: IncidentRow) => Promise<{ action: string; noted: object } | undefined>,
): Promise<Incident> {
  requirePermission(scope, 'alerts:operate');
  return await ctx.db.tenant(scope.organizationId, async (tx) => {
    const found = await findIncident(tx, scope.organizationId, reference);
    if (found === undefined) throw notFound('incident');
    await holdIncidents(tx, [found.id]);
    const [before = found] = await loadIncidentRows(tx, [found.id]);
    match(before.version);
    const done = await change(tx, before);
    const [after = before] = await loadIncidentRows(tx, [found.id]);
    if (done !== undefined)
      await audit(tx, scope, {
        action: done.action,
        target: { kind: 'incident', id: after.id, name: `#${after.number} ${after.title}` },
        before: changeable(before),
        after: { ...changeable(after), ...done.noted },
      });
    return toIncident(after, new Date(ctx.clock.now()));
  });
}

function changeable({ title, priority, note }: IncidentRow) {
  return { title, priority, note };
}
