import { type Comparison, comparisons } from '@watchkeeper/contracts';
import { type Arrival, registerArrivalCheck, registerSilenceLimit } from '#modules/telemetry';
import type { Ctx } from '#platform/context';
import type { EnvironmentLimits } from '../judgement.ts';
import { metricValue } from '../observing/heartbeat-metric.ts';
import { unseenSeconds } from '../past/judge-silence.ts';
import { listSilenceLimits, listThresholdRules, type ThresholdRow } from '../rules/store.ts';
import { compare } from '../words.ts';
import { environmentLimits } from './moment.ts';

/** After a missed live change the copy is outdated for at most this long. The tick judges in the meantime. */
const reloadMs = 30_000;

/** A setting can change too: it is the limit where a rule leaves its own open. */
const reloadTopics = new Set(['rule', 'resync']);

interface Condition {
  readonly siteId: string | null;
  readonly metric: string;
  readonly operator: Comparison;
  readonly threshold: number;
}

type Conditions = ReadonlyMap<string, readonly Condition[]>;

/**
 * Compares every live heartbeat, in memory and before it is committed, with the thresholds. If a value meets one,
 * intake reports the device, and the rule itself judges it. It also tells intake from which length on a past silence is
 * reported. The copy of the rules is outdated for at most `reloadMs`.
 */
export async function startArrivalCheck(ctx: Ctx): Promise<AsyncDisposable> {
  const limits = environmentLimits(ctx.config);
  let conditions: Conditions = new Map();
  /** Seconds; null: the limit of the environment. */
  let patience: readonly (number | null)[] = [];
  let loadedAt = Number.NEGATIVE_INFINITY;
  let loading: Promise<void> | undefined;
  let again = false;

  async function load(): Promise<void> {
    loadedAt = ctx.clock.monotonic();
    const read = await ctx.db.system(async (tx) => ({
      thresholds: await listThresholdRules(tx, null),
      silence: await listSilenceLimits(tx),
    }));
    conditions = compileConditions(read.thresholds, limits);
    patience = read.silence;
  }

  function reload(): void {
    if (loading !== undefined) {
      again = true;
      return;
    }
    loading = load()
      .catch((error) =>
        ctx.log.warn({ err: error }, 'the threshold rules could not be read; the last known ones stay'),
      )
      .finally(() => {
        loading = undefined;
        if (again) {
          again = false;
          reload();
        }
      });
  }

  await load();
  const unsubscribe = ctx.live.subscribe(null, (change) => {
    if (reloadTopics.has(change.topic)) reload();
  });
  const unfollow = ctx.settings.onChange(reload);
  const unregister = registerArrivalCheck(ctx, (arrival) => {
    if (ctx.clock.monotonic() - loadedAt > reloadMs) reload();
    return meetsAny(conditions, arrival);
  });
  const unregisterLimit = registerSilenceLimit(ctx, () => {
    const least = Math.min(...patience.map((seconds) => seconds ?? limits.offlineSeconds));
    return (least + unseenSeconds(ctx)) * 1_000;
  });
  return {
    async [Symbol.asyncDispose]() {
      unsubscribe();
      unfollow();
      unregister();
      unregisterLimit();
      await loading;
    },
  };
}

export function compileConditions(rows: readonly ThresholdRow[], limits: EnvironmentLimits): Conditions {
  const conditions = new Map<string, Condition[]>();
  for (const { organization_id: organizationId, site_id: siteId, config } of rows) {
    const operator = comparisons.find((known) => known === config.condition.operator);
    const threshold = config.condition.threshold ?? limits.thresholds[config.metric];
    if (operator === undefined || threshold === undefined) continue;
    const own = conditions.get(organizationId) ?? [];
    own.push({ siteId, metric: config.metric, operator, threshold });
    conditions.set(organizationId, own);
  }
  return conditions;
}

export function meetsAny(conditions: Conditions, arrival: Arrival): boolean {
  for (const condition of conditions.get(arrival.organizationId) ?? []) {
    if (condition.siteId !== null && condition.siteId !== arrival.siteId) continue;
    const value = metricValue(condition.metric, arrival.values, arrival.metrics);
    if (value !== null && compare(value, condition.operator, condition.threshold)) return true;
  }
  return false;
}
