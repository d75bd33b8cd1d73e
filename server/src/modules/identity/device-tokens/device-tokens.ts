import type pg from 'pg';
import { type Tx, toDatabaseError } from '#platform/db/database';
import { hashSecret, newSecret } from '#platform/ids';
import { deleteDeviceToken, selectDeviceToken, upsertDeviceToken } from './store.ts';

export const deviceTokenPrefix = 'wkd_';

/** The one credential of a device, shown once. A new token replaces the old one. */
export async function issueDeviceToken(tx: Tx, organizationId: string, deviceId: string): Promise<string> {
  const token = newSecret(deviceTokenPrefix);
  await upsertDeviceToken(tx, { organizationId, deviceId, hash: hashSecret(token) });
  return token;
}

export async function revokeDeviceToken(tx: Tx, deviceId: string): Promise<void> {
  await deleteDeviceToken(tx, deviceId);
}

export interface DeviceIdentity {
  readonly organizationId: string;
  readonly deviceId: string;
}

/** The device of a token, by `hashSecret(token)`; across tenants, so on the system pool. */
export async function findDeviceByToken(pool: pg.Pool, hash: Buffer): Promise<DeviceIdentity | undefined> {
  try {
    const row = await selectDeviceToken(pool, hash);
    return row && { organizationId: row.organization_id, deviceId: row.device_id };
  } catch (error) {
    throw toDatabaseError(error);
  }
}
