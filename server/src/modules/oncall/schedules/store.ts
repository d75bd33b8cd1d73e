import type { OnCallLayer } from '@watchkeeper/contracts';
import { sql } from 'kysely';
import type { Tx } from '#platform/db/database';
import { toJson } from '#platform/storable';

export interface ScheduleRow {
  readonly id: string;
  readonly name: string;
  readonly timezone: string;
  readonly team_id: string | null;
  readonly layers: readonly OnCallLayer[];
  readonly created_at: Date;
  readonly updated_at: Date;
  readonly version: number;
}

const columns = sql`id, name, timezone, team_id, layers, created_at, updated_at, version`;

export async function listScheduleRows(tx: Tx, organizationId: string): Promise<ScheduleRow[]> {
  const { rows } = await sql<ScheduleRow>`
    select ${columns} from oncall_schedules where organization_id = ${organizationId} order by lower(name), id`.execute(
    tx,
  );
  return rows;
}

/** Of all organizations, the last changed ones first. */
export async function listAllScheduleRows(
  tx: Tx,
  limit: number,
): Promise<(ScheduleRow & { organization_id: string })[]> {
  const { rows } = await sql<ScheduleRow & { organization_id: string }>`
    select organization_id, ${columns} from oncall_schedules order by updated_at desc, id limit ${limit}`.execute(
    tx,
  );
  return rows;
}

export async function findSchedule(
  tx: Tx,
  organizationId: string,
  id: string,
): Promise<ScheduleRow | undefined> {
  const { rows } = await sql<ScheduleRow>`
    select ${columns} from oncall_schedules where organization_id = ${organizationId} and id = ${id}`.execute(
    tx,
  );
  return rows[0];
}

/** Locked until the transaction ends. */
export async function lockSchedule(
  tx: Tx,
  organizationId: string,
  id: string,
): Promise<ScheduleRow | undefined> {
  const { rows } = await sql<ScheduleRow>`
    select ${columns} from oncall_schedules where organization_id = ${organizationId} and id = ${id} for update`.execute(
    tx,
  );
  return rows[0];
}

export interface WrittenSchedule {
  readonly id: string;
  readonly name: string;
  readonly timezone: string;
  readonly team_id: string | null;
  readonly layers: readonly OnCallLayer[];
  readonly at: Date;
}

/** False: the name is taken. */
export async function insertSchedule(
  tx: Tx,
  organizationId: string,
  written: WrittenSchedule,
): Promise<boolean> {
  const { id, name, timezone, team_id: teamId, layers, at } = written;
  const { rows } = await sql`
    insert into oncall_schedules (organization_id, id, name, timezone, team_id, layers, created_at, updated_at)
    values (${organizationId}, ${id}, ${name}, ${timezone}, ${teamId}, ${toJson(layers)}::jsonb, ${at}, ${at})
    on conflict (organization_id, lower(name)) do nothing returning id`.execute(tx);
  return rows.length === 1;
}

/** False: the name is that of another schedule. */
export async function updateSchedule(
  tx: Tx,
  organizationId: string,
  written: WrittenSchedule,
): Promise<boolean> {
  const { id, name, timezone, team_id: teamId, layers, at } = written;
  const { rows } = await sql`
    update oncall_schedules set name = ${name}, timezone = ${timezone}, team_id = ${teamId}, layers = ${toJson(layers)}::jsonb,
      updated_at = ${at}, version = version + 1
    where id = ${id} and not exists (select from oncall_schedules
      where organization_id = ${organizationId} and lower(name) = lower(${name}) and id <> ${id})
    returning id`.execute(tx);
  return rows.length === 1;
}

export async function deleteScheduleRow(tx: Tx, id: string): Promise<void> {
  await sql`delete from oncall_schedules where id = ${id}`.execute(tx);
}

export interface OverrideRow {
  readonly id: string;
  readonly schedule_id: string;
  readonly user_id: string;
  readonly starts_at: Date;
  readonly ends_at: Date;
  readonly reason: string;
  /** The account or API key. */
  readonly created_by_id: string;
  readonly created_by: string;
  readonly created_at: Date;
}

/** Those of a schedule that touch the span, in the order in which they were made. */
export async function listOverrideRows(
  tx: Tx,
  scheduleId: string,
  span: { start: Date; end: Date },
): Promise<OverrideRow[]> {
  const { rows } = await sql<OverrideRow>`
    select id, schedule_id, user_id, starts_at, ends_at, reason, created_by_id, created_by, created_at from oncall_overrides
    where schedule_id = ${scheduleId} and ends_at > ${span.start} and starts_at < ${span.end} order by created_at, id`.execute(
    tx,
  );
  return rows;
}

export async function insertOverride(tx: Tx, organizationId: string, row: OverrideRow): Promise<void> {
  await sql`
    insert into oncall_overrides (organization_id, id, schedule_id, user_id, starts_at, ends_at, reason, created_by_id, created_by, created_at)
    values (${organizationId}, ${row.id}, ${row.schedule_id}, ${row.user_id}, ${row.starts_at}, ${row.ends_at}, ${row.reason},
      ${row.created_by_id}, ${row.created_by}, ${row.created_at})`.execute(tx);
}

export async function deleteOverrideRow(
  tx: Tx,
  scheduleId: string,
  id: string,
): Promise<OverrideRow | undefined> {
  const { rows } = await sql<OverrideRow>`
    delete from oncall_overrides where schedule_id = ${scheduleId} and id = ${id}
    returning id, schedule_id, user_id, starts_at, ends_at, reason, created_by_id, created_by, created_at`.execute(
    tx,
  );
  return rows[0];
}

/** How many have not ended. */
export async function countOverrides(tx: Tx, scheduleId: string, now: Date): Promise<number> {
  const { rows } = await sql<{ count: number }>`
    select count(*)::int as count from oncall_overrides where schedule_id = ${scheduleId} and ends_at > ${now}`.execute(
    tx,
  );
  return rows[0]?.count ?? 0;
}
