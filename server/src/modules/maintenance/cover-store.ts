import { type RawBuilder, sql } from 'kysely';

/**
 * Rows for higher floors to join with, to find subjects under maintenance, any number of them in one statement. They
 * depend on the time only, not on a worker. So no alert gets through because a worker is late.
 */
export function runningWindows(now: Date): RawBuilder<unknown> {
  return sql`
    select w.organization_id, w.id, w.slug, w.site_id, w.reason, w.suppress_alerts, w.current_start, w.current_end,
      s.area_id, s.device_id, s.device_type_id, s.check_id, s.kind
    from maintenance_windows w join maintenance_scopes s on s.window_id = w.id
    where w.deleted_at is null and w.current_start <= ${now} and w.current_end > ${now}`;
}

/** The scope of one window, running or not. It has the columns that `reaches` needs. */
export function windowScope(windowId: string): RawBuilder<unknown> {
  return sql`
    select w.organization_id, w.id, w.site_id, s.area_id, s.device_id, s.device_type_id, s.check_id, s.kind
    from maintenance_windows w join maintenance_scopes s on s.window_id = w.id where w.id = ${windowId}`;
}

/**
 * Whether a row `w` of the above covers the device `d` (a devices row, or nulls) at `site`, or the subject of an alert
 * (`check:` and an id), if there is one.
 */
export function reaches(site: RawBuilder<unknown>, subject?: RawBuilder<unknown>): RawBuilder<boolean> {
  const check = subject === undefined ? sql`` : sql` or ${subject} = 'check:' || w.check_id`;
  return sql<boolean>`(w.site_id is null or w.site_id = ${site}) and (
    w.kind = 'all' or w.area_id = d.area_id or w.device_id = d.id or w.device_type_id = d.type_id${check})`;
}

/**
 * The maintenance between two instants, as it really ran and with the scope that it had then: rows for `reaches`, with
 * `run_from` and `run_to`. Runs from an earlier release have no stored cover, so the current cover of their window
 * counts.
 */
export function pastRuns(from: Date, to: Date): RawBuilder<unknown> {
  return sql`
    select r.organization_id, r.window_id as id, s.site_id, s.area_id, s.device_id, s.device_type_id, s.check_id, s.kind,
      greatest(r.started_at, s.from_at) as run_from, least(coalesce(r.ended_at, r.planned_end_at), s.to_at, ${to}) as run_to
    from maintenance_runs r join (
      select run_id, from_at, to_at, site_id, area_id, device_id, device_type_id, check_id, kind from maintenance_run_covers
      union all
      select o.id, o.started_at, null, w.site_id, x.area_id, x.device_id, x.device_type_id, x.check_id, x.kind
      from maintenance_runs o join maintenance_windows w on w.id = o.window_id join maintenance_scopes x on x.window_id = w.id
      where not exists (select from maintenance_run_covers k where k.run_id = o.id)
    ) s on s.run_id = r.id
    where r.started_at < ${to} and coalesce(r.ended_at, r.planned_end_at) > ${from}`;
}
