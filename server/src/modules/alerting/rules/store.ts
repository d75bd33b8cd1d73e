import type { Severity } from '@watchkeeper/contracts';
import { type RawBuilder, sql } from 'kysely';
import type { Caller } from '#modules/identity';
import { organizationRows } from '#modules/identity';
import { deviceTypeRows, siteRows } from '#modules/inventory';
import type { Tx } from '#platform/db/database';
import { isId } from '#platform/ids';
import type { RuleEscalation } from './rule-escalation.ts';

/** How the alerts of a rule join incidents; what is left out is as in the organization. */
export interface StoredGrouping {
  by?: string;
  window_seconds?: number;
}

/** A row of `rules`. */
export interface StoredRule {
  id: string;
  organization_id: string;
  organization_slug: string;
  type: string;
  name: string;
  kind: string;
  config: object;
  severity: Severity;
  enabled: boolean;
  auto_resolve: boolean;
  cooldown_seconds: number;
  site_id: string | null;
  site_slug: string | null;
  device_type_id: string | null;
  device_type_slug: string | null;
  /** Names, kinds or ids, as they were written; none: all channels. */
  channels: string[];
  /** null: as in the organization. */
  grouping: StoredGrouping | null;
  runbook_url: string | null;
  template: boolean;
  version: number;
  created_at: Date;
  updated_at: Date;
}

/** A complete rule, including the part that another module keeps. */
export interface RuleRow extends StoredRule {
  escalation: RuleEscalation | null;
}

const from = sql`
  select r.*, o.slug as organization_slug, s.slug as site_slug, t.slug as device_type_slug
  from rules r join ${organizationRows} o on o.id = r.organization_id
  left join ${siteRows} s on s.id = r.site_id left join ${deviceTypeRows} t on t.id = r.device_type_id`;

export async function findRule(tx: Tx, id: string): Promise<StoredRule | undefined> {
  if (!isId(id)) return undefined;
  const { rows } = await sql<StoredRule>`${from} where r.id = ${id}`.execute(tx);
  return rows[0];
}

/** Locked until the transaction ends, so two editors take turns. */
export async function lockRule(tx: Tx, id: string): Promise<StoredRule | undefined> {
  if (!isId(id)) return undefined;
  const { rows } = await sql<StoredRule>`${from} where r.id = ${id} for update of r`.execute(tx);
  return rows[0];
}

const rulesPerOrganizationMax = 1_000;

/** All rules of the organization, oldest first. */
export async function readRulesOfOrganization(tx: Tx, organizationId: string): Promise<StoredRule[]> {
  const { rows } = await sql<StoredRule>`${from} where r.organization_id = ${organizationId}
    order by r.created_at, r.id limit ${rulesPerOrganizationMax}`.execute(tx);
  return rows;
}

/** All rules of the organization, locked until the transaction ends, oldest first. */
export async function lockRulesOfOrganization(tx: Tx, organizationId: string): Promise<StoredRule[]> {
  const { rows } = await sql<StoredRule>`${from} where r.organization_id = ${organizationId}
    order by r.created_at, r.id limit ${rulesPerOrganizationMax} for update of r`.execute(tx);
  return rows;
}

/** The rules that name a channel by this word, and `others`, locked until the transaction ends. */
export async function lockRulesNaming(
  tx: Tx,
  organizationId: string,
  word: string,
  others: readonly string[],
): Promise<StoredRule[]> {
  const { rows } = await sql<StoredRule>`${from} where r.organization_id = ${organizationId}
      and (r.id = any(${[...others]}::uuid[])
        or exists (select from unnest(r.channels) as named (word) where lower(trim(named.word)) = lower(trim(${word}))))
    order by r.created_at, r.id limit ${rulesPerOrganizationMax} for update of r`.execute(tx);
  return rows;
}

export interface RuleFilter {
  /** null: all organizations that the transaction sees. */
  organizationIds: readonly string[] | null;
  kind: string | undefined;
  type: string | undefined;
  enabled: boolean | undefined;
  after: { at: Date; id: string } | undefined;
  limit: number;
}

export async function listRuleRows(tx: Tx, filter: RuleFilter): Promise<StoredRule[]> {
  const where: RawBuilder<unknown>[] = [sql`true`];
  if (filter.organizationIds !== null)
    where.push(sql`r.organization_id = any(${[...filter.organizationIds]}::uuid[])`);
  if (filter.kind !== undefined) where.push(sql`r.kind = ${filter.kind}`);
  if (filter.type !== undefined) where.push(sql`r.type = ${filter.type}`);
  if (filter.enabled !== undefined) where.push(sql`r.enabled = ${filter.enabled}`);
  if (filter.after !== undefined)
    where.push(sql`(r.created_at, r.id) > (${filter.after.at}, ${filter.after.id}::uuid)`);
  const { rows } = await sql<StoredRule>`${from} where ${sql.join(where, sql` and `)}
    order by r.created_at, r.id limit ${filter.limit + 1}`.execute(tx);
  return rows;
}

export interface FiredRow {
  rule_id: string;
  last_7_days: number;
  last_30_days: number;
  last_at: Date | null;
}

/** How often each rule opened an alert, counted over the alerts that are still kept. */
export async function readFired(tx: Tx, ruleIds: readonly string[], now: Date): Promise<FiredRow[]> {
  const { rows } = await sql<FiredRow>`
    select r.id as rule_id, c.last_7_days, c.last_30_days, l.opened_at as last_at
    from rules r
    cross join lateral (
      select count(*) filter (where a.opened_at >= ${now}::timestamptz - interval '7 days')::int as last_7_days,
        count(*)::int as last_30_days
      from alerts a where a.organization_id = r.organization_id and a.rule_id = r.id
        and a.opened_at >= ${now}::timestamptz - interval '30 days'
    ) c
    left join lateral (
      select a.opened_at from alerts a where a.organization_id = r.organization_id and a.rule_id = r.id
      order by a.opened_at desc limit 1
    ) l on true
    where r.id = any(${[...ruleIds]}::uuid[])`.execute(tx);
  return rows;
}

export interface RuleValues {
  type: string;
  name: string;
  kind: string;
  config: object;
  severity: Severity;
  enabled: boolean;
  autoResolve: boolean;
  cooldownSeconds: number;
  siteId: string | null;
  deviceTypeId: string | null;
  channels: readonly string[];
  grouping: StoredGrouping | null;
  runbookUrl: string | null;
  escalation: RuleEscalation | null;
}

type StoredValues = Omit<RuleValues, 'escalation'>;

export async function insertRule(
  tx: Tx,
  rule: StoredValues & { id: string; organizationId: string; template: boolean },
  now: Date,
): Promise<boolean> {
  const result = await sql`
    insert into rules (organization_id, id, type, name, kind, config, severity, enabled, auto_resolve, cooldown_seconds,
      site_id, device_type_id, channels, grouping, runbook_url, template, created_at, updated_at)
    values (${rule.organizationId}, ${rule.id}, ${rule.type}, ${rule.name}, ${rule.kind}, ${JSON.stringify(rule.config)}::jsonb,
      ${rule.severity}, ${rule.enabled}, ${rule.autoResolve}, ${rule.cooldownSeconds}, ${rule.siteId}, ${rule.deviceTypeId},
      ${[...rule.channels]}::text[], ${groupingJson(rule)}::jsonb, ${rule.runbookUrl}, ${rule.template}, ${now}, ${now})
    on conflict (organization_id, type) where template do nothing`.execute(tx);
  return Number(result.numAffectedRows ?? 0n) === 1;
}

export async function replaceRule(tx: Tx, id: string, rule: StoredValues, now: Date): Promise<void> {
  await sql`
    update rules set type = ${rule.type}, name = ${rule.name}, kind = ${rule.kind}, config = ${JSON.stringify(rule.config)}::jsonb,
      severity = ${rule.severity}, enabled = ${rule.enabled}, auto_resolve = ${rule.autoResolve},
      cooldown_seconds = ${rule.cooldownSeconds}, site_id = ${rule.siteId}, device_type_id = ${rule.deviceTypeId},
      channels = ${[...rule.channels]}::text[], grouping = ${groupingJson(rule)}::jsonb,
      runbook_url = ${rule.runbookUrl}, version = version + 1, updated_at = ${now}
    where id = ${id}`.execute(tx);
}

function groupingJson({ grouping }: StoredValues): string | null {
  return grouping === null ? null : JSON.stringify(grouping);
}

export async function removeRule(tx: Tx, id: string): Promise<void> {
  await sql`delete from rules where id = ${id}`.execute(tx);
}

export interface RevisionRow {
  version: number;
  change: 'created' | 'updated' | 'deleted';
  at: Date;
  actor_kind: string;
  actor_id: string;
  actor_name: string;
  snapshot: Record<string, unknown>;
}

export async function insertRevision(
  tx: Tx,
  revision: {
    organizationId: string;
    ruleId: string;
    version: number;
    change: RevisionRow['change'];
    at: Date;
    actor: Caller;
    snapshot: object;
  },
): Promise<void> {
  await sql`
    insert into rule_revisions (organization_id, rule_id, version, change, at, actor_kind, actor_id, actor_name, snapshot)
    values (${revision.organizationId}, ${revision.ruleId}, ${revision.version}, ${revision.change}, ${revision.at},
      ${revision.actor.kind}, ${revision.actor.id}, ${revision.actor.name}, ${JSON.stringify(revision.snapshot)}::jsonb)`.execute(
    tx,
  );
}

export async function listRevisions(tx: Tx, ruleId: string, limit: number): Promise<RevisionRow[]> {
  const { rows } = await sql<RevisionRow>`
    select version, change, at, actor_kind, actor_id, actor_name, snapshot from rule_revisions
    where rule_id = ${ruleId} order by version desc limit ${limit}`.execute(tx);
  return rows;
}

/** A rule as it was at a moment, or else its first version. The rule may have been deleted since. */
export async function findRuleAt(
  tx: Tx,
  ruleId: string,
  at: Date,
): Promise<Pick<RevisionRow, 'version' | 'snapshot'> | undefined> {
  const { rows } = await sql<Pick<RevisionRow, 'version' | 'snapshot'>>`
    (select version, snapshot from rule_revisions where rule_id = ${ruleId} and at <= ${at} order by version desc limit 1)
    union all
    (select version, snapshot from rule_revisions where rule_id = ${ruleId} and at > ${at} order by version limit 1)
    limit 1`.execute(tx);
  return rows[0];
}

/** The id for a slug or id, within one organization. The place is locked, because a rule is about to depend on it. */
export async function findPlace(
  tx: Tx,
  what: 'site' | 'device type',
  organizationId: string,
  reference: string,
): Promise<string | undefined> {
  const byId = isId(reference) ? sql`or id = ${reference}` : sql``;
  const { rows } = await sql<{ id: string }>`
    select p.id from ${what === 'site' ? siteRows : deviceTypeRows} p where organization_id = ${organizationId} and (slug = ${reference} ${byId})
    order by slug = ${reference} desc limit 1 for key share`.execute(tx);
  return rows[0]?.id;
}

/** The arrival check is compiled from these rows: every enabled threshold rule. */
export interface ThresholdRow {
  organization_id: string;
  site_id: string | null;
  config: { metric: string; condition: { operator: string; threshold: number | null } };
}

export async function listThresholdRules(tx: Tx, organizationId: string | null): Promise<ThresholdRow[]> {
  const only = organizationId === null ? sql`` : sql`and organization_id = ${organizationId}`;
  const { rows } = await sql<ThresholdRow>`
    select organization_id, site_id, config from rules where kind = 'threshold' and enabled ${only}`.execute(
    tx,
  );
  return rows;
}

/** The shortest silence limit of the rules that have their own, and null if any rule follows the environment. */
export async function listSilenceLimits(tx: Tx): Promise<(number | null)[]> {
  const { rows } = await sql<{ seconds: number | null }>`
    select min((config->>'limit_seconds')::float8) as seconds from rules where kind = 'absence' and enabled
    group by (config->>'limit_seconds') is null`.execute(tx);
  return rows.map(({ seconds }) => seconds);
}

const neverSeeded = sql`not exists (select from rule_revisions v where v.organization_id = o.id
  and v.actor_kind = 'system' and v.change = 'created')`;

/** Organizations that never received the default rules. Deleted rules count as received. */
export async function listUnseeded(tx: Tx, organizationId: string | null, limit: number): Promise<string[]> {
  const only = organizationId === null ? sql`` : sql`and o.id = ${organizationId}`;
  const { rows } = await sql<{ id: string }>`
    select o.id from ${organizationRows} o where ${neverSeeded} ${only} limit ${limit}`.execute(tx);
  return rows.map((row) => row.id);
}
