import {
  type OnCallOverride,
  type OnCallOverrideBody,
  onCallOverridesMax,
  onCallSpanDaysMax,
} from '@watchkeeper/contracts';
import { toInstant } from '@watchkeeper/contracts/instant';
import { audit, listMemberNames, requirePermission, type Scope } from '#modules/identity';
import { nowDate } from '#platform/clock';
import type { Ctx } from '#platform/context';
import { AppError, invalidField, notFound } from '#platform/errors';
import { newId } from '#platform/ids';
import { refuseStrangers } from '../people.ts';
import { countOverrides, deleteOverrideRow, insertOverride, lockSchedule } from './store.ts';
import { toOverride } from './view.ts';

type SaveCtx = Pick<Ctx, 'db' | 'clock' | 'live'>;
const dayMs = 86_400_000;

/**
 * Puts a person on call for a while, above all layers and earlier overrides. Operators may take a shift themselves; to
 * put somebody else there needs `oncall:write`. @throws forbidden, not_found, validation_failed, conflict
 */
export async function addOverride(
  ctx: SaveCtx,
  scope: Scope,
  scheduleId: string,
  body: OnCallOverrideBody,
): Promise<OnCallOverride> {
  requireOwn(scope, body.user_id);
  const { organizationId } = scope;
  const [from, to] = [toInstant(body.from), toInstant(body.to)];
  if (to <= from) throw invalidField('to', 'must be after `from`');
  if (to.getTime() - from.getTime() > onCallSpanDaysMax * dayMs)
    throw invalidField('to', `must be at most ${onCallSpanDaysMax} days after \`from\``);
  return await ctx.db.tenant(organizationId, async (tx) => {
    const schedule = await lockSchedule(tx, organizationId, scheduleId);
    if (schedule === undefined) throw notFound('schedule');
    await refuseStrangers(tx, organizationId, 'user_id', [body.user_id]);
    const now = nowDate(ctx.clock);
    if ((await countOverrides(tx, scheduleId, now)) >= onCallOverridesMax)
      throw new AppError(
        'conflict',
        `A schedule has at most ${onCallOverridesMax} overrides that have not ended. Delete one first.`,
      );
    const row = {
      ...{ id: newId(), schedule_id: scheduleId, user_id: body.user_id, starts_at: from, ends_at: to },
      ...{
        reason: body.reason ?? '',
        created_by_id: scope.caller.id,
        created_by: scope.caller.name,
        created_at: now,
      },
    };
    await insertOverride(tx, organizationId, row);
    const override = toOverride(row, await listMemberNames(tx, organizationId));
    const target = { kind: 'oncall_schedule', id: scheduleId, name: schedule.name };
    await audit(tx, scope, { action: 'oncall_schedule.overridden', target, after: override });
    await ctx.live.publish(tx, { organizationId, topic: 'oncall', ids: [scheduleId] });
    return override;
  });
}

/** Operators may take back their own. @throws forbidden, not_found */
export async function removeOverride(
  ctx: SaveCtx,
  scope: Scope,
  scheduleId: string,
  id: string,
): Promise<void> {
  requirePermission(scope, 'alerts:operate');
  const { organizationId } = scope;
  await ctx.db.tenant(organizationId, async (tx) => {
    const schedule = await lockSchedule(tx, organizationId, scheduleId);
    if (schedule === undefined) throw notFound('schedule');
    const row = await deleteOverrideRow(tx, scheduleId, id);
    if (row === undefined) throw notFound('override');
    // A refusal takes the deletion back: one transaction.
    requireOwn(scope, row.user_id);
    const before = toOverride(row, await listMemberNames(tx, organizationId));
    const target = { kind: 'oncall_schedule', id: scheduleId, name: schedule.name };
    await audit(tx, scope, { action: 'oncall_schedule.override_removed', target, before });
    await ctx.live.publish(tx, { organizationId, topic: 'oncall', ids: [scheduleId] });
  });
}

function requireOwn(scope: Scope, userId: string): void {
  const isOwn = scope.caller.kind === 'user' && scope.caller.id === userId;
  requirePermission(scope, isOwn ? 'alerts:operate' : 'oncall:write');
}
