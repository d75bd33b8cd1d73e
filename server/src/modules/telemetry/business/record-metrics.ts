import { type CustomMetric, unnamedSource } from '@watchkeeper/contracts/telemetry';
import type { Ctx } from '#platform/context';
import { inParts } from '#platform/db/parts';
import { newId } from '#platform/ids';
import { runtimeOf } from '../runtime.ts';
import { insertMetrics, type NewMetric } from './metric-store.ts';
import { type Checked, type ItemReceipt, refusedReceipt, toOccurred } from './record-events.ts';
import { type Places, readPlaces } from './references.ts';

export async function recordMetrics(
  ctx: Ctx,
  organizationId: string,
  items: readonly Checked<CustomMetric>[],
): Promise<ItemReceipt[]> {
  if (items.length === 0) return [];
  const now = ctx.clock.now();
  await runtimeOf(ctx).days.ensureFor(now);
  return await ctx.db.tenant(organizationId, async (tx) => {
    const places = await readPlaces(
      tx,
      organizationId,
      items.map((item) => item.value),
    );
    const receipts: ItemReceipt[] = [];
    const metrics: { index: number; metric: NewMetric }[] = [];
    for (const { index, value } of items) {
      try {
        metrics.push({ index, metric: toNewMetric(ctx, places, value, now) });
      } catch (error) {
        receipts.push(refusedReceipt(index, error));
      }
    }
    const { results, faults } = await inParts(tx, metrics, async (part) => {
      await insertMetrics(
        tx,
        organizationId,
        part.map(({ metric }) => metric),
      );
      return part.map(({ index, metric: { id } }) => ({ index, id, accepted: true, duplicate: false }));
    });
    receipts.push(...results.flat(), ...faults.map(({ item, error }) => refusedReceipt(item.index, error)));
    if (results.length > 0) await ctx.live.publish(tx, { organizationId, topic: 'metric', ids: [] });
    return receipts;
  });
}

function toNewMetric(ctx: Ctx, places: Places, metric: CustomMetric, now: number): NewMetric {
  const device = metric.device === undefined ? null : places.device(metric.device);
  return {
    received_at: new Date(now),
    at: toOccurred('at', metric.at, now, ctx.config.metrics.retentionDays),
    id: newId(),
    metric_type: metric.metric_type,
    metric_category: metric.metric_category,
    metric_name: metric.metric_name,
    value: metric.value,
    unit: metric.unit,
    source: metric.source ?? unnamedSource,
    endpoint: metric.endpoint ?? null,
    site_id: metric.site === undefined ? (device?.site_id ?? null) : places.site(metric.site).id,
    device_id: device?.id ?? null,
    tags: metric.tags ?? null,
  };
}
