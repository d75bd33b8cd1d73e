import {
  type OnCallSwap,
  type OnCallSwapBody,
  onCallOverridesMax,
  onCallSwapsMax,
} from '@watchkeeper/contracts';
import { toInstant } from '@watchkeeper/contracts/instant';
import { audit, listMemberNames, requirePermission, type Scope } from '#modules/identity';
import { nowDate } from '#platform/clock';
import type { Ctx } from '#platform/context';
import type { Tx } from '#platform/db/database';
import { AppError, invalidField, notFound } from '#platform/errors';
import { newId } from '#platform/ids';
import { personOf, refuseStrangers } from '../people.ts';
import {
  countOverrides,
  findSchedule,
  insertOverride,
  lockSchedule,
  type ScheduleRow,
} from '../schedules/store.ts';
import { shiftsBetween } from '../schedules/view.ts';
import { answerSwap, countOpenSwaps, insertSwap, listSwapRows, lockSwap, type SwapRow } from './store.ts';

type SaveCtx = Pick<Ctx, 'db' | 'clock' | 'live'>;
type Span = { readonly start: Date; readonly end: Date };
export type SwapAnswer = 'accepted' | 'declined' | 'withdrawn';
const shownMax = 100;

/** The newest hundred. @throws not_found */
export async function listSwaps(
  ctx: Pick<Ctx, 'db'>,
  scope: Scope,
  scheduleId: string,
): Promise<{ data: OnCallSwap[] }> {
  requirePermission(scope, 'read');
  const { organizationId } = scope;
  return await ctx.db.tenant(organizationId, async (tx) => {
    if ((await findSchedule(tx, organizationId, scheduleId)) === undefined) throw notFound('schedule');
    const names = await listMemberNames(tx, organizationId);
    return { data: (await listSwapRows(tx, scheduleId, shownMax)).map((row) => toSwap(row, names)) };
  });
}

/** The caller asks another member to take their time. @throws forbidden, not_found, validation_failed, conflict */
export async function askForSwap(
  ctx: SaveCtx,
  scope: Scope,
  scheduleId: string,
  body: OnCallSwapBody,
): Promise<OnCallSwap> {
  requirePermission(scope, 'alerts:operate');
  const askedBy = personAsking(scope);
  const given = spanOf('to', body);
  const back = body.in_return === undefined ? null : spanOf('in_return/to', body.in_return);
  const { organizationId } = scope;
  return await ctx.db.tenant(organizationId, async (tx) => {
    const schedule = await lockSchedule(tx, organizationId, scheduleId);
    if (schedule === undefined) throw notFound('schedule');
    if (body.user_id === askedBy) throw invalidField('user_id', 'must be somebody else than you');
    await refuseStrangers(tx, organizationId, 'user_id', [body.user_id]);
    const now = nowDate(ctx.clock);
    if (given.end <= now) throw invalidField('to', 'must be in the future');
    if (!(await holds(tx, organizationId, schedule, askedBy, given)))
      throw invalidField('from', 'you are not on call all through this time');
    if (back !== null && !(await holds(tx, organizationId, schedule, body.user_id, back)))
      throw invalidField('in_return', 'that person is not on call all through this time');
    if ((await countOpenSwaps(tx, scheduleId, now)) >= onCallSwapsMax)
      throw new AppError(
        'conflict',
        `A schedule has at most ${onCallSwapsMax} open swaps. Withdraw one first.`,
      );
    const row: SwapRow = {
      ...{ id: newId(), schedule_id: scheduleId, asked_by_id: askedBy, asked_id: body.user_id },
      ...{ starts_at: given.start, ends_at: given.end },
      ...{ return_starts_at: back?.start ?? null, return_ends_at: back?.end ?? null },
      ...{ status: 'open', created_at: now, answered_at: null },
    };
    await insertSwap(tx, organizationId, row);
    return await told(ctx, tx, scope, schedule, row, 'asked');
  });
}

/**
 * The person who was asked accepts or declines; the one who asked withdraws. Accepted, the time becomes overrides in
 * the same transaction. @throws forbidden, not_found, conflict
 */
export async function endSwap(
  ctx: SaveCtx,
  scope: Scope,
  { scheduleId, id }: { scheduleId: string; id: string },
  answer: SwapAnswer,
): Promise<OnCallSwap> {
  requirePermission(scope, 'read');
  const { organizationId } = scope;
  return await ctx.db.tenant(organizationId, async (tx) => {
    const schedule = await lockSchedule(tx, organizationId, scheduleId);
    const row = await lockSwap(tx, scheduleId, id);
    if (schedule === undefined || row === undefined) throw notFound('swap');
    if (personAsking(scope) !== (answer === 'withdrawn' ? row.asked_by_id : row.asked_id))
      throw new AppError('forbidden', 'Only the person who was asked answers, and only who asked withdraws.');
    if (row.status !== 'open') throw new AppError('conflict', `This swap is ${row.status} already.`);
    const now = nowDate(ctx.clock);
    if (answer === 'accepted') await carryOut(tx, scope, schedule, row, now);
    await answerSwap(tx, id, answer, now);
    return await told(ctx, tx, scope, schedule, { ...row, status: answer, answered_at: now }, answer);
  });
}

async function carryOut(tx: Tx, scope: Scope, schedule: ScheduleRow, row: SwapRow, now: Date): Promise<void> {
  const { organizationId } = scope;
  const parts = [{ from: row.asked_by_id, to: row.asked_id, start: row.starts_at, end: row.ends_at }];
  if (row.return_starts_at !== null && row.return_ends_at !== null)
    parts.push({
      from: row.asked_id,
      to: row.asked_by_id,
      start: row.return_starts_at,
      end: row.return_ends_at,
    });
  if (row.ends_at <= now) throw new AppError('conflict', 'The time of this swap is over.');
  for (const part of parts)
    if (!(await holds(tx, organizationId, schedule, part.from, part)))
      throw new AppError('conflict', 'The shifts have changed since the swap was asked for. Ask again.');
  if ((await countOverrides(tx, schedule.id, now)) + parts.length > onCallOverridesMax)
    throw new AppError(
      'conflict',
      `A schedule has at most ${onCallOverridesMax} overrides that have not ended.`,
    );
  for (const { to, start, end } of parts)
    await insertOverride(tx, organizationId, {
      ...{ id: newId(), schedule_id: schedule.id, user_id: to, starts_at: start, ends_at: end },
      ...{ reason: 'Swap', created_by_id: scope.caller.id, created_by: scope.caller.name, created_at: now },
    });
}

/** Whether that person, and nobody else, is on call during the whole span. */
async function holds(tx: Tx, organizationId: string, schedule: ScheduleRow, userId: string, span: Span) {
  const { shifts } = await shiftsBetween(tx, schedule, await listMemberNames(tx, organizationId), span);
  return shifts.every((shift) => shift.userId === userId);
}

function personAsking({ caller }: Scope): string {
  if (caller.kind === 'user') return caller.id;
  throw new AppError('forbidden', 'Only people swap shifts. Sign in as the person.');
}

const spanMsMax = 31 * 86_400_000;

function spanOf(field: string, { from, to }: { from: string; to: string }): Span {
  const [start, end] = [toInstant(from), toInstant(to)];
  if (end <= start) throw invalidField(field, 'must be after `from`');
  if (end.getTime() - start.getTime() > spanMsMax)
    throw invalidField(field, 'must be at most 31 days after `from`');
  return { start, end };
}

async function told(
  ctx: SaveCtx,
  tx: Tx,
  scope: Scope,
  schedule: ScheduleRow,
  row: SwapRow,
  what: string,
): Promise<OnCallSwap> {
  const { organizationId } = scope;
  const swap = toSwap(row, await listMemberNames(tx, organizationId));
  const target = { kind: 'oncall_schedule', id: schedule.id, name: schedule.name };
  await audit(tx, scope, { action: `oncall_swap.${what}`, target, after: swap });
  await ctx.live.publish(tx, { organizationId, topic: 'oncall', ids: [schedule.id] });
  return swap;
}

function toSwap(row: SwapRow, names: ReadonlyMap<string, string>): OnCallSwap {
  const { return_starts_at: backFrom, return_ends_at: backTo } = row;
  return {
    id: row.id,
    asked_by: personOf(row.asked_by_id, names),
    asked: personOf(row.asked_id, names),
    from: row.starts_at.toISOString(),
    to: row.ends_at.toISOString(),
    in_return:
      backFrom === null || backTo === null
        ? null
        : { from: backFrom.toISOString(), to: backTo.toISOString() },
    status: row.status,
    created_at: row.created_at.toISOString(),
    answered_at: row.answered_at?.toISOString() ?? null,
  };
}
