import { type DeviceStatus, deviceStatuses, listLimitDefault } from '@watchkeeper/contracts';
import type { DeviceState, DeviceStateQuery } from '@watchkeeper/contracts/telemetry';
import type { Static } from 'typebox';
import { requirePermission, type Scope } from '#modules/identity';
import type { Ctx } from '#platform/context';
import type { Tx } from '#platform/db/database';
import { invalidField, notFound } from '#platform/errors';
import { decodeCursor, toPage } from '#platform/http/cursor';
import { runtimeOf } from '../runtime.ts';
import { findState, selectStates, selectStatesByIds } from './state-store.ts';
import { toDeviceState } from './view.ts';

/** By slug, a page at a time. */
export async function listDeviceStates(ctx: Ctx, scope: Scope, query: Static<typeof DeviceStateQuery>) {
  requirePermission(scope, 'read');
  const limit = query.limit ?? listLimitDefault;
  const [after] = query.cursor === undefined ? [null] : decodeCursor(query.cursor, 1);
  const rows = await ctx.db.tenant(scope.organizationId, (tx) =>
    selectStates(tx, scope.organizationId, {
      statuses: parseStatuses(query.status),
      site: query.site ?? null,
      area: query.area ?? null,
      like: query.q === undefined ? null : `%${query.q.replace(/[\\%_]/g, '\\$&')}%`,
      retired: query.retired ?? 'no',
      after: after === null ? null : String(after),
      limit,
    }),
  );
  const { offlineMs } = runtimeOf(ctx);
  const now = ctx.clock.now();
  return toPage(
    rows,
    limit,
    (row) => [row.slug],
    (row) => toDeviceState(row, now, offlineMs),
  );
}

function parseStatuses(text: string | undefined): DeviceStatus[] | null {
  if (text === undefined || text === '') return null;
  return text.split(',').map((word) => {
    const status = deviceStatuses.find((known) => known === word.trim());
    if (status === undefined)
      throw invalidField('status', `must be one or more of ${deviceStatuses.join(', ')}`);
    return status;
  });
}

/** @throws not_found */
export async function getDeviceState(ctx: Ctx, scope: Scope, device: string): Promise<DeviceState> {
  requirePermission(scope, 'read');
  return await readState(ctx, scope.organizationId, device);
}

/** Without a permission: the caller has shown that it may. @throws not_found */
export async function readState(ctx: Ctx, organizationId: string, device: string): Promise<DeviceState> {
  const row = await ctx.db.tenant(organizationId, (tx) => findState(tx, organizationId, device));
  if (row === undefined) throw notFound('device');
  return toDeviceState(row, ctx.clock.now(), runtimeOf(ctx).offlineMs);
}

/** For higher floors that show devices beside their own things. */
export async function readDeviceStates(
  ctx: Ctx,
  tx: Tx,
  organizationId: string,
  deviceIds: readonly string[],
): Promise<DeviceState[]> {
  const rows = await selectStatesByIds(tx, organizationId, deviceIds);
  const { offlineMs } = runtimeOf(ctx);
  return rows.map((row) => toDeviceState(row, ctx.clock.now(), offlineMs));
}
