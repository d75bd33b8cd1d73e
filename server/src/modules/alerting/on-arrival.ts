import type { PastSilence } from '#modules/telemetry';
import type { Ctx } from '#platform/context';
import { closeDeviceAlerts } from './close-device-alerts.ts';
import { findDeviceIds } from './device-store.ts';
import { judgeLate, type LateEvents } from './judge-late.ts';
import { judgeSilences } from './judge-silence.ts';
import { readMoment } from './moment.ts';
import { ruleKinds } from './registry.ts';
import { chunkMax, judgeDevices, sweepEvents } from './sweep.ts';

/**
 * Heartbeats that change something: a device is back, or a value met a threshold. Idempotent: it judges what is, and
 * tells once of what was.
 */
export async function onDevicesNeedAttention(
  ctx: Ctx,
  payload: { deviceKeys: readonly number[]; silences?: readonly PastSilence[] },
): Promise<void> {
  const kinds = ruleKinds.filter((kind) => kind.wakesOn === 'heartbeats');
  const { moment, deviceIds } = await ctx.db.system(async (tx) => ({
    ...(await readMoment(ctx, tx)),
    deviceIds: await findDeviceIds(tx, payload.deviceKeys),
  }));
  for (let start = 0; start < deviceIds.length; start += chunkMax) {
    await judgeDevices(ctx, kinds, moment, deviceIds.slice(start, start + chunkMax));
  }
  await judgeSilences(ctx, moment, payload.silences ?? []);
}

export async function onEventsRecorded(
  ctx: Ctx,
  payload: Omit<LateEvents, 'late'> & Partial<Pick<LateEvents, 'late'>>,
): Promise<void> {
  const { moment } = await ctx.db.system((tx) => readMoment(ctx, tx));
  for (const kind of ruleKinds) {
    if (kind.wakesOn === 'events') await sweepEvents(ctx, kind, moment, { events: payload });
  }
  const { late } = payload;
  if (late !== undefined) await judgeLate(ctx, { ...payload, late });
}

export async function onDeviceRemoved(ctx: Ctx, payload: { deviceIds: readonly string[] }): Promise<void> {
  await closeDeviceAlerts(ctx, payload.deviceIds, 'The device was removed.');
}

export async function onDeviceRetired(ctx: Ctx, payload: { deviceIds: readonly string[] }): Promise<void> {
  await closeDeviceAlerts(ctx, payload.deviceIds, 'The device was retired.');
}

/** Checks that went down or came up again. Idempotent: it judges what is. */
export async function onChecksJudged(ctx: Ctx, payload: { checkIds: readonly string[] }): Promise<void> {
  const { moment } = await ctx.db.system((tx) => readMoment(ctx, tx));
  for (const kind of ruleKinds) {
    if (kind.wakesOn === 'checks') await sweepEvents(ctx, kind, moment, { checkIds: payload.checkIds });
  }
}
