import {
  type ServiceName,
  type SystemHealth,
  type SystemStatus,
  serviceNames,
} from '@watchkeeper/contracts/operations';
import { requirePermission } from '#modules/identity';
import type { Ctx } from '#platform/context';
import { AppError } from '#platform/errors';
import { readCheckHealth } from './check-health.ts';
import { spansMax, withHoles } from './history.ts';
import type { OperationsScope } from './scope.ts';
import { type Found, lookAtServices, serviceTitles, toLook, toOwnService, worstOf } from './services.ts';
import {
  countAlerts,
  deleteHealthBefore,
  type HealthSpan,
  listCurrentHealth,
  listHealth,
  noteHealth,
} from './store.ts';

/** After two missed looks and some tolerance, the time counts as not measured. */
const gapIntervals = 2.5;
const gapSecondsMin = 30;
const dayMs = 86_400_000;

const gapSeconds = (ctx: Pick<Ctx, 'config'>) =>
  Math.max(gapSecondsMin, gapIntervals * ctx.config.healthCheckIntervalSeconds);

/** Runs on HEALTH_CHECK_INTERVAL, in one worker: checks the services and stores their status as stretches. */
export async function watchServices(ctx: Ctx): Promise<void> {
  const found = await lookAtServices(ctx);
  const now = new Date(ctx.clock.now());
  for (const one of found)
    if (one.status === 'fail')
      ctx.log.error({ service: one.service }, one.output ?? 'a service of our own fails');
  await ctx.db.system((tx) => noteHealth(tx, found.map(toLook), now, gapSeconds(ctx)));
}

export async function purgeHealth(ctx: Ctx): Promise<void> {
  const days = Math.max(ctx.config.metrics.retentionDays, uptimeDaysMax);
  await ctx.db.system((tx) => deleteHealthBefore(tx, new Date(ctx.clock.now() - days * dayMs)));
}

const statusWords = { pass: 'works.', warn: 'needs a look.', fail: 'fails.' } as const;

/** The overall status, each of Watchkeeper's own services, and the numbers of the organization's alerts. */
export async function readStatus(ctx: Ctx, { scope, installation }: OperationsScope): Promise<SystemStatus> {
  requirePermission(scope, 'read');
  const looked = await lookAtServices(ctx);
  const found = installation ? looked : looked.map(withoutDetails);
  const status = worstOf(found);
  // A full database still answers, and its status says so. This error is only for one that does not answer.
  if (looked.some((one) => one.service === 'database' && one.value === null))
    throw new AppError('database_unavailable', 'The database does not answer at the moment.');
  const current = await ctx.db.system(listCurrentHealth);
  const alerts = await ctx.db.tenant(scope.organizationId, (tx) => countAlerts(tx, scope.organizationId));
  return {
    status,
    summary: summaryOf(found),
    tenant_id: scope.organizationSlug,
    checked_at: new Date(ctx.clock.now()).toISOString(),
    services: found.map((one) => {
      const kept = current.find((span) => span.service === one.service && span.status === one.status);
      return toOwnService(one, kept?.from_at ?? null);
    }),
    alerts,
  };
}

/** Texts and figures may name hosts or other tenants' work, so only callers that may see the installation get them. */
function withoutDetails(found: Found): Found {
  return { ...found, output: null, value: null, unit: null };
}

function summaryOf(found: readonly Found[]): string {
  const bad = found.filter((one) => one.status !== 'pass');
  if (bad.length === 0) return 'All of Watchkeeper’s own services work.';
  return bad
    .map((one) => `${serviceTitles[one.service]}: ${one.output ?? statusWords[one.status]}`)
    .join(' ');
}

/** One service: its state now, its history, and its uptime. @throws not_found */
export async function readHealth(
  ctx: Ctx,
  { scope, installation }: OperationsScope,
  service: string,
  hours = 24,
): Promise<SystemHealth> {
  requirePermission(scope, 'read');
  const word = service.trim().toLowerCase();
  const name: ServiceName | undefined = serviceNames.find(
    (one) => one === word || serviceTitles[one].toLowerCase() === word,
  );
  if (name === undefined) return await readCheckHealth(ctx, scope, service, hours);
  const looked = (await lookAtServices(ctx)).find((one) => one.service === name);
  const found = installation || looked === undefined ? looked : withoutDetails(looked);
  if (found === undefined)
    throw new AppError('database_unavailable', 'The database does not answer at the moment.');
  const now = new Date(ctx.clock.now());
  const from = new Date(now.getTime() - hours * 3_600_000);
  // Texts of the history may name hosts, so they are removed for callers that may not see the installation.
  const rows = await ctx.db.system((tx) =>
    listHealth(tx, name, new Date(now.getTime() - uptimeDaysMax * dayMs), spansMax),
  );
  const spans = installation ? rows : rows.map((row) => ({ ...row, output: null }));
  const kept = rows.at(-1);
  return {
    ...toOwnService(found, kept?.status === found.status ? kept.from_at : null),
    check: null,
    from: from.toISOString(),
    to: now.toISOString(),
    history: withHoles(spans, from, now, gapSeconds(ctx)),
    truncated: rows.length === spansMax,
    uptime: uptimeWindows.map(([window, days]) => ({
      window,
      ...uptimeOf(rows, now, days, gapSeconds(ctx)),
    })),
    formula: healthFormula,
  };
}

const uptimeDaysMax = 90;
const uptimeWindows = [
  ['24h', 1],
  ['7d', 7],
  ['30d', 30],
  ['90d', 90],
] as const;

export const healthFormula =
  'available = up / (up + down). Up is the time in which the service passed or only warned; down is the time in which it failed. Time that was not measured is unknown and counts as neither.';

export function uptimeOf(spans: readonly HealthSpan[], now: Date, days: number, gap: number) {
  const from = new Date(now.getTime() - days * dayMs);
  let up = 0;
  let down = 0;
  let unknown = 0;
  for (const part of withHoles(spans, from, now, gap)) {
    const seconds = (Date.parse(part.to) - Date.parse(part.from)) / 1000;
    if (part.status === null) unknown += seconds;
    else if (part.status === 'fail') down += seconds;
    else up += seconds;
  }
  const known = up + down;
  return {
    from: from.toISOString(),
    available_percent: known === 0 ? null : Math.round((1e6 * up) / known) / 1e4,
    up_seconds: up,
    down_seconds: down,
    unknown_seconds: unknown,
  };
}
