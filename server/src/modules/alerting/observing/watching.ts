import { type RawBuilder, sql } from 'kysely';
import { checkRows } from '#modules/checks';
import { deviceRows } from '#modules/inventory';

/**
 * Whether rule `r`, as it is now, still watches the subject of its open alert `a`: the fragments that kinds combine for
 * their `watches`. An alert that does not store enough to decide this (null) is left alone.
 */

/** The site of the alert's device, wherever the device is now. */
const deviceSite = sql`(select d.site_id from ${deviceRows} d where d.id = a.device_id)`;
const checkSite = sql`(select c.site_id from ${checkRows} c
  where c.id = case when a.subject ~ '^check:[0-9a-f-]{36}$' then substr(a.subject, 7)::uuid end)`;

const subjectKind = sql`split_part(a.subject, ':', 1)`;

function inSite(site: RawBuilder<unknown>): RawBuilder<unknown> {
  return sql`(r.site_id is null or ${site} is not distinct from r.site_id)`;
}

export const watchesDevice = sql`(${inSite(deviceSite)} and (r.device_type_id is null
  or (select d.type_id from ${deviceRows} d where d.id = a.device_id) is not distinct from r.device_type_id))`;

export const watchesCheck = inSite(checkSite);

export const watchesSite = inSite(sql`a.site_id`);

/** An alert that opened while the rule had another site was about the events of that site. */
const watchesOrganization = inSite(sql`(select (v.snapshot->>'site_id')::uuid from rule_revisions v
  where v.organization_id = a.organization_id and v.rule_id = a.rule_id and v.at <= a.opened_at
  order by v.version desc limit 1)`);

export const watchesEvents = sql`a.details->>'event_type' = r.config->>'event_type'`;

/** Kinds that count events per site, device or organization. */
export const watchesCounted = sql`${watchesEvents} and ${subjectKind} = r.config->>'per'
  and case ${subjectKind} when 'device' then ${inSite(deviceSite)} when 'site' then ${watchesSite}
    else ${watchesOrganization} end`;

export const watchesDevicesOrChecks = sql`case ${subjectKind}
  when 'device' then r.config->>'watch' <> 'checks' and ${inSite(deviceSite)}
  else r.config->>'watch' <> 'devices' and ${watchesCheck} end`;

/** The reason of every such resolution begins with this; see `startsCooldown`. */
const unwatched = 'The rule no longer watches this:';

/**
 * Of a resolved alert `x`: false if the rule only stopped watching its subject. That is no recovery, so the alert may
 * open again at once.
 */
export const startsCooldown = sql`not starts_with(coalesce(x.resolved_reason, ''), ${unwatched})`;

export function unwatchedReason(because: string): string {
  return `${unwatched} ${because}.`;
}
