import type { DeviceStatus } from '@watchkeeper/contracts';
import type { Ctx } from '#platform/context';
import type { Tx } from '#platform/db/database';
import { readWatch } from '#platform/watch';
import { type DeviceCheck, type DeviceRow, selectDevicesById, selectWords } from './store.ts';
import { type DeviceVerdict, flagOf, inOrder, type Voice, verdictOf } from './verdict.ts';
import { accessLogVoice, checkVoice, heartbeatVoice, type VerdictTimes } from './voices.ts';

/** Everything that is said about one device, and the resulting verdict. */
export interface Judged<Device extends DeviceRow = DeviceRow> {
  readonly device: Device;
  readonly checks: readonly DeviceCheck[];
  readonly voices: readonly Voice[];
  readonly verdict: DeviceVerdict;
  readonly flag: ReturnType<typeof flagOf>;
}

/** Times that all judgements need, read once. */
export async function readVerdictTimes(ctx: Pick<Ctx, 'db' | 'clock' | 'config'>): Promise<VerdictTimes> {
  // A system transaction, because our own watch belongs to no organization.
  return await ctx.db.system((tx) => timesIn(ctx, tx));
}

async function timesIn(ctx: Pick<Ctx, 'clock' | 'config'>, tx: Tx): Promise<VerdictTimes> {
  const now = ctx.clock.now();
  const watch = await readWatch(tx, new Date(now));
  return {
    now,
    offlineMs: ctx.config.heartbeat.offlineSeconds * 1_000,
    watchingSince: watch.intakeUp ? watch.watchingSince.getTime() : now,
  };
}

/** Reads many devices with one statement, however many sources they have. */
export async function readVerdicts<Device extends DeviceRow>(
  tx: Tx,
  devices: readonly Device[],
  times: VerdictTimes,
): Promise<Judged<Device>[]> {
  const words = await selectWords(
    tx,
    devices.map((device) => device.id),
  );
  const byDevice = Map.groupBy(words, (word) => word.device_id);
  return devices.map((device) => {
    const checks = byDevice.get(device.id) ?? [];
    const voices = inOrder(voicesOf(device, checks, times));
    const verdict = verdictOf(voices);
    return { device, checks, voices, verdict, flag: flagOf(verdict, voices) };
  });
}

/**
 * The status of each of these devices, of any organization, without maintenance. For a device that sends heartbeats,
 * intake and detection have the answer. For all others, and for a device that is shown as in maintenance, its sources
 * decide.
 */
export async function readStandings(
  ctx: Pick<Ctx, 'clock' | 'config'>,
  tx: Tx,
  deviceIds: readonly string[],
): Promise<Map<string, DeviceStatus>> {
  if (deviceIds.length === 0) return new Map();
  const devices = await selectDevicesById(tx, deviceIds);
  const judged = await readVerdicts(tx, devices, await timesIn(ctx, tx));
  return new Map(
    judged.map(({ device, verdict }) => {
      const isKept = device.last_seen_at !== null && device.current !== 'maintenance';
      return [device.id, isKept ? device.current : verdict.status];
    }),
  );
}

function voicesOf(device: DeviceRow, checks: readonly DeviceCheck[], times: VerdictTimes): Voice[] {
  const heartbeat = heartbeatVoice(device, times);
  return [
    ...(heartbeat === null ? [] : [heartbeat]),
    ...checks.flatMap((check) => {
      const log = accessLogVoice(check, times);
      return [checkVoice(check, times), ...(log === null ? [] : [log])];
    }),
  ];
}
