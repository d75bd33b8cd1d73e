import { type RawBuilder, sql } from 'kysely';
import { deviceRows, siteRows } from '#modules/inventory';
import type { Tx } from '#platform/db/database';
import { unwatchedReason } from '../observing/watching.ts';
import { timeWords } from '../words.ts';
import { checkThere, deviceThere, ruleWatches, siteThere } from './still-judged.ts';

export interface Orphan {
  readonly alertId: string;
  readonly deviceId: string | null;
  readonly reason: string;
}

interface OrphanRow {
  alert_id: string;
  device_id: string | null;
  /** null: the rule still exists, but no longer watches the subject. */
  reason: string | null;
  changed_by: string | null;
  changed_at: Date | null;
  timezone: string | null;
}

/** The parts of rule revision `v` that say which subjects it watches. */
function reachOf(v: RawBuilder<unknown>): RawBuilder<unknown> {
  return sql`(${v}.snapshot->'kind', ${v}.snapshot->'config', ${v}.snapshot->'site_id', ${v}.snapshot->'device_type_id')`;
}

/**
 * Open alerts that will never be judged again: their rule is deleted, off or no longer watches the subject, or the
 * subject was removed. Scalar subqueries look up the names in each open alert, so the size of the fleet does not
 * matter.
 */
export async function findOrphans(tx: Tx, limit: number): Promise<Orphan[]> {
  const { rows } = await sql<OrphanRow>`
    with orphans as (
      select alert_id, organization_id, rule_id, device_id, site_id, opened_at,
        case when rule_enabled is null then 'The rule was deleted.'
          when not rule_enabled then 'The rule was switched off.'
          when not device_there and device_kept then 'The device was retired.'
          when not device_there then 'The device was removed.'
          when not check_there then 'The check was removed or switched off.'
          when not site_there then 'The site was removed.' end as reason
      from (
        select a.id as alert_id, a.organization_id, a.rule_id, a.device_id, a.site_id, a.opened_at, r.enabled as rule_enabled,
          ${deviceThere} as device_there,
          exists (select from ${deviceRows} d where d.id = a.device_id) as device_kept,
          ${checkThere} as check_there, ${siteThere} as site_there, ${ruleWatches} as watched
        from alerts a left join rules r on r.id = a.rule_id where a.status <> 'resolved'
      ) named
      where rule_enabled is not true or not device_there or not site_there or not check_there or not watched
      order by alert_id limit ${limit}
    )
    select o.alert_id, o.device_id, o.reason, c.actor_name as changed_by, c.at as changed_at,
      (select s.timezone from ${siteRows} s where s.id = o.site_id) as timezone
    from orphans o left join lateral (
      select v.actor_name, v.at from rule_revisions v join rule_revisions b on b.organization_id = v.organization_id
        and b.rule_id = v.rule_id and b.version = v.version - 1
      where o.reason is null and v.organization_id = o.organization_id and v.rule_id = o.rule_id and v.at >= o.opened_at
        and ${reachOf(sql`v`)} is distinct from ${reachOf(sql`b`)}
      order by v.version desc limit 1
    ) c on true
    order by o.alert_id`.execute(tx);
  return rows.map((row) => ({
    alertId: row.alert_id,
    deviceId: row.device_id,
    reason: row.reason ?? unwatchedReason(becauseOf(row)),
  }));
}

function becauseOf({ changed_by: by, changed_at: at, timezone }: OrphanRow): string {
  if (by === null || at === null) return 'it is at another site or of another type now';
  return `${by} changed it on ${timeWords(at, timezone ?? 'UTC')}`;
}
