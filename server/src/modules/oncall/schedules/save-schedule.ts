import { type OnCallSchedule, type OnCallScheduleBody, onCallSchedulesMax } from '@watchkeeper/contracts';
import { toInstant } from '@watchkeeper/contracts/instant';
import { audit, requirePermission, type Scope } from '#modules/identity';
import { normalizeTimeZone } from '#modules/inventory';
import { nowDate } from '#platform/clock';
import type { Ctx } from '#platform/context';
import type { Tx } from '#platform/db/database';
import { AppError, invalidField, notFound } from '#platform/errors';
import { newId } from '#platform/ids';
import { refuseStrangers } from '../people.ts';
import { findTeam } from '../teams/store.ts';
import {
  deleteScheduleRow,
  findSchedule,
  insertSchedule,
  listScheduleRows,
  lockSchedule,
  type ScheduleRow,
  updateSchedule,
  type WrittenSchedule,
} from './store.ts';
import { toSchedule } from './view.ts';

type SaveCtx = Pick<Ctx, 'db' | 'clock' | 'live'>;

/** @throws validation_failed, conflict */
export async function createSchedule(
  ctx: SaveCtx,
  scope: Scope,
  body: OnCallScheduleBody,
): Promise<OnCallSchedule> {
  requirePermission(scope, 'oncall:write');
  const { organizationId } = scope;
  return await ctx.db.tenant(organizationId, async (tx) => {
    if ((await listScheduleRows(tx, organizationId)).length >= onCallSchedulesMax)
      throw new AppError(
        'conflict',
        `An organization has at most ${onCallSchedulesMax} schedules. Delete one first.`,
      );
    const written = { ...(await parse(tx, organizationId, body)), id: newId(), at: nowDate(ctx.clock) };
    if (!(await insertSchedule(tx, organizationId, written))) throw sameName();
    return await told(ctx, tx, scope, written, undefined);
  });
}

/** `checkVersion` is the caller's If-Match. @throws not_found, validation_failed */
export async function changeSchedule(
  ctx: SaveCtx,
  scope: Scope,
  id: string,
  body: OnCallScheduleBody,
  checkVersion: (version: number) => void,
): Promise<OnCallSchedule> {
  requirePermission(scope, 'oncall:write');
  const { organizationId } = scope;
  return await ctx.db.tenant(organizationId, async (tx) => {
    const before = await lockSchedule(tx, organizationId, id);
    if (before === undefined) throw notFound('schedule');
    checkVersion(before.version);
    const parsed = await parse(tx, organizationId, body, before);
    const written = { ...parsed, id, at: nowDate(ctx.clock) };
    if (!(await updateSchedule(tx, organizationId, written))) throw sameName();
    return await told(ctx, tx, scope, written, before);
  });
}

/** Its overrides go with it. @throws not_found */
export async function deleteSchedule(ctx: SaveCtx, scope: Scope, id: string): Promise<void> {
  requirePermission(scope, 'oncall:write');
  const { organizationId } = scope;
  await ctx.db.tenant(organizationId, async (tx) => {
    const before = await lockSchedule(tx, organizationId, id);
    if (before === undefined) throw notFound('schedule');
    await deleteScheduleRow(tx, id);
    const target = { kind: 'oncall_schedule', id, name: before.name };
    await audit(tx, scope, { action: 'oncall_schedule.deleted', target, before: toSchedule(before) });
    await ctx.live.publish(tx, { organizationId, topic: 'oncall', ids: [id] });
  });
}

async function parse(
  tx: Tx,
  organizationId: string,
  body: OnCallScheduleBody,
  before?: ScheduleRow,
): Promise<Omit<WrittenSchedule, 'id' | 'at'>> {
  const timezone = normalizeTimeZone(body.timezone);
  if (timezone === undefined) throw invalidField('timezone', 'is not a time zone, such as America/Halifax');
  const teamId = body.team_id ?? null;
  if (teamId !== null && (await findTeam(tx, organizationId, teamId)) === undefined)
    throw invalidField('team_id', 'is no team of this organization');
  const knownBefore = before?.layers.flatMap(({ members }) => members) ?? [];
  for (const [index, { members, ends_at: end, starts_on: start }] of body.layers.entries()) {
    await refuseStrangers(tx, organizationId, `layers/${index}/members`, members, knownBefore);
    if (end != null && toInstant(end) <= new Date(start))
      throw invalidField(`layers/${index}/ends_at`, 'must be after the start');
  }
  return { name: body.name, timezone, team_id: teamId, layers: body.layers };
}

async function told(
  ctx: SaveCtx,
  tx: Tx,
  scope: Scope,
  { id }: WrittenSchedule,
  before: ScheduleRow | undefined,
): Promise<OnCallSchedule> {
  const { organizationId } = scope;
  const row = await findSchedule(tx, organizationId, id);
  if (row === undefined) throw notFound('schedule');
  const after = toSchedule(row);
  await audit(tx, scope, {
    action: before === undefined ? 'oncall_schedule.created' : 'oncall_schedule.updated',
    target: { kind: 'oncall_schedule', id, name: row.name },
    ...(before === undefined ? {} : { before: toSchedule(before) }),
    after,
  });
  await ctx.live.publish(tx, { organizationId, topic: 'oncall', ids: [id] });
  return after;
}

function sameName() {
  return invalidField('name', 'is the name of another schedule');
}
