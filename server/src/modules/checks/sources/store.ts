import type { CheckStatus } from '@watchkeeper/contracts/checks';
import type { MatchField, ObservedState } from '@watchkeeper/contracts/sources';
import { sql } from 'kysely';
import { deviceRows, siteRows } from '#modules/inventory';
import { readingRows, sourceRows } from '#modules/sources';
import type { Tx } from '#platform/db/database';
import { isId } from '#platform/ids';
import type { StoredConfig } from '#platform/kinds/secrets';

export interface SourceRow extends StoredConfig {
  readonly id: string;
  readonly slug: string;
  readonly kind: string;
  readonly version: number;
  readonly created_at: Date;
  readonly updated_at: Date;
  readonly check_id: string;
  readonly check_slug: string;
  readonly name: string;
  readonly interval_seconds: number;
  readonly timeout_seconds: number;
  readonly alert_after_failures: number;
  readonly enabled: boolean;
  readonly site_slug: string | null;
  readonly status: CheckStatus;
  readonly since: Date;
  readonly reason: string | null;
  readonly consecutive_failures: number;
  readonly last_reason: string | null;
  /** When the first of the current run of failures happened; null after a success, and once the source is down. */
  readonly failing_since: Date | null;
  readonly next_due_at: Date | null;
  readonly read_at: Date | null;
  readonly objects: number;
  readonly linked: number;
  readonly not_before: Date | null;
}

const columns = sql.raw(`
  s.id, s.slug, s.kind, s.config, s.secrets, s.version, s.created_at, s.updated_at, s.check_id, c.slug as check_slug, c.name,
  c.interval_seconds, c.timeout_seconds, c.alert_after_failures, c.enabled, x.slug as site_slug, st.status, st.since, st.reason,
  st.consecutive_failures, st.last_reason,
  case when st.status <> 'down' and st.last_outcome = 'failed' and st.consecutive_failures > 0 then coalesce((select min(f.at) from (
    select at from check_results where check_id = s.check_id and outcome = 'failed' and at > coalesce(st.last_ok_at, '-infinity')
    order by at desc limit st.consecutive_failures) f), st.last_at) end as failing_since,
  st.next_due_at, r.read_at, r.objects, r.not_before,
  (select count(*)::int from checks k where k.organization_id = s.organization_id and k.config->>'source' = s.slug
    and k.config ? 'ref' and k.kind = s.kind) as linked`);
const joins = sql`
  ${sourceRows} s join ${readingRows} r on r.source_id = s.id join checks c on c.id = s.check_id
  join check_state st on st.check_id = s.check_id left join ${siteRows} x on x.id = c.site_id`;

/** Found by slug, else by id. */
export async function findSource(
  tx: Tx,
  organizationId: string,
  reference: string,
): Promise<SourceRow | undefined> {
  const { rows } = await sql<SourceRow>`
    select ${columns} from ${joins}
    where s.organization_id = ${organizationId} and (s.slug = ${reference} or s.id = ${isId(reference) ? reference : null})
    order by (s.slug = ${reference}) desc limit 1`.execute(tx);
  return rows[0];
}

export async function selectSources(
  tx: Tx,
  organizationId: string,
  page: { after: string | null; limit: number },
): Promise<SourceRow[]> {
  const { rows } = await sql<SourceRow>`
    select ${columns} from ${joins}
    where s.organization_id = ${organizationId} and (${page.after}::text is null or s.slug > ${page.after})
    order by s.slug limit ${page.limit + 1}`.execute(tx);
  return rows;
}

export interface ObjectRow {
  readonly external_id: string;
  readonly name: string;
  readonly hostname: string | null;
  readonly macs: string[];
  readonly state: ObservedState;
  readonly since: Date | null;
  readonly observed_at: Date;
  readonly details: Record<string, unknown>;
  readonly linked: { device: string | null; check: string }[];
  readonly suggested: string | null;
  readonly matched: MatchField | null;
}

/**
 * The objects of a source with the checks that judge by them. For an object without a check, the device that looks like
 * it: by MAC address, then host name, then name. Names are compared with the device's slug and name, by letters and
 * digits only.
 */
export async function selectObjects(
  tx: Tx,
  organizationId: string,
  source: { id: string; slug: string; kind: string },
  filter: { after: string | null; like: string | null; linked: boolean | null; limit: number },
): Promise<ObjectRow[]> {
  const plain = (column: string) => sql.raw(`regexp_replace(lower(${column}), '[^a-z0-9]', '', 'g')`);
  const links = sql`select c.slug, c.device_id from checks c where c.organization_id = ${organizationId}
    and c.config->>'source' = ${source.slug} and c.config->>'ref' = o.external_id and c.config ? 'ref' and c.kind = ${source.kind}`;
  const { rows } = await sql<ObjectRow>`
    with page as materialized (
      select o.* from source_observations o
      where o.organization_id = ${organizationId} and o.source_id = ${source.id}
        and (${filter.after}::text is null or o.external_id > ${filter.after})
        and (${filter.like}::text is null or o.name ilike ${filter.like} or o.hostname ilike ${filter.like}
          or o.external_id ilike ${filter.like})
        and (${filter.linked}::boolean is null or ${filter.linked} = exists (${links}))
      order by o.external_id limit ${filter.limit + 1}
    ), keys as (
      select external_id, 'name' as field, ${plain('name')} as key from page
      union all select external_id, 'hostname', ${plain("split_part(hostname, '.', 1)")} from page where hostname is not null
      union all select external_id, 'mac', ${plain('mac')} from page, unnest(macs) mac
    ), devices_by_key as (
      select slug, ${plain('slug')} as key from ${deviceRows} d where organization_id = ${organizationId} and retired_at is null
      union select slug, ${plain('name')} from ${deviceRows} d where organization_id = ${organizationId} and retired_at is null
    ), matches as (
      select distinct on (k.external_id) k.external_id, d.slug, k.field from keys k join devices_by_key d using (key)
      where k.key <> '' order by k.external_id, array_position(array['mac', 'hostname', 'name'], k.field), d.slug
    )
    select o.external_id, o.name, o.hostname, o.macs, o.state, o.since, o.observed_at, o.details,
      coalesce((select jsonb_agg(jsonb_build_object('device', d.slug, 'check', l.slug) order by l.slug)
        from (${links}) l left join ${deviceRows} d on d.id = l.device_id), '[]') as linked,
      m.slug as suggested, m.field as matched
    from page o left join matches m on m.external_id = o.external_id
    order by o.external_id`.execute(tx);
  return rows;
}

/** Whether the last reading listed the object. */
export async function hasObject(tx: Tx, sourceId: string, ref: string): Promise<boolean> {
  const { rows } = await sql`
    select 1 from source_observations where source_id = ${sourceId} and external_id = ${ref}`.execute(tx);
  return rows.length > 0;
}
