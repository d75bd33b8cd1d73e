import type { Ctx } from '#platform/context';
import type { Tx } from '#platform/db/database';
import { readWatch } from '#platform/watch';
import { type DeviceCheck, type DeviceRow, selectWords } from './store.ts';
import { flagOf, inOrder, type Verdict, type Voice, verdictOf } from './verdict.ts';
import { accessLogVoice, checkVoice, heartbeatVoice, type Moment } from './voices.ts';

/** All that is said of one device, and what follows. */
export interface Judged<Device extends DeviceRow = DeviceRow> {
  readonly device: Device;
  readonly checks: readonly DeviceCheck[];
  readonly voices: readonly Voice[];
  readonly verdict: Verdict;
  readonly flag: ReturnType<typeof flagOf>;
}

/** What every judgement rests on beside the words, read once. */
export async function readMoment(ctx: Pick<Ctx, 'db' | 'clock' | 'config'>): Promise<Moment> {
  const now = ctx.clock.now();
  // A system transaction: our own watch belongs to no organization.
  const watch = await ctx.db.system((tx) => readWatch(tx, new Date(now)));
  return {
    now,
    offlineMs: ctx.config.heartbeat.offlineSeconds * 1_000,
    watchingSince: watch.intakeUp ? watch.watchingSince.getTime() : now,
  };
}

/** Many devices with one statement, however many sources they have. */
export async function judgeDevices<Device extends DeviceRow>(
  tx: Tx,
  devices: readonly Device[],
  moment: Moment,
): Promise<Judged<Device>[]> {
  const words = await selectWords(
    tx,
    devices.map((device) => device.id),
  );
  const byDevice = Map.groupBy(words, (word) => word.device_id);
  return devices.map((device) => {
    const checks = byDevice.get(device.id) ?? [];
    const voices = inOrder(voicesOf(device, checks, moment));
    const verdict = verdictOf(voices);
    return { device, checks, voices, verdict, flag: flagOf(verdict, voices) };
  });
}

function voicesOf(device: DeviceRow, checks: readonly DeviceCheck[], moment: Moment): Voice[] {
  const heartbeat = heartbeatVoice(device, moment);
  return [
    ...(heartbeat === null ? [] : [heartbeat]),
    ...checks.flatMap((check) => {
      const log = accessLogVoice(check, moment);
      return [checkVoice(check, moment), ...(log === null ? [] : [log])];
    }),
  ];
}
