import { type OnCallNow, type OnCallTurn, onCallGapDays } from '@watchkeeper/contracts';
import { listMemberNames, requirePermission, type Scope } from '#modules/identity';
import { nowDate } from '#platform/clock';
import type { Ctx } from '#platform/context';
import type { Tx } from '#platform/db/database';
import { type Stretch, stretchesOf } from '../calendar/now.ts';
import { personOf } from '../people.ts';
import { findSchedule, listScheduleRows } from './store.ts';
import { shiftsBetween } from './view.ts';

const dayMs = 86_400_000;
/** How far "now and next" looks: a month of weekly turns and some days. */
const lookDays = 35;

/** For each schedule who is on call now and until when, who is next, and its first gap of the next days. */
export async function onCallNow(ctx: Pick<Ctx, 'db' | 'clock'>, scope: Scope): Promise<OnCallNow> {
  requirePermission(scope, 'read');
  const { organizationId } = scope;
  const start = nowDate(ctx.clock);
  const end = new Date(start.getTime() + lookDays * dayMs);
  return await ctx.db.tenant(organizationId, async (tx) => {
    const names = await listMemberNames(tx, organizationId);
    const data: OnCallNow['data'] = [];
    for (const row of await listScheduleRows(tx, organizationId)) {
      const stretches = stretchesOf((await shiftsBetween(tx, row, names, { start, end })).shifts);
      const [now, next] = stretches.map((stretch) => toTurn(stretch, names, end));
      if (now === undefined) continue;
      const { id, name, timezone } = row;
      data.push({
        schedule: { id, name, timezone },
        now,
        next: next ?? null,
        next_gap: gapOf(stretches, start.getTime() + onCallGapDays * dayMs),
      });
    }
    return { data };
  });
}

/**
 * Who is on call at that time, for modules above. null: nobody, or there is no such schedule (any more).
 */
export async function onCallAt(
  tx: Tx,
  organizationId: string,
  scheduleId: string,
  at: Date,
): Promise<{ userId: string; name: string } | null> {
  const row = await findSchedule(tx, organizationId, scheduleId);
  if (row === undefined) return null;
  const names = await listMemberNames(tx, organizationId);
  const { shifts } = await shiftsBetween(tx, row, names, { start: at, end: new Date(at.getTime() + 1) });
  const person = personOf(shifts[0]?.userId ?? null, names);
  return person === null ? null : { userId: person.id, name: person.name };
}

function toTurn(
  { userId, start, end, gap }: Stretch,
  names: ReadonlyMap<string, string>,
  last: Date,
): OnCallTurn {
  return {
    person: personOf(userId, names),
    from: new Date(start).toISOString(),
    until: end >= last.getTime() ? null : new Date(end).toISOString(),
    gap_reason: gap,
  };
}

function gapOf(stretches: readonly Stretch[], before: number): OnCallNow['data'][number]['next_gap'] {
  const found = stretches.find(({ gap, start }) => gap !== null && start < before);
  return found?.gap == null ? null : { from: new Date(found.start).toISOString(), reason: found.gap };
}
