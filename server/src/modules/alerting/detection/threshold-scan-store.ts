import { type Comparison, heartbeatMetrics } from '@watchkeeper/contracts';
import { type RawBuilder, sql } from 'kysely';
import { deviceStateRows } from '#modules/telemetry';
import type { Tx } from '#platform/db/database';
import type { EnvironmentLimits, Moment } from '../judgement.ts';
import type { DeviceScan } from '../kind.ts';
import { cooledDown } from '../observing/device-store.ts';
import { isHeartbeatMetric } from '../observing/heartbeat-metric.ts';

/** Beyond this many distinct (metric, operator) pairs the scan takes every row instead of growing its filter. */
const conditionsMax = 64;

interface Bound {
  metric: string;
  operator: Comparison;
  low: number | null;
  high: number | null;
  organization_ids: string[];
}

const thresholdOf = (limits: EnvironmentLimits) =>
  sql`coalesce((config#>>'{condition,threshold}')::float8, (${JSON.stringify(limits.thresholds)}::jsonb->>(config->>'metric'))::float8)`;

/** The loosest condition per metric and operator over all organizations: a row that does not meet it meets no rule. */
async function readBounds(tx: Tx, limits: EnvironmentLimits): Promise<Bound[]> {
  const { rows } = await sql<Bound>`
    select config->>'metric' as metric, config#>>'{condition,operator}' as operator,
      min(${thresholdOf(limits)}) as low, max(${thresholdOf(limits)}) as high,
      case when config->>'metric' = any(${[...heartbeatMetrics]}) then '{}' else array_agg(distinct organization_id) end as organization_ids
    from rules where kind = 'threshold' and enabled group by 1, 2`.execute(tx);
  return rows;
}

function numberIn(metric: RawBuilder<unknown>): RawBuilder<unknown> {
  return sql`case when json_typeof(ds.metrics->${metric}) = 'number' then (ds.metrics->>${metric})::float8 end`;
}

function mayMeet(bound: Bound): RawBuilder<unknown> {
  const standard = isHeartbeatMetric(bound.metric);
  const value = standard ? sql.ref(`ds.${bound.metric}`) : numberIn(sql`${bound.metric}::text`);
  const scope = standard
    ? sql`true`
    : sql`ds.organization_id = any(${bound.organization_ids}::uuid[]) and ds.metrics is not null`;
  if (bound.low === null || bound.high === null) return sql`false`;
  if (bound.operator === '>') return sql`(${scope} and ${value} > ${bound.low})`;
  if (bound.operator === '>=') return sql`(${scope} and ${value} >= ${bound.low})`;
  if (bound.operator === '<') return sql`(${scope} and ${value} < ${bound.high})`;
  if (bound.operator === '<=') return sql`(${scope} and ${value} <= ${bound.high})`;
  return sql`(${scope} and ${value} is not null)`;
}

const valueOfRule = sql`case r.metric ${sql.join(
  heartbeatMetrics.map((metric) => sql`when ${sql.lit(metric)} then ds.${sql.ref(metric)}`),
  sql` `,
)} else ${numberIn(sql`r.metric`)} end`;

const meets = sql`case r.operator when '>' then v.value > r.threshold when '>=' then v.value >= r.threshold
  when '<' then v.value < r.threshold when '<=' then v.value <= r.threshold
  when '==' then v.value = r.threshold else v.value <> r.threshold end`;

/** Arrivals judge thresholds within a second. This scan finds what they missed, and it is the clock for `duration`. */
export async function scanThresholds(tx: Tx, moment: Moment, limit: number): Promise<DeviceScan | null> {
  const bounds = await readBounds(tx, moment.limits);
  if (bounds.length === 0) return null;
  const { now } = moment;
  const fresh = new Date(now.getTime() - moment.limits.offlineSeconds * 1000);
  const loosest = bounds.length > conditionsMax ? sql`true` : sql.join(bounds.map(mayMeet), sql` or `);
  return {
    filter: sql`(${loosest}) and ds.last_seen_at >= ${fresh}`,
    found: sql`
      with r as materialized (
        select *, config->>'metric' as metric, config#>>'{condition,operator}' as operator,
          ${thresholdOf(moment.limits)} as threshold
        from rules where kind = 'threshold' and enabled
      ), met as (
        select ds.device_id from hot ds
        join r on r.organization_id = ds.organization_id and (r.site_id is null or r.site_id = ds.site_id)
        cross join lateral (select ${valueOfRule} as value) v
        left join alerts a on a.rule_id = r.id and a.device_id = ds.device_id and a.status <> 'resolved'
        where ds.last_seen_at >= ${fresh} and ${meets} and a.id is null and ${cooledDown(now)} limit ${limit}
      ), over as (
        select ds.device_id from alerts a join r on r.id = a.rule_id join ${deviceStateRows} ds on ds.device_id = a.device_id
        cross join lateral (select ${valueOfRule} as value) v
        where a.status <> 'resolved' and r.auto_resolve and ds.last_seen_at >= ${fresh} and not ${meets} limit ${limit}
      )
      select device_id from met union select device_id from over
      union (select device_id from rule_pending limit ${limit})`,
  };
}
