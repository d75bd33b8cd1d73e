import { sql } from 'kysely';
import { checkRows } from '#modules/checks';
import { deviceRows, siteRows } from '#modules/inventory';
import { ruleKinds } from '../registry.ts';

/** Whether alert `a` will be judged again, by its rule `r` as it is now: as parts, each with its own reason. */

export const deviceThere = sql`(a.device_id is null
  or coalesce((select d.retired_at is null from ${deviceRows} d where d.id = a.device_id), false))`;

export const checkThere = sql`(a.subject not like 'check:%' or exists (select from ${checkRows} c
  where 'check:' || c.id = a.subject and c.enabled and c.organization_id = a.organization_id))`;

export const siteThere = sql`(a.site_id is null
  or coalesce((select true from ${siteRows} s where s.id = a.site_id), false))`;

/** Each kind decides for itself. An alert that does not store enough to decide is still watched. */
export const ruleWatches = sql`(r.kind = a.kind and coalesce(case r.kind ${sql.join(
  ruleKinds.all.map(({ kind, watches }) => sql`when ${sql.lit(kind)} then (${watches})`),
  sql` `,
)} end, true))`;

export const stillJudged = sql`(r.enabled and ${deviceThere} and ${checkThere} and ${siteThere} and ${ruleWatches})`;
