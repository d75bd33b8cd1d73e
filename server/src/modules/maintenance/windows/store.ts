import { type RawBuilder, sql } from 'kysely';
import { areaRows, deviceRows, deviceTypeRows, siteRows } from '#modules/inventory';
import type { Tx } from '#platform/db/database';
import { isId } from '#platform/ids';
import type { Occurrence, Schedule } from '../calendar/occurrences.ts';
import { type CheckRows, noChecks } from './coverable-checks.ts';
import type { ScopeEntry, Window, WindowValues } from './window.ts';

interface WindowRow {
  id: string;
  organization_id: string;
  slug: string;
  site_id: string | null;
  site_slug: string | null;
  start_at: Date;
  end_at: Date;
  timezone: string;
  recurrence: string | null;
  wall_start: string | null;
  wall_end: string | null;
  reason: string;
  suppress_alerts: boolean;
  auto_reply: string | null;
  reference: string | null;
  requested_by: string | null;
  current_start: Date | null;
  current_end: Date | null;
  run_id: string | null;
  version: number;
  created_by_kind: string;
  created_by_id: string;
  created_by_name: string;
  created_at: Date;
  updated_at: Date;
  scopes: ScopeEntry[];
}

/** With the names of the systems that the window covers. */
const columns = (checks: CheckRows) => sql`
  w.id, w.organization_id, w.slug, w.site_id, p.slug as site_slug, w.start_at, w.end_at, w.timezone, w.recurrence,
  w.wall_start, w.wall_end, w.reason, w.suppress_alerts, w.auto_reply, w.reference, w.requested_by, w.current_start, w.current_end, w.run_id, w.version,
  w.created_by_kind, w.created_by_id, w.created_by_name, w.created_at, w.updated_at,
  coalesce((
    select jsonb_agg(jsonb_strip_nulls(jsonb_build_object('kind', s.kind,
      'id', coalesce(s.area_id, s.device_id, s.device_type_id, s.check_id),
      'slug', coalesce(a.slug, d.slug, t.slug, c.slug, s.check_id::text)))
      order by s.kind, coalesce(a.slug, d.slug, t.slug, c.slug))
    from maintenance_scopes s
    left join ${areaRows} a on a.id = s.area_id left join ${deviceRows} d on d.id = s.device_id
    left join ${deviceTypeRows} t on t.id = s.device_type_id left join ${checks} c on c.id = s.check_id
    where s.window_id = w.id), '[]') as scopes`;
const joined = sql`maintenance_windows w left join ${siteRows} p on p.id = w.site_id`;

type ScheduleRow = Pick<
  WindowRow,
  'start_at' | 'end_at' | 'timezone' | 'recurrence' | 'wall_start' | 'wall_end'
>;

function toSchedule(row: ScheduleRow): Schedule {
  const { wall_start: start, wall_end: end } = row;
  return {
    startAt: row.start_at,
    endAt: row.end_at,
    timezone: row.timezone,
    recurrence: row.recurrence,
    wall: start === null || end === null ? null : { start, end },
  };
}

function toWindow(row: WindowRow): Window {
  return {
    id: row.id,
    organizationId: row.organization_id,
    slug: row.slug,
    siteId: row.site_id,
    siteSlug: row.site_slug,
    scopes: row.scopes,
    ...toSchedule(row),
    reason: row.reason,
    suppressAlerts: row.suppress_alerts,
    autoReply: row.auto_reply,
    reference: row.reference,
    requestedBy: row.requested_by,
    current:
      row.current_start === null || row.current_end === null
        ? null
        : { start: row.current_start, end: row.current_end },
    runId: row.run_id,
    version: row.version,
    createdBy: { kind: row.created_by_kind, id: row.created_by_id, name: row.created_by_name },
    createdAt: row.created_at,
    updatedAt: row.updated_at,
  };
}

/** Found by slug, by id, else by another system's reference. `lock` locks the row for a change. */
export async function findWindow(
  tx: Tx,
  checks: CheckRows,
  organizationId: string,
  reference: string,
  lock = false,
): Promise<Window | undefined> {
  const { rows } = await sql<WindowRow>`
    select ${columns(checks)} from ${joined}
    where w.organization_id = ${organizationId} and w.deleted_at is null
      and (w.slug = ${reference} or w.reference = ${reference} or w.id = ${isId(reference) ? reference : null})
    order by (w.slug = ${reference}) desc, (w.reference = ${reference}) is not true desc limit 1 ${lock ? sql`for update of w` : sql``}`.execute(
    tx,
  );
  return rows[0] === undefined ? undefined : toWindow(rows[0]);
}

/** Also finds a deleted window, because its reports can still be read. */
export async function findWindowId(
  tx: Tx,
  organizationId: string,
  reference: string,
): Promise<string | undefined> {
  const { rows } = await sql<{ id: string }>`
    select id from maintenance_windows where organization_id = ${organizationId}
      and (((slug = ${reference} or reference = ${reference}) and deleted_at is null) or id = ${isId(reference) ? reference : null})
    order by (deleted_at is null) desc limit 1`.execute(tx);
  return rows[0]?.id;
}

export interface WindowFilter {
  readonly status: string | null;
  readonly site: string | null;
  readonly now: Date;
  readonly after: { at: Date; id: string } | null;
  readonly limit: number;
}

/** Newest first, one more than the page holds. */
export async function selectWindows(
  tx: Tx,
  checks: CheckRows,
  organizationId: string,
  filter: WindowFilter,
): Promise<Window[]> {
  const where: RawBuilder<unknown>[] = [sql`w.organization_id = ${organizationId} and w.deleted_at is null`];
  const running = sql`coalesce(w.current_start <= ${filter.now} and w.current_end > ${filter.now}, false)`;
  if (filter.status === 'over') where.push(sql`w.current_start is null`);
  if (filter.status === 'running') where.push(running);
  if (filter.status === 'scheduled') where.push(sql`w.current_start is not null and not ${running}`);
  if (filter.site !== null) where.push(sql`(p.slug = ${filter.site} or p.id::text = ${filter.site})`);
  if (filter.after !== null)
    where.push(
      sql`(date_trunc('milliseconds', w.created_at), w.id) < (${filter.after.at}, ${filter.after.id})`,
    );
  const { rows } = await sql<WindowRow>`
    select ${columns(checks)} from ${joined} where ${sql.join(where, sql` and `)}
    order by date_trunc('milliseconds', w.created_at) desc, w.id desc limit ${filter.limit + 1}`.execute(tx);
  return rows.map(toWindow);
}

/** All windows, for the calendar, the feed and manifests. Their number is limited. */
export async function selectAllWindows(
  tx: Tx,
  checks: CheckRows,
  organizationId: string,
  limit: number,
): Promise<Window[]> {
  const { rows } = await sql<WindowRow>`
    select ${columns(checks)} from ${joined} where w.organization_id = ${organizationId} and w.deleted_at is null
    order by w.slug limit ${limit}`.execute(tx);
  return rows.map(toWindow);
}

/**
 * Recurring windows without a next occurrence: they are over, or their calendar cannot be read. Across tenants, at
 * most `limit`. Those that changed last come first.
 */
export async function selectResting(tx: Tx, limit: number): Promise<Schedule[]> {
  const { rows } = await sql<ScheduleRow>`
    select start_at, end_at, timezone, recurrence, wall_start, wall_end from maintenance_windows
    where deleted_at is null and current_start is null and recurrence is not null
    order by updated_at desc limit ${limit}`.execute(tx);
  return rows.map(toSchedule);
}

/** Concurrent creations wait for each other here, so that the count stays correct until they insert. */
export async function countWindows(tx: Tx, organizationId: string): Promise<number> {
  await sql`select pg_advisory_xact_lock(hashtextextended(${`maintenance ${organizationId}`}, 0))`.execute(
    tx,
  );
  const { rows } = await sql<{ count: number }>`
    select count(*)::int as count from maintenance_windows
    where organization_id = ${organizationId} and deleted_at is null`.execute(tx);
  return rows[0]?.count ?? 0;
}

/** False when the slug is taken. */
export async function insertWindow(
  tx: Tx,
  window: Pick<Window, 'id' | 'organizationId' | 'createdBy'> & WindowValues,
  at: Date,
): Promise<boolean> {
  const { createdBy } = window;
  const { rows } = await sql`
    insert into maintenance_windows (organization_id, id, slug, site_id, start_at, end_at, timezone, recurrence, wall_start, wall_end,
      reason, suppress_alerts, auto_reply, reference, requested_by, created_by_kind, created_by_id, created_by_name, created_at, updated_at)
    values (${window.organizationId}, ${window.id}, ${window.slug}, ${window.siteId}, ${window.startAt}, ${window.endAt},
      ${window.timezone}, ${window.recurrence}, ${window.wall?.start ?? null}, ${window.wall?.end ?? null}, ${window.reason}, ${window.suppressAlerts}, ${window.autoReply},
      ${window.reference}, ${window.requestedBy},
      ${createdBy.kind}, ${createdBy.id}, ${createdBy.name}, ${at}, ${at})
    on conflict (organization_id, slug) where deleted_at is null do nothing returning id`.execute(tx);
  return rows.length === 1;
}

export async function updateWindow(tx: Tx, id: string, values: WindowValues, at: Date): Promise<void> {
  await sql`
    update maintenance_windows set slug = ${values.slug}, site_id = ${values.siteId}, start_at = ${values.startAt},
      end_at = ${values.endAt}, timezone = ${values.timezone}, recurrence = ${values.recurrence},
      wall_start = ${values.wall?.start ?? null}, wall_end = ${values.wall?.end ?? null}, reason = ${values.reason},
      suppress_alerts = ${values.suppressAlerts}, auto_reply = ${values.autoReply},
      reference = ${values.reference}, requested_by = ${values.requestedBy}, version = version + 1, updated_at = ${at}
    where id = ${id}`.execute(tx);
}

export async function replaceScopes(
  tx: Tx,
  organizationId: string,
  windowId: string,
  scopes: readonly ScopeEntry[],
): Promise<void> {
  await sql`delete from maintenance_scopes where window_id = ${windowId}`.execute(tx);
  const idOf = (kind: string) =>
    scopes.map((scope) => (scope.kind === kind && scope.kind !== 'all' ? scope.id : null));
  await sql`
    insert into maintenance_scopes (organization_id, window_id, kind, area_id, device_id, device_type_id, check_id)
    select ${organizationId}, ${windowId}, * from unnest(${scopes.map((scope) => scope.kind)}::text[],
      ${idOf('area')}::uuid[], ${idOf('device')}::uuid[], ${idOf('device_type')}::uuid[],
      ${idOf('check')}::uuid[])`.execute(tx);
}

/** Does not raise the version, because no user made this change. */
export async function setCurrent(
  tx: Tx,
  id: string,
  current: Occurrence | null,
  runId: string | null,
): Promise<void> {
  await sql`update maintenance_windows set current_start = ${current?.start ?? null}, current_end = ${current?.end ?? null},
    run_id = ${runId} where id = ${id}`.execute(tx);
}

/** For a window without recurrence, an extension changes its end permanently. */
export async function touchWindow(tx: Tx, id: string, endAt: Date | null, at: Date): Promise<void> {
  await sql`update maintenance_windows set end_at = coalesce(${endAt}, end_at), version = version + 1, updated_at = ${at}
    where id = ${id}`.execute(tx);
}

export async function markDeleted(tx: Tx, id: string, at: Date): Promise<void> {
  await sql`update maintenance_windows set deleted_at = ${at}, current_start = null, current_end = null, run_id = null,
    version = version + 1, updated_at = ${at} where id = ${id}`.execute(tx);
}

export async function lockWindows(tx: Tx, ids: readonly string[]): Promise<Window[]> {
  const { rows } = await sql<WindowRow>`
    select ${columns(noChecks)} from ${joined} where w.id = any(${[...ids]}::uuid[]) order by w.id for update of w`.execute(
    tx,
  );
  return rows.map(toWindow);
}

/** Windows with a future occurrence that are not running. */
export async function lockPassed(tx: Tx, now: Date, limit: number): Promise<Window[]> {
  const { rows } = await sql<WindowRow>`
    select ${columns(noChecks)} from ${joined}
    where w.deleted_at is null and w.run_id is null and (w.recurrence is not null or w.end_at > ${now})
    order by w.id limit ${limit} for update of w`.execute(tx);
  return rows.map(toWindow);
}

/** Windows whose occurrence begins or ends by `now`. Rows that another worker has locked are skipped. */
export async function claimDue(tx: Tx, now: Date, limit: number): Promise<Window[]> {
  const { rows } = await sql<WindowRow>`
    select ${columns(noChecks)} from ${joined}
    where w.deleted_at is null and w.current_start <= ${now} and (w.run_id is null or w.current_end <= ${now})
    order by w.id limit ${limit} for update of w skip locked`.execute(tx);
  return rows.map(toWindow);
}
