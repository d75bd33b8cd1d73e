import {
  type OnCallScheduleList,
  type OnCallScheduleShown,
  type OnCallSpanQuery,
  onCallSpanDaysMax,
} from '@watchkeeper/contracts';
import { toInstant } from '@watchkeeper/contracts/instant';
import { listMemberNames, requirePermission, type Scope } from '#modules/identity';
import { nowDate } from '#platform/clock';
import type { Ctx } from '#platform/context';
import { invalidField, notFound } from '#platform/errors';
import { findSchedule, listScheduleRows } from './store.ts';
import { shiftsBetween, toOverride, toSchedule, toShift } from './view.ts';

const dayMs = 86_400_000;
const spanDaysDefault = 14;

export async function listSchedules(ctx: Pick<Ctx, 'db'>, scope: Scope): Promise<OnCallScheduleList> {
  requirePermission(scope, 'read');
  const { organizationId } = scope;
  const rows = await ctx.db.tenant(organizationId, (tx) => listScheduleRows(tx, organizationId));
  return { data: rows.map(toSchedule) };
}

/** The schedule with its shifts in a span. @throws not_found, validation_failed */
export async function getSchedule(
  ctx: Pick<Ctx, 'db' | 'clock'>,
  scope: Scope,
  id: string,
  query: OnCallSpanQuery,
): Promise<OnCallScheduleShown> {
  requirePermission(scope, 'read');
  const { organizationId } = scope;
  const span = parseSpan(query, nowDate(ctx.clock));
  return await ctx.db.tenant(organizationId, async (tx) => {
    const row = await findSchedule(tx, organizationId, id);
    if (row === undefined) throw notFound('schedule');
    const names = await listMemberNames(tx, organizationId);
    const { shifts, overrides } = await shiftsBetween(tx, row, names, span);
    return {
      ...toSchedule(row),
      from: span.start.toISOString(),
      to: span.end.toISOString(),
      final: shifts.map((shift) => toShift(shift, names)),
      overrides: overrides.map((override) => toOverride(override, names)),
    };
  });
}

function parseSpan({ from, to }: OnCallSpanQuery, now: Date): { start: Date; end: Date } {
  const start = from === undefined ? now : toInstant(from);
  const end = to === undefined ? new Date(start.getTime() + spanDaysDefault * dayMs) : toInstant(to);
  if (end <= start) throw invalidField('to', 'must be after `from`');
  if (end.getTime() - start.getTime() > onCallSpanDaysMax * dayMs)
    throw invalidField('to', `must be at most ${onCallSpanDaysMax} days after \`from\``);
  return { start, end };
}
