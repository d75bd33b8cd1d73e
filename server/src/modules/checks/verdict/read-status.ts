import { listLimitDefault } from '@watchkeeper/contracts';
import {
  type DeviceSources,
  type DeviceStatusQuery,
  type DeviceStatusRecord,
  witnesses,
} from '@watchkeeper/contracts/device-status';
import { requirePermission, type Scope } from '#modules/identity';
import type { Ctx } from '#platform/context';
import { notFound } from '#platform/errors';
import { decodeCursor, toPage } from '#platform/http/cursor';
import { type Judged, readVerdicts, readVerdictTimes } from './read-verdicts.ts';
import { findDevice, selectDevices } from './store.ts';

type ReadCtx = Pick<Ctx, 'db' | 'clock' | 'config'>;

/** What each source says about a device, since when, and which one counts. */
export async function readDeviceSources(
  ctx: ReadCtx,
  scope: Scope,
  reference: string,
): Promise<DeviceSources> {
  requirePermission(scope, 'read');
  const times = await readVerdictTimes(ctx);
  const judged = await ctx.db.tenant(scope.organizationId, async (tx) => {
    const device = await findDevice(tx, scope.organizationId, reference);
    if (device === undefined) throw notFound('device');
    const [one] = await readVerdicts(tx, [device], times);
    if (one === undefined) throw notFound('device');
    return one;
  });
  const { device, verdict, voices } = judged;
  return {
    device: device.slug,
    status: statusOf(judged),
    verdict: {
      status: verdict.status,
      since: verdict.since?.toISOString() ?? null,
      decided_by: verdict.decidedBy,
      disagreement: verdict.disagreement,
      reason: verdict.reason,
    },
    order: [...witnesses],
    data: voices.map((voice) => ({
      witness: voice.witness,
      name: voice.name,
      kind: voice.kind,
      check: voice.check,
      source: voice.source,
      state: voice.state,
      since: voice.since?.toISOString() ?? null,
      last_observed: voice.lastObserved?.toISOString() ?? null,
      fresh: voice.fresh,
      counts_as: voice.countsAs,
      words: voice.words,
    })),
  };
}

/** The operators' list, by slug, one page at a time. */
export async function listDeviceStatus(ctx: ReadCtx, scope: Scope, query: DeviceStatusQuery) {
  requirePermission(scope, 'read');
  const limit = query.limit ?? listLimitDefault;
  const filter = {
    site: query.site ?? null,
    area: query.area ?? null,
    type: query.type ?? null,
    after: query.cursor === undefined ? null : String(decodeCursor(query.cursor, 1)[0]),
    limit,
  };
  const times = await readVerdictTimes(ctx);
  const judged = await ctx.db.tenant(scope.organizationId, async (tx) =>
    readVerdicts(tx, await selectDevices(tx, scope.organizationId, filter), times),
  );
  return toPage(judged, limit, ({ device }) => [device.slug], toRecord);
}

/** Planned work is shown as maintenance, whatever the sources say meanwhile. */
function statusOf({ device, verdict }: Judged) {
  return device.current === 'maintenance' ? 'maintenance' : verdict.status;
}

function toRecord(judged: Judged): DeviceStatusRecord {
  const { device, checks, verdict, flag } = judged;
  const good = [device.last_seen_at, ...checks.map((check) => check.last_ok_at)].filter((at) => at !== null);
  const last = good.length === 0 ? null : new Date(Math.max(...good.map((at) => at.getTime())));
  const alive = verdict.status === 'online' || verdict.status === 'degraded';
  return {
    device: device.slug,
    id: device.id,
    name: device.name,
    type: device.type_slug,
    location: device.site_slug,
    location_name: device.site_name,
    bay: device.area_slug,
    bay_name: device.area_name,
    pc_online: verdict.status === 'unknown' ? null : alive,
    last_successful_check: last?.toISOString() ?? null,
    consecutive_failures: Math.max(0, ...checks.map((check) => check.failures)),
    booking_active: null,
    auto_flag: flag !== null,
    flag_type: flag,
    status: statusOf(judged),
    since: verdict.since?.toISOString() ?? null,
    reason: verdict.reason,
  };
}
