import type { OnCallOverride, OnCallSchedule, OnCallShift } from '@watchkeeper/contracts';
import type { Tx } from '#platform/db/database';
import { type Calendar, finalShifts } from '../calendar/final-shifts.ts';
import type { Shift } from '../calendar/shift.ts';
import { personOf } from '../people.ts';
import { listOverrideRows, type OverrideRow, type ScheduleRow } from './store.ts';

type Names = ReadonlyMap<string, string>;

/** The shifts of a schedule in a span, and the overrides that touch it. */
export async function shiftsBetween(
  tx: Tx,
  row: ScheduleRow,
  names: Names,
  span: { start: Date; end: Date },
): Promise<{ shifts: Shift[]; overrides: OverrideRow[] }> {
  const overrides = await listOverrideRows(tx, row.id, span);
  const calendar: Calendar = {
    timeZone: row.timezone,
    layers: row.layers,
    overrides: overrides.map(({ id, user_id: userId, starts_at: from, ends_at: to }) => ({
      ...{ id, userId, start: from.getTime(), end: to.getTime() },
    })),
    members: new Set(names.keys()),
  };
  const shifts = finalShifts(calendar, { start: span.start.getTime(), end: span.end.getTime() });
  return { shifts, overrides };
}

export function toSchedule(row: ScheduleRow): OnCallSchedule {
  return {
    id: row.id,
    name: row.name,
    timezone: row.timezone,
    team_id: row.team_id,
    layers: [...row.layers],
    created_at: row.created_at.toISOString(),
    updated_at: row.updated_at.toISOString(),
    version: row.version,
  };
}

export function toShift(shift: Shift, names: Names): OnCallShift {
  const source = shift.userId === null ? 'gap' : shift.overrideId === null ? 'layer' : 'override';
  return {
    from: new Date(shift.start).toISOString(),
    to: new Date(shift.end).toISOString(),
    person: personOf(shift.userId, names),
    source,
    layer: shift.layer,
    override_id: shift.overrideId,
    gap_reason: shift.gap,
  };
}

export function toOverride(row: OverrideRow, names: Names): OnCallOverride {
  return {
    id: row.id,
    person: personOf(row.user_id, names),
    from: row.starts_at.toISOString(),
    to: row.ends_at.toISOString(),
    reason: row.reason,
    created_by: row.created_by,
    created_at: row.created_at.toISOString(),
  };
}
