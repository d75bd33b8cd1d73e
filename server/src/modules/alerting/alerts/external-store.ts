import { sql } from 'kysely';
import { deviceRows, siteRows } from '#modules/inventory';
import type { Tx } from '#platform/db/database';
import { isId } from '#platform/ids';

/** The facts that are needed before a posted alert is opened. */

export interface ExternalRule {
  id: string;
  name: string;
  severity: string;
  enabled: boolean;
  config: object;
  cooldown_seconds: number;
}

/**
 * The rule for an alert of this type. A rule for the type comes before the general rule, and a rule for the site before
 * one for all sites.
 */
export async function findExternalRule(
  tx: Tx,
  organizationId: string,
  wanted: { type: string; general: string; siteId: string | null },
): Promise<ExternalRule | undefined> {
  const { rows } = await sql<ExternalRule>`
    select id, name, severity, enabled, config, cooldown_seconds from rules
    where organization_id = ${organizationId} and kind = 'external' and type in (${wanted.type}, ${wanted.general})
      and (site_id is null or site_id = ${wanted.siteId}::uuid)
    order by enabled desc, type = ${wanted.type} desc, site_id is not null desc, template desc, created_at, id limit 1`.execute(
    tx,
  );
  return rows[0];
}

export interface OpenExternal {
  /** How many alerts of the rule are open. */
  open: number;
  /** The open alert on this subject. */
  alert_id: string | null;
}

export async function readOpenExternal(tx: Tx, ruleId: string, subject: string): Promise<OpenExternal> {
  const { rows } = await sql<OpenExternal>`
    select count(*)::int as open, (array_agg(id) filter (where subject = ${subject}))[1] as alert_id
    from alerts where organization_id = (select organization_id from rules where id = ${ruleId}) and rule_id = ${ruleId}
      and status <> 'resolved'`.execute(tx);
  return rows[0] ?? { open: 0, alert_id: null };
}

export interface Place {
  site_id: string;
  site_slug: string;
  device_id: string | null;
  retired: boolean;
}

/** By slug or id. Also finds a retired device, and says that it is retired. */
export async function findDevicePlace(
  tx: Tx,
  organizationId: string,
  reference: string,
): Promise<Place | undefined> {
  const byId = isId(reference) ? sql`or d.id = ${reference}` : sql``;
  const { rows } = await sql<Place>`
    select d.site_id, s.slug as site_slug, d.id as device_id, d.retired_at is not null as retired
    from ${deviceRows} d join ${siteRows} s on s.id = d.site_id
    where d.organization_id = ${organizationId} and (d.slug = ${reference} ${byId})
    order by d.slug = ${reference} desc limit 1 for key share of d`.execute(tx);
  return rows[0];
}
