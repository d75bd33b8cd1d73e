import { listLimitDefault } from '@watchkeeper/contracts';
import { toInstant } from '@watchkeeper/contracts/instant';
import type { MetricQuery, StoredMetric } from '@watchkeeper/contracts/telemetry';
import type { Static } from 'typebox';
import { requirePermission, type Scope } from '#modules/identity';
import type { Ctx } from '#platform/context';
import { decodeTimeCursor, toPage } from '#platform/http/cursor';
import { dayMs } from '../upkeep/days.ts';
import { type MetricRow, selectMetrics } from './metric-store.ts';
import { aheadMsMax } from './record-events.ts';
import { readPlaces } from './references.ts';

/** Newest first. */
export async function listMetrics(ctx: Ctx, scope: Scope, query: Static<typeof MetricQuery>) {
  requirePermission(scope, 'read');
  const { organizationId } = scope;
  const now = ctx.clock.now();
  const limit = query.limit ?? listLimitDefault;
  const after = decodeTimeCursor(query.cursor);
  const rows = await ctx.db.tenant(organizationId, async (tx) => {
    const places = await readPlaces(tx, organizationId, [query]);
    return await selectMetrics(tx, organizationId, {
      ...query,
      siteId: query.site === undefined ? null : places.site(query.site).id,
      deviceId: query.device === undefined ? null : places.device(query.device).id,
      since:
        query.since === undefined
          ? new Date(now - (ctx.config.metrics.retentionDays + 1) * dayMs)
          : toInstant(query.since),
      until: query.until === undefined ? new Date(now + aheadMsMax) : toInstant(query.until),
      after,
      limit,
    });
  });
  return toPage(rows, limit, (row) => [row.at.toISOString(), row.id], toStoredMetric);
}

function toStoredMetric(row: MetricRow): Static<typeof StoredMetric> {
  return {
    id: row.id,
    // Safe because the column is written from the schema's own list.
    metric_type: row.metric_type as Static<typeof StoredMetric>['metric_type'],
    metric_category: row.metric_category,
    metric_name: row.metric_name,
    value: row.value,
    unit: row.unit,
    source: row.source,
    endpoint: row.endpoint,
    site: row.site_slug,
    device: row.device_slug,
    tags: row.tags,
    at: row.at.toISOString(),
    received_at: row.received_at.toISOString(),
  };
}
