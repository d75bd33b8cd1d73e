import { type RawBuilder, sql } from 'kysely';
import { deviceRows, deviceTypeRows, siteRows } from '#modules/inventory';
import { pastRuns, reaches } from '#modules/maintenance';
import type { Tx } from '#platform/db/database';
import { isId } from '#platform/ids';
import { intervalSecondsMin, settingDefaults } from '../settings.ts';

/**
 * The result of a check that waits for pings holds until the next one, but an older result than this is not searched
 * for.
 */
const passiveSecondsMax = 40 * 86_400;

export interface ResultWindow {
  readonly from: Date;
  readonly to: Date;
  /** null: all checks. */
  readonly checkIds: readonly string[] | null;
  readonly passiveKinds: readonly string[];
}

/**
 * The results within the window as stretches (check_id, organization_id, from_at, to_at, status). A result counts until
 * the next one, but for at most two intervals and the time that a run may take: without a run, the state is unknown.
 * The result of a check that waits for pings holds until the next one, however old it is. Its state at the start of the
 * window comes from the check's own state, or from the stretch that ends there. A check that is switched off is
 * unknown.
 */
function stretches({ from, to, checkIds, passiveKinds }: ResultWindow): RawBuilder<unknown> {
  const only = (column: string) =>
    checkIds === null ? sql`true` : sql`${sql.ref(column)} = any(${[...checkIds]}::uuid[])`;
  return sql`
    with c as materialized (
      select c.id, c.organization_id, c.kind = any(${[...passiveKinds]}::text[]) as passive,
        case when c.kind = any(${[...passiveKinds]}::text[]) then null
          else 2 * greatest(coalesce(c.interval_seconds, t.check_interval_seconds, ${sql.lit(settingDefaults.interval)}), ${sql.lit(intervalSecondsMin)})
            + (coalesce(c.timeout_seconds, t.timeout_seconds, ${sql.lit(settingDefaults.timeout)}) + 1)
              * (coalesce(c.retries, t.retries, ${sql.lit(settingDefaults.retries)}) + 1) end as cover_s,
        s.last_at, s.status, coalesce(s.last_at < ${from} and s.status <> 'pending', false) as stands
      from checks c join check_state s on s.check_id = c.id
      left join ${deviceRows} d on d.id = c.device_id left join ${deviceTypeRows} t on t.id = d.type_id where ${only('c.id')}
    ), results as (
      select x.check_id, x.at, x.status from check_results x
      where x.at >= ${from} and x.at < ${to} and ${only('x.check_id')}
      union all
      select c.id, c.last_at, c.status from c where c.stands
      union all
      select c.id, l.at, l.status from c cross join lateral (
        select x.at, x.status from check_results x
        where x.check_id = c.id and x.at < ${from}
          and x.at >= ${from}::timestamptz - make_interval(secs => coalesce(c.cover_s, ${passiveSecondsMax}::float8))
        order by x.at desc limit 1) l
      where not c.stands
      union all
      -- Sorts before any result at that instant.
      select c.id, ${from}::timestamptz - interval '1 microsecond', l.status from c cross join lateral (
        select x.status from check_spans x where x.check_id = c.id and x.to_at = ${from} limit 1) l
      where c.passive and not c.stands and not exists (
        select from check_results x where x.check_id = c.id and x.at < ${from}
          and x.at >= ${from}::timestamptz - make_interval(secs => ${passiveSecondsMax}::float8))
    ), covered as (
      select c.organization_id, r.check_id, r.status, greatest(r.at, ${from}) as from_at,
        least(lead(r.at) over (partition by r.check_id order by r.at), r.at + make_interval(secs => c.cover_s), ${to},
          (select min(p.at) from check_pauses p where p.check_id = r.check_id and p.at >= r.at)) as to_at
      from results r join c on c.id = r.check_id
    ), known as (
      select *, case when lag(to_at) over w = from_at and lag(status) over w = status then 0 else 1 end as head
      from covered where status in ('up', 'down') and to_at > from_at
      window w as (partition by check_id order by from_at)
    ), numbered as (
      select *, sum(head) over (partition by check_id order by from_at) as n from known
    )
    select organization_id, check_id, status, min(from_at) as from_at, max(to_at) as to_at
    from numbered group by organization_id, check_id, status, n`;
}

/** Locks the progress, so that one worker at a time sums up. `first`: where the very first turn begins. */
export async function lockProgress(tx: Tx, first: Date): Promise<Date> {
  await sql`insert into check_spans_progress (upto) values (${first}) on conflict do nothing`.execute(tx);
  const { rows } = await sql<{ upto: Date }>`select upto from check_spans_progress for update`.execute(tx);
  return rows[0]?.upto ?? first;
}

export async function saveProgress(tx: Tx, upto: Date): Promise<void> {
  await sql`update check_spans_progress set upto = ${upto}`.execute(tx);
}

/** A tenant cannot see the progress row, so readers use a system transaction. */
export async function readProgress(tx: Tx): Promise<Date | undefined> {
  const { rows } = await sql<{ upto: Date }>`select upto from check_spans_progress`.execute(tx);
  return rows[0]?.upto;
}

export async function findFirstCheckAt(tx: Tx): Promise<Date | null> {
  const { rows } = await sql<{ first: Date | null }>`select min(created_at) as first from checks`.execute(tx);
  return rows[0]?.first ?? null;
}

/** Stores one window of its checks in one statement. A stretch with the same status as the one before extends it. */
export async function insertSpans(tx: Tx, window: ResultWindow, grow: boolean): Promise<void> {
  await sql`
    with new as materialized (${stretches(window)}), grown as (
      update check_spans s set to_at = n.to_at from new n
      where ${grow} and s.check_id = n.check_id and s.to_at = n.from_at and n.from_at = ${window.from} and s.status = n.status
      returning n.check_id
    )
    insert into check_spans (organization_id, check_id, from_at, to_at, status)
    select n.organization_id, n.check_id, n.from_at, n.to_at, n.status from new n
    where not (n.from_at = ${window.from} and n.check_id in (select check_id from grown))
    on conflict (check_id, from_at) do update set to_at = excluded.to_at, status = excluded.status`.execute(
    tx,
  );
}

export async function listCheckIds(tx: Tx): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`select id from checks order by id`.execute(tx);
  return rows.map((row) => row.id);
}

export async function deleteSpansBefore(tx: Tx, before: Date, limit: number): Promise<number> {
  const { numAffectedRows } = await sql`
    delete from check_spans where ctid = any(array(select ctid from check_spans where to_at < ${before} limit ${limit}))`.execute(
    tx,
  );
  return Number(numAffectedRows ?? 0);
}

/** Deletes pauses that are too old for any window. */
export async function deletePausesBefore(tx: Tx, before: Date): Promise<void> {
  await sql`delete from check_pauses p where at < ${before}
    and exists (select from check_state s where s.check_id = p.check_id and s.last_at > p.at)`.execute(tx);
}

export interface SitePlace {
  id: string;
  slug: string;
  timezone: string;
  opening_hours: unknown;
}

export async function findSite(tx: Tx, siteId: string): Promise<SitePlace | undefined> {
  const { rows } = await sql<SitePlace>`
    select id, slug, timezone, opening_hours from ${siteRows} s where id = ${siteId}`.execute(tx);
  return rows[0];
}

export interface UptimeWindow {
  readonly key: string;
  readonly from: Date;
  readonly to: Date;
}

export interface UptimeRow {
  key: string;
  basis: 'clock' | 'opening_hours';
  total: number;
  maintenance: number;
  up: number;
  down: number;
  outages: number;
  longest_outage: number;
}

export interface UptimeQuestion {
  readonly check: { readonly id: string; readonly site_id: string | null; readonly device_id: string | null };
  readonly windows: readonly UptimeWindow[];
  readonly from: Date;
  readonly now: Date;
  /** Stretches are stored up to here. Later time is computed from single results. */
  readonly stored: Date;
  /** null: all time counts, without opening hours. */
  readonly open: readonly { readonly from: Date; readonly to: Date }[] | null;
  readonly passiveKinds: readonly string[];
}

const seconds = (ranges: RawBuilder<unknown>) =>
  sql`(select coalesce(sum(extract(epoch from upper(x) - lower(x))), 0)::float8 from unnest(${ranges}) x)`;

/** Sums up and down time within each window, and the same within opening hours, both without maintenance. */
export async function readUptime(tx: Tx, question: UptimeQuestion): Promise<UptimeRow[]> {
  const { check, windows, from, now, stored, open, passiveKinds } = question;
  const fresh = stretches({ from: stored, to: now, checkIds: [check.id], passiveKinds });
  const bases =
    open === null
      ? sql`select 'clock' as basis, '{(,)}'::tstzmultirange as r`
      : sql`select 'clock' as basis, '{(,)}'::tstzmultirange as r
        union all
        select 'opening_hours', coalesce((select range_agg(tstzrange(o.from_at, o.to_at))
          from unnest(${open.map((span) => span.from)}::timestamptz[], ${open.map((span) => span.to)}::timestamptz[]) as o(from_at, to_at)), '{}')`;
  const { rows } = await sql<UptimeRow>`
    with known as (
      select status, tstzrange(from_at, to_at) as r from check_spans where check_id = ${check.id} and to_at > ${from} and from_at < ${stored}
      union all
      select status, tstzrange(from_at, to_at) from (${fresh}) fresh
    ), told as (
      select coalesce(range_agg(r) filter (where status = 'up'), '{}'::tstzmultirange) as up,
        coalesce(range_agg(r) filter (where status = 'down'), '{}'::tstzmultirange) as down
      from known
    ), planned as (
      select coalesce(range_agg(tstzrange(w.run_from, w.run_to)), '{}'::tstzmultirange) as r
      from (${pastRuns(from, now)}) w left join ${deviceRows} d on d.id = ${check.device_id}
      where ${reaches(sql`${check.site_id}::uuid`, sql`'check:' || ${check.id}::text`)} and w.run_to > w.run_from
    ), bases as (${bases}), cut as (
      select v.key, b.basis, v.n, tstzmultirange(tstzrange(v.from_at, v.to_at)) * b.r as whole, p.r as planned, t.up, t.down
      from unnest(${windows.map((w) => w.key)}::text[], ${windows.map((w) => w.from)}::timestamptz[],
        ${windows.map((w) => w.to)}::timestamptz[]) with ordinality as v(key, from_at, to_at, n)
      cross join bases b cross join told t cross join planned p
    )
    select key, basis, ${seconds(sql`whole`)} as total, ${seconds(sql`whole * planned`)} as maintenance,
      ${seconds(sql`whole * up - planned`)} as up, ${seconds(sql`whole * down - planned`)} as down,
      (select count(*)::int from unnest(whole * down - planned) x) as outages,
      (select coalesce(max(extract(epoch from upper(x) - lower(x))), 0)::float8 from unnest(whole * down - planned) x) as longest_outage
    from cut order by n, basis`.execute(tx);
  return rows;
}

export interface Stretch {
  from_at: Date;
  to_at: Date;
  status: 'up' | 'down';
}

/**
 * The stretches of one check, stored and newly computed. Where the stored ones end, two touching stretches are merged.
 * The newest ones, oldest first.
 */
export async function listStretches(
  tx: Tx,
  question: {
    checkId: string;
    from: Date;
    to: Date;
    stored: Date;
    limit: number;
    passiveKinds: readonly string[];
  },
): Promise<Stretch[]> {
  const { checkId, from, to, stored, limit, passiveKinds } = question;
  const fresh = stretches({ from: stored, to, checkIds: [checkId], passiveKinds });
  const { rows } = await sql<Stretch>`
    with known as (
      select status, tstzrange(from_at, to_at) as r from check_spans
      where check_id = ${checkId} and to_at > ${from} and from_at < ${stored}
      union all
      select status, tstzrange(from_at, to_at) from (${fresh}) fresh
    )
    select status, lower(x) as from_at, upper(x) as to_at
    from (select status, unnest(range_agg(r)) as x from known group by status) each
    where upper(x) > ${from} order by lower(x) desc limit ${limit}`.execute(tx);
  return rows.reverse();
}

/** The slugs of the checks that fit a word best: exactly a slug or id, else a slug or name in any case. */
export async function findNamed(
  tx: Tx,
  organizationId: string,
  word: string,
  limit: number,
): Promise<string[]> {
  const { rows } = await sql<{ slug: string; rank: number }>`
    select slug, case when slug = ${word} or id = ${isId(word) ? word : null} then 1 when lower(slug) = lower(${word}) then 2 else 3 end as rank
    from checks where organization_id = ${organizationId}
      and (lower(slug) = lower(${word}) or id = ${isId(word) ? word : null} or lower(name) = lower(${word}))
    order by rank, slug limit ${limit}`.execute(tx);
  return rows.filter((row) => row.rank === rows[0]?.rank).map((row) => row.slug);
}

export async function listNames(tx: Tx, organizationId: string, limit: number): Promise<string[]> {
  const { rows } = await sql<{ name: string }>`
    select name from checks where organization_id = ${organizationId} order by name, slug limit ${limit}`.execute(
    tx,
  );
  return rows.map((row) => row.name);
}
