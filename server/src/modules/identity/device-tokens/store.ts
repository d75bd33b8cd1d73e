import { sql } from 'kysely';
import type pg from 'pg';
import type { Tx } from '#platform/db/database';

export async function upsertDeviceToken(
  tx: Tx,
  token: { organizationId: string; deviceId: string; hash: Buffer },
): Promise<void> {
  await sql`
    insert into device_tokens (organization_id, device_id, hash)
    values (${token.organizationId}, ${token.deviceId}, ${token.hash})
    on conflict (device_id) do update set hash = excluded.hash, created_at = now(), last_used_at = null`.execute(
    tx,
  );
}

export async function deleteDeviceToken(tx: Tx, deviceId: string): Promise<void> {
  await sql`delete from device_tokens where device_id = ${deviceId}`.execute(tx);
}

export interface DeviceTokenRow {
  organization_id: string;
  device_id: string;
}

/** Last use is stored only to the hour: it shows whether a token is in use, at no cost for the hot path. */
const lastUseSeconds = 3600;

const findText = `
  with found as (
    select organization_id, device_id, last_used_at from device_tokens where hash = $1
  ), touched as (
    update device_tokens t set last_used_at = now() from found
    where t.device_id = found.device_id
      and (found.last_used_at is null or found.last_used_at < now() - make_interval(secs => ${lastUseSeconds}))
  )
  select organization_id, device_id from found`;

/** A prepared statement on the system pool, because the token itself decides the organization. */
export async function selectDeviceToken(pool: pg.Pool, hash: Buffer): Promise<DeviceTokenRow | undefined> {
  const { rows } = await pool.query<DeviceTokenRow>({
    name: 'identity.device_token',
    text: findText,
    values: [hash],
  });
  return rows[0];
}
