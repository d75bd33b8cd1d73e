import type { Caller } from '#modules/identity';
import { lockDeviceStates } from '#modules/telemetry';
import type { Ctx } from '#platform/context';
import type { Tx } from '#platform/db/database';
import { rewatchDevices } from '../detection/watch-devices.ts';
import { findOpenOfRule } from '../observing/device-store.ts';
import { resolveAlerts } from '../transition.ts';

/** The tick closes the rest, because it finds alerts without a rule. */
const closedAtOnceMax = 1_000;

export async function closeRuleAlerts(
  ctx: Pick<Ctx, 'events' | 'live' | 'clock'>,
  tx: Tx,
  ruleId: string,
  why: string,
  actor: Caller,
): Promise<void> {
  const open = await findOpenOfRule(tx, ruleId, closedAtOnceMax);
  const devices = open.flatMap((alert) => (alert.device_id === null ? [] : [alert.device_id]));
  await lockDeviceStates(tx, devices);
  await resolveAlerts(
    ctx,
    tx,
    open.map((alert) => ({ alertId: alert.id, why })),
    actor,
  );
  await rewatchDevices(tx, devices);
}
