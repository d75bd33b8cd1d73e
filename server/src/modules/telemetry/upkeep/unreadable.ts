import type { Ctx } from '#platform/context';

/** Devices named in one line of the log; the others are counted. */
const namedMax = 10;

/** Stored rows that no longer say anything: left out, so that one damaged row does not stop the upkeep of all. */
export function noteUnreadable(
  ctx: Pick<Ctx, 'log'>,
  rows: readonly { readonly device_key: number; readonly at: Date }[],
): void {
  if (rows.length === 0) return;
  const devices = [...new Set(rows.map((row) => row.device_key))];
  ctx.log.error(
    { rows: rows.length, devices: devices.length, device_keys: devices.slice(0, namedMax), at: rows[0]?.at },
    'stored heartbeats cannot be read and are left out',
  );
}
