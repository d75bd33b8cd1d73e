import type {
  AgentFigures,
  DatabaseFigures,
  Infrastructure,
  MeasuredSeries,
  Performance,
  PerformanceSource,
} from '@watchkeeper/contracts/operations';
import type { DeviceState } from '@watchkeeper/contracts/telemetry';
import { requirePermission, type Scope } from '#modules/identity';
import { listDeviceStates } from '#modules/telemetry';
import type { Ctx } from '#platform/context';
import type { Tx } from '#platform/db/database';
import { findHome, isOwnSource } from './home.ts';
import type { OperationsScope } from './scope.ts';
import { type RequestRow, readRequests, readSeries, type SeriesRow, type Span } from './series-store.ts';
import { type DatabaseNow, readDatabase, readPeriodicWork, readQueue } from './store.ts';

const stepsMax = 120;
/** Steps are whole multiples of this, so that points do not move between two views. */
const stepSecondsMin = 10;
const stepIntervals = 1.5;
const agentsMax = 200;
const agentPagesMax = 4;
const routesMax = 50;

const hostNames = [
  'cpu_usage',
  'memory_usage',
  'disk_usage',
  'network_rx_bytes_per_sec',
  'network_tx_bytes_per_sec',
  'load_1m',
  'disk_free_bytes',
  'memory_total_bytes',
  'process_rss_bytes',
  'process_cpu_percent',
  'event_loop_delay_p99_ms',
];
const statementNames = ['statements_per_second', 'statement_p50_ms', 'statement_p95_ms', 'statement_p99_ms'];
const databaseNames = [
  'database_size_bytes',
  'database_connections',
  'database_connections_active',
  'database_locks_waiting',
  'database_longest_query_seconds',
  'database_longest_transaction_seconds',
  ...statementNames,
];
const queueNames = ['jobs_waiting', 'jobs_active', 'jobs_oldest_seconds'];
const checkNames = ['check_lateness_p99_seconds'];

/**
 * A step is longer than the time between two measurements, so that a line has holes only where measurements are
 * missing.
 */
function spanOf(ctx: Pick<Ctx, 'clock' | 'config'>, hours: number): Span {
  const now = ctx.clock.now();
  const seconds = hours * 3600;
  const wanted = Math.max(seconds / stepsMax, stepIntervals * ctx.config.metrics.collectionIntervalSeconds);
  const stepSeconds = Math.max(1, Math.ceil(wanted / stepSecondsMin)) * stepSecondsMin;
  const from = Math.floor((now - seconds * 1000) / (stepSeconds * 1000)) * stepSeconds * 1000;
  return { from: new Date(from), to: new Date(now), stepSeconds };
}

const toSpan = (span: Span) => ({
  from: span.from.toISOString(),
  to: span.to.toISOString(),
  step_seconds: span.stepSeconds,
});

/** Hosts, database and queues of the installation for callers that may see them, and the organization's agents. */
export async function readInfrastructure(
  ctx: Ctx,
  { scope, installation }: OperationsScope,
  hours = 1,
): Promise<Infrastructure> {
  requirePermission(scope, 'read');
  const span = spanOf(ctx, hours);
  const { agents, truncated } = await readAgents(ctx, scope);
  return {
    ...toSpan(span),
    tenant_id: scope.organizationSlug,
    installation: installation ? await readInstallation(ctx, span) : null,
    agents,
    agents_truncated: truncated,
  };
}

async function readInstallation(ctx: Ctx, span: Span): Promise<NonNullable<Infrastructure['installation']>> {
  // System transactions: the installation belongs to no tenant, and the caller's right was checked.
  const read = await ctx.db.system(async (tx) => ({
    rows: await readOwnSeries(ctx, tx, span, [...hostNames, ...databaseNames, ...queueNames, ...checkNames]),
    database: await readDatabase(tx),
    queue: await readQueue(tx),
    periodic: await readPeriodicWork(tx, span.to),
  }));
  const own = read.rows.filter((row) => isOwnSource(row.source));
  const named = (names: readonly string[]) => toSeries(own.filter((row) => names.includes(row.metric_name)));
  const hosts = Map.groupBy(
    own.filter((row) => hostNames.includes(row.metric_name)),
    (row) => row.source,
  );
  return {
    hosts: [...hosts].map(([source, rows]) => ({ source, series: toSeries(rows) })),
    database: { now: toDatabase(read.database), series: named(databaseNames) },
    queue: { now: read.queue, series: named(queueNames) },
    checks: named(checkNames),
    periodic: read.periodic,
  };
}

/** Measurements of the installation are stored with its first organization. */
async function readOwnSeries(ctx: Ctx, tx: Tx, span: Span, names: readonly string[]): Promise<SeriesRow[]> {
  const home = await findHome(ctx, tx);
  return home === undefined ? [] : await readSeries(tx, home, span, names);
}

/** One series per source (process) and measurement. Within a series, the steps are in order. */
function toSeries(rows: readonly SeriesRow[]): MeasuredSeries[] {
  return [...Map.groupBy(rows, (row) => `${row.metric_name} ${row.source}`).values()].flatMap((steps) => {
    const last = steps.at(-1);
    if (last === undefined) return [];
    return [
      {
        metric: last.metric_name,
        unit: last.unit,
        latest: last.last,
        latest_at: last.last_at.toISOString(),
        points: steps.map((step) => ({
          at: step.bucket.toISOString(),
          avg: round(step.avg),
          max: round(step.max),
        })),
      },
    ];
  });
}

function toDatabase({
  blocks_hit: hit,
  blocks_read: read,
  largest_tables: tables,
  ...rest
}: DatabaseNow): DatabaseFigures {
  const { longest_query_seconds: query, longest_transaction_seconds: transaction } = rest;
  return {
    ...rest,
    longest_query_seconds: round(Math.max(0, query)),
    longest_transaction_seconds: round(Math.max(0, transaction)),
    cache_hit_percent: hit + read === 0 ? null : round((100 * hit) / (hit + read)),
    largest_tables: tables ?? [],
  };
}

async function readAgents(ctx: Ctx, scope: Scope): Promise<{ agents: AgentFigures[]; truncated: boolean }> {
  const agents: AgentFigures[] = [];
  let cursor: string | null = null;
  for (let page = 0; page < agentPagesMax; page += 1) {
    const query: { limit: number; cursor?: string } = { limit: 500, ...(cursor === null ? {} : { cursor }) };
    const states: { data: DeviceState[]; next_cursor: string | null } = await listDeviceStates(
      ctx,
      scope,
      query,
    );
    agents.push(...states.data.filter(tellsOfItsHost).map(toAgent));
    cursor = states.next_cursor;
    if (cursor === null || agents.length >= agentsMax) break;
  }
  return { agents: agents.slice(0, agentsMax), truncated: cursor !== null || agents.length > agentsMax };
}

function tellsOfItsHost({ values }: DeviceState): boolean {
  return values.cpu_usage !== null || values.memory_usage !== null || values.disk_usage !== null;
}

function toAgent(state: DeviceState): AgentFigures {
  return {
    device_id: state.device_id,
    name: state.name,
    store_id: state.store_id,
    cpu_usage: state.values.cpu_usage,
    memory_usage: state.values.memory_usage,
    disk_usage: state.values.disk_usage,
    network_rx_bytes_per_sec: state.metrics?.network_rx_bytes_per_sec ?? null,
    network_tx_bytes_per_sec: state.metrics?.network_tx_bytes_per_sec ?? null,
    last_seen_at: state.last_seen_at,
    fresh: state.source.fresh,
  };
}

export const performanceFormula =
  'Requests are counted. Error rates are failed requests divided by all requests. Percentiles are taken per minute and route, and combined with their number of requests as weight, so over longer times they are close but not exact.';

/** Watchkeeper's own requests for callers that may see them, and those of the organization's servers. */
export async function readPerformance(
  ctx: Ctx,
  { scope, installation }: OperationsScope,
  hours = 1,
): Promise<Performance> {
  requirePermission(scope, 'read');
  const span = spanOf(ctx, hours);
  const rows = await ctx.db.tenant(scope.organizationId, (tx) =>
    readRequests(tx, scope.organizationId, span),
  );
  // The installation's own figures are stored with its first organization. A caller that asks about another one also
  // gets them, if permitted.
  const own = installation
    ? await ctx.db.system((tx) => readOwn(ctx, tx, span))
    : { rows: [], statements: [] };
  const others = rows.filter((row) => !isOwnSource(row.source));
  const sources = Map.groupBy([...own.rows, ...others], (row) => row.source);
  return {
    ...toSpan(span),
    tenant_id: scope.organizationSlug,
    formula: performanceFormula,
    sources: [...sources].map(([source, each]) => toSource(source, each, span)),
    statements: own.statements,
  };
}

async function readOwn(
  ctx: Ctx,
  tx: Tx,
  span: Span,
): Promise<{ rows: RequestRow[]; statements: MeasuredSeries[] }> {
  const home = await findHome(ctx, tx);
  if (home === undefined) return { rows: [], statements: [] };
  return {
    rows: (await readRequests(tx, home, span)).filter((row) => isOwnSource(row.source)),
    statements: toSeries(
      (await readSeries(tx, home, span, statementNames)).filter((row) => isOwnSource(row.source)),
    ),
  };
}

function toSource(source: string, rows: readonly RequestRow[], span: Span): PerformanceSource {
  const minutes = (span.to.getTime() - span.from.getTime()) / 60_000;
  const overall = rows.find((row) => row.endpoint === null && row.bucket === null);
  return {
    source,
    overall: toFigures(overall, minutes),
    points: rows
      .flatMap((row) => (row.endpoint === null && row.bucket !== null ? [{ row, at: row.bucket }] : []))
      .sort((a, b) => a.at.getTime() - b.at.getTime())
      .map(({ row, at }) => ({ at: at.toISOString(), ...toFigures(row, span.stepSeconds / 60) })),
    routes: rows
      .flatMap((row) =>
        row.endpoint === null ? [] : [{ endpoint: row.endpoint, ...toFigures(row, minutes) }],
      )
      .sort((a, b) => b.requests - a.requests)
      .slice(0, routesMax),
  };
}

function toFigures(row: RequestRow | undefined, minutes: number) {
  const requests = row?.requests ?? 0;
  return {
    requests: Math.round(requests),
    requests_per_minute: round(requests / minutes),
    client_error_percent: round(row?.client_errors ?? 0),
    server_error_percent: round(row?.server_errors ?? 0),
    p50_ms: round(row?.p50 ?? 0),
    p95_ms: round(row?.p95 ?? 0),
    p99_ms: round(row?.p99 ?? 0),
  };
}

function round(value: number): number {
  return Math.round(value * 100) / 100;
}
