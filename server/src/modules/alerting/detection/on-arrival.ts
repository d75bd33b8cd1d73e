import type { devicesNeedAttention, eventsRecorded } from '#modules/telemetry';
import type { Ctx } from '#platform/context';
import type { PayloadOf } from '#platform/events';
import { findDeviceIds } from '../observing/device-store.ts';
import { judgeLate, judgeLateSpans } from '../past/judge-late.ts';
import { judgePastSilences, judgeSilences } from '../past/judge-silence.ts';
import { ruleKinds } from '../registry.ts';
import { closeDeviceAlerts } from './close-device-alerts.ts';
import { readMoment } from './moment.ts';
import { chunkMax, judgeDevices, sweepEvents } from './sweep.ts';

/**
 * For heartbeats that change something: a device is back, or a value met a threshold. Idempotent: it judges the present
 * state, and records a past silence once.
 */
export async function onDevicesNeedAttention(
  ctx: Ctx,
  payload: Pick<PayloadOf<typeof devicesNeedAttention>, 'deviceKeys' | 'silences'>,
): Promise<void> {
  const kinds = ruleKinds.all.filter((kind) => kind.wakesOn === 'heartbeats');
  const { moment, deviceIds } = await ctx.db.system(async (tx) => ({
    ...(await readMoment(ctx, tx)),
    deviceIds: await findDeviceIds(tx, payload.deviceKeys),
  }));
  for (let start = 0; start < deviceIds.length; start += chunkMax) {
    await judgeDevices(ctx, kinds, moment, deviceIds.slice(start, start + chunkMax));
  }
  await judgePastSilences(ctx, moment, { deviceKeys: payload.deviceKeys });
  const sent = (payload.silences ?? []).map(({ deviceKey, from, to }) => ({
    deviceKey,
    from: new Date(from),
    to: new Date(to),
  }));
  if (sent.length > 0) await ctx.db.system((tx) => judgeSilences(ctx, tx, moment, sent));
}

export async function onEventsRecorded(ctx: Ctx, payload: PayloadOf<typeof eventsRecorded>): Promise<void> {
  const { moment } = await ctx.db.system((tx) => readMoment(ctx, tx));
  for (const kind of ruleKinds.all) {
    if (kind.wakesOn === 'events') await sweepEvents(ctx, kind, moment, { events: payload });
  }
  await judgeLateSpans(ctx, { organizationId: payload.organizationId });
  const { late } = payload;
  if (late !== undefined)
    await judgeLate(ctx, { ...payload, from: new Date(late.from), to: new Date(late.to) });
}

export async function onDeviceRemoved(ctx: Ctx, payload: { deviceIds: readonly string[] }): Promise<void> {
  await closeDeviceAlerts(ctx, payload.deviceIds, 'The device was removed.');
}

export async function onDeviceRetired(ctx: Ctx, payload: { deviceIds: readonly string[] }): Promise<void> {
  await closeDeviceAlerts(ctx, payload.deviceIds, 'The device was retired.');
}

/** For checks that went down or came up again. Idempotent: it judges the present state. */
export async function onChecksJudged(ctx: Ctx, payload: { checkIds: readonly string[] }): Promise<void> {
  const { moment } = await ctx.db.system((tx) => readMoment(ctx, tx));
  for (const kind of ruleKinds.all) {
    if (kind.wakesOn === 'checks') await sweepEvents(ctx, kind, moment, { checkIds: payload.checkIds });
  }
}
