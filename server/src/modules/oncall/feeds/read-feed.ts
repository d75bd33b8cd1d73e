import { listMemberNames } from '#modules/identity';
import type { Ctx } from '#platform/context';
import type { Tx } from '#platform/db/database';
import { hashSecret } from '#platform/ids';
import { findSchedule, listScheduleRows } from '../schedules/store.ts';
import { shiftsBetween } from '../schedules/view.ts';
import { calendarText, type FeedShift } from './calendar-text.ts';
import { type FeedRow, findFeed } from './store.ts';

const pastDays = 30;
const aheadDays = 180;
const eventsMax = 1_000;
const dayMs = 86_400_000;

/** undefined: the address is wrong, was replaced, or is of somebody who left the organization. */
export async function readFeed(ctx: Pick<Ctx, 'db' | 'clock'>, token: string): Promise<string | undefined> {
  // The token identifies the organization.
  const feed = await ctx.db.system((tx) => findFeed(tx, hashSecret(token)));
  if (feed === undefined) return undefined;
  const now = ctx.clock.now();
  const span = { start: new Date(now - pastDays * dayMs), end: new Date(now + aheadDays * dayMs) };
  const found = await ctx.db.tenant(feed.organization_id, (tx) => shiftsOf(tx, feed, span));
  if (found === undefined) return undefined;
  const shifts = found.shifts.sort((a, b) => a.start - b.start);
  const next = shifts[eventsMax];
  const cutAt = next === undefined ? null : new Date(next.start);
  return calendarText(found.name, shifts.slice(0, eventsMax), { now: new Date(now), cutAt, until: span.end });
}

async function shiftsOf(
  tx: Tx,
  feed: FeedRow,
  span: { start: Date; end: Date },
): Promise<{ name: string; shifts: FeedShift[] } | undefined> {
  const { organization_id: organizationId, user_id: userId, schedule_id: scheduleId } = feed;
  const names = await listMemberNames(tx, organizationId);
  const schedule = scheduleId === null ? undefined : await findSchedule(tx, organizationId, scheduleId);
  const name = userId === null ? schedule?.name : names.get(userId);
  if (name === undefined) return undefined;
  const rows = schedule === undefined ? await listScheduleRows(tx, organizationId) : [schedule];
  const shifts: FeedShift[] = [];
  for (const row of rows)
    for (const shift of (await shiftsBetween(tx, row, names, span)).shifts)
      if (userId === null || shift.userId === userId) {
        const person = shift.userId === null ? null : (names.get(shift.userId) ?? null);
        shifts.push({
          start: shift.start,
          end: shift.end,
          scheduleId: row.id,
          scheduleName: row.name,
          person,
        });
      }
  return { name, shifts };
}
