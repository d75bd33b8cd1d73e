import type { SearchKind } from '@watchkeeper/contracts/search';
import { type RawBuilder, sql } from 'kysely';
import { alertRows, ruleRows } from '#modules/alerting';
import { checkRows, checkStateRows } from '#modules/checks';
import { channelRows } from '#modules/delivery';
import { memberRows, userRows } from '#modules/identity';
import { areaRows, deviceRows, siteRows } from '#modules/inventory';
import { maintenanceWindowRows } from '#modules/maintenance';
import { sourceRows } from '#modules/sources';
import { deviceStateRows } from '#modules/telemetry';
import type { Tx } from '#platform/db/database';

export interface SearchRow {
  kind: SearchKind;
  id: string;
  slug: string | null;
  name: string;
  site_slug: string | null;
  site_name: string | null;
  status: string | null;
  at: Date | null;
}

/** Of each kind; a person reads a screenful and then types another letter. */
const perKindMax = 6;
const hitsMax = 20;
/** Alerts that are over are found among this many of the newest. */
const alertsMax = 2_000;

interface Search {
  organizationId: string;
  /** Lower case, without runs of spaces. */
  phrase: string;
  /** The words of the phrase; all have to occur. */
  words: readonly string[];
}

/**
 * One statement over everything that has a name. It reads the organization's rows rather than an index of words:
 * row-level security keeps PostgreSQL from using one (its operators are not leak-proof), and reading 10,000 devices
 * takes some ten milliseconds. `strpos` instead of LIKE: nothing in the words means anything.
 */
export async function findByText(tx: Tx, search: Search): Promise<SearchRow[]> {
  const { organizationId } = search;
  const alerts = sql`(select * from ${alertRows} a where organization_id = ${organizationId} order by opened_at desc limit ${alertsMax}) a
    left join ${siteRows} s on s.id = a.site_id`;
  const kinds = [
    part(search, { kind: 'site', order: 0, from: sql`${siteRows} a`, site: false }),
    part(search, {
      kind: 'device',
      order: 1,
      from: sql`${deviceRows} a join ${siteRows} s on s.id = a.site_id left join ${deviceStateRows} ds on ds.device_id = a.id`,
      where: sql`a.retired_at is null`,
      status: sql`coalesce(ds.status, 'unknown')`,
    }),
    part(search, {
      kind: 'alert',
      order: 2,
      from: alerts,
      slug: sql`null::text`,
      name: sql`a.title`,
      status: sql`a.status`,
      at: sql`a.opened_at`,
    }),
    part(search, { kind: 'area', order: 3, from: sql`${areaRows} a join ${siteRows} s on s.id = a.site_id` }),
    part(search, {
      kind: 'rule',
      order: 4,
      from: sql`${ruleRows} a`,
      slug: sql`a.type`,
      site: false,
      status: sql`case when a.enabled then 'enabled' else 'disabled' end`,
    }),
    part(search, {
      kind: 'channel',
      order: 5,
      from: sql`${channelRows} a`,
      slug: sql`a.kind`,
      site: false,
      status: sql`case when a.enabled then 'enabled' else 'disabled' end`,
    }),
    part(search, {
      kind: 'check',
      order: 6,
      from: sql`${checkRows} a left join ${siteRows} s on s.id = a.site_id left join ${checkStateRows} cs on cs.check_id = a.id`,
      // The check that reads a source is found as that source.
      where: sql`a.kind <> 'source'`,
      status: sql`case when a.enabled then cs.status else 'off' end`,
    }),
    part(search, {
      kind: 'source',
      order: 7,
      from: sql`${sourceRows} a join ${checkRows} c on c.id = a.check_id left join ${checkStateRows} cs on cs.check_id = c.id
        left join ${siteRows} s on s.id = c.site_id`,
      name: sql`c.name`,
      // Its check decides after some failures; a source that never answered is no longer one that waits.
      status: sql`case when not c.enabled then 'off' when cs.status = 'pending' and cs.consecutive_failures > 0 then 'failing'
        else cs.status end`,
    }),
    part(search, {
      kind: 'maintenance',
      order: 8,
      from: sql`${maintenanceWindowRows} a left join ${siteRows} s on s.id = a.site_id`,
      where: sql`a.deleted_at is null`,
      name: sql`a.reason`,
    }),
    part(search, {
      kind: 'member',
      order: 9,
      from: sql`${memberRows} m join ${userRows} a on a.id = m.user_id`,
      owner: sql`m.organization_id`,
      slug: sql`a.email`,
      site: false,
      status: sql`m.role`,
    }),
  ];
  const { rows } = await sql<SearchRow>`
    select kind, id, slug, name, site_slug, site_name, status, at from (${sql.join(kinds, sql` union all `)}) hits
    order by rank, kind_order, at desc nulls last, length(name), name, id limit ${hitsMax}`.execute(tx);
  return rows;
}

interface Part {
  kind: SearchKind;
  /** Among equally good hits. */
  order: number;
  /** The table as `a`; its site as `s` unless `site` is false. */
  from: RawBuilder<unknown>;
  owner?: RawBuilder<unknown>;
  where?: RawBuilder<unknown>;
  slug?: RawBuilder<unknown>;
  name?: RawBuilder<unknown>;
  site?: boolean;
  status?: RawBuilder<unknown>;
  at?: RawBuilder<unknown>;
}

function part({ organizationId, phrase, words }: Search, of: Part): RawBuilder<unknown> {
  const slug = of.slug ?? sql`a.slug`;
  const name = of.name ?? sql`a.name`;
  const site = of.site ?? true;
  const owner = of.owner ?? sql`a.organization_id`;
  const text = site
    ? sql`lower(concat_ws(' ', ${name}, ${slug}, s.name))`
    : sql`lower(concat_ws(' ', ${name}, ${slug}))`;
  const found = words.map((word) => sql`strpos(${text}, ${word}) > 0`);
  return sql`(select ${of.kind} as kind, ${of.order}::int as kind_order, a.id, ${slug} as slug, ${name} as name,
      ${site ? sql`s.slug` : sql`null::text`} as site_slug, ${site ? sql`s.name` : sql`null::text`} as site_name,
      ${of.status ?? sql`null::text`} as status, ${of.at ?? sql`null::timestamptz`} as at,
      case when lower(${name}) = ${phrase} or lower(${slug}) = ${phrase} then 0
        when starts_with(lower(${name}), ${phrase}) or starts_with(lower(${slug}), ${phrase}) then 1
        when strpos(' ' || ${text}, ' ' || ${phrase}::text) > 0 then 2 else 3 end as rank
    from ${of.from}
    where ${owner} = ${organizationId} and ${of.where ?? sql`true`} and ${sql.join(found, sql` and `)}
    order by rank, at desc nulls last, length(${name}), name, id limit ${perKindMax})`;
}
