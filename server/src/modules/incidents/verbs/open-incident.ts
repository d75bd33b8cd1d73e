import type { AlertBody, Incident } from '@watchkeeper/contracts';
import { postAlert } from '#modules/alerting';
import { audit, requirePermission, type Scope } from '#modules/identity';
import type { Ctx } from '#platform/context';
import { groupAlerts } from '../grouping/group-alerts.ts';
import { lockGrouping } from '../grouping/place-store.ts';
import { findIncidentOfAlert } from '../inbox/incident-store.ts';
import { toIncident } from '../inbox/incident-view.ts';

export interface OpenedByHand {
  readonly incident: Incident;
  /** false: the same problem was reported already. */
  readonly created: boolean;
}

/**
 * A person reports a problem. It becomes an alert as any posted one, and that alert joins an incident as any other: its
 * own, or one of the same place that is open already. Here it is grouped at once, so that the answer can name it.
 * @throws validation_failed, conflict
 */
export async function openIncident(ctx: Ctx, scope: Scope, body: AlertBody): Promise<OpenedByHand> {
  requirePermission(scope, 'alerts:operate');
  const { alert, created } = await postAlert(ctx, scope, body);
  const incident = await ctx.db.tenant(scope.organizationId, async (tx) => {
    await lockGrouping(tx, scope.organizationId);
    const opening = { alertId: alert.id, kind: 'opened', actor: scope.caller } as const;
    await groupAlerts(ctx, tx, scope.organizationId, [alert.id], created ? [opening] : []);
    const row = await findIncidentOfAlert(tx, alert.id);
    if (row === undefined) throw new Error('An alert that was just grouped has no incident.');
    if (created)
      await audit(tx, scope, {
        action: 'incident.reported',
        target: { kind: 'incident', id: row.id, name: `#${row.number} ${row.title}` },
        after: { alert: alert.id },
      });
    return toIncident(row, new Date(ctx.clock.now()));
  });
  return { incident, created };
}
