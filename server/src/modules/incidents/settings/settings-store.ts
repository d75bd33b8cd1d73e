import { sql } from 'kysely';
import type { Tx } from '#platform/db/database';

/** The organization's own values; null: as in the installation. */
export interface SettingsRow {
  readonly group_by: string | null;
  readonly group_wait_seconds: number | null;
  readonly group_window_seconds: number | null;
  readonly reopen_window_seconds: number | null;
  readonly hold_down_seconds: number | null;
  readonly flapping_changes: number | null;
  readonly flapping_within_seconds: number | null;
}

export async function findSettings(tx: Tx, organizationId: string): Promise<SettingsRow | undefined> {
  const { rows } = await sql<SettingsRow>`
    select group_by, group_wait_seconds, group_window_seconds, reopen_window_seconds, hold_down_seconds,
      flapping_changes, flapping_within_seconds
    from incident_settings where organization_id = ${organizationId}`.execute(tx);
  return rows[0];
}

export async function saveSettings(tx: Tx, organizationId: string, row: SettingsRow): Promise<void> {
  await sql`
    insert into incident_settings (organization_id, group_by, group_wait_seconds, group_window_seconds,
      reopen_window_seconds, hold_down_seconds, flapping_changes, flapping_within_seconds)
    values (${organizationId}, ${row.group_by}, ${row.group_wait_seconds}, ${row.group_window_seconds},
      ${row.reopen_window_seconds}, ${row.hold_down_seconds}, ${row.flapping_changes}, ${row.flapping_within_seconds})
    on conflict (organization_id) do update set group_by = excluded.group_by,
      group_wait_seconds = excluded.group_wait_seconds, group_window_seconds = excluded.group_window_seconds,
      reopen_window_seconds = excluded.reopen_window_seconds, hold_down_seconds = excluded.hold_down_seconds,
      flapping_changes = excluded.flapping_changes,
      flapping_within_seconds = excluded.flapping_within_seconds`.execute(tx);
}
