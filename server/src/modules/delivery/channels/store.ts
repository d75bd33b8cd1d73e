import type { Severity } from '@watchkeeper/contracts';
import type { ChannelRouting } from '@watchkeeper/contracts/routing';
import { sql } from 'kysely';
import type { Tx } from '#platform/db/database';
import type { StoredConfig } from '#platform/kinds/secrets';

/** A channel as it lies in the database; its secrets are still sealed. */
export interface ChannelRow extends StoredConfig {
  readonly id: string;
  readonly kind: string;
  readonly name: string;
  readonly min_severity: Severity;
  readonly enabled: boolean;
  readonly escalation_only: boolean;
  /** null: told of everything, at any time. */
  readonly routing: ChannelRouting | null;
  readonly managed_by: string | null;
  readonly environment_key: string | null;
  readonly version: number;
  readonly created_at: Date;
  readonly updated_at: Date;
}

const columns = sql`id, kind, name, config, secrets, min_severity, enabled, escalation_only, routing, managed_by,
  environment_key, version, created_at, updated_at`;

/** An organization with more channels than this has a mistake in its automation. */
export const channelsPerOrganizationMax = 500;

/** In the order in which they are told. */
export async function selectChannels(tx: Tx, organizationId: string): Promise<ChannelRow[]> {
  const { rows } = await sql<ChannelRow>`
    select ${columns} from channels where organization_id = ${organizationId}
    order by created_at, id limit ${channelsPerOrganizationMax}`.execute(tx);
  return rows;
}

export async function selectChannelPage(
  tx: Tx,
  organizationId: string,
  page: { after: { at: Date; id: string } | undefined; limit: number },
): Promise<ChannelRow[]> {
  const { rows } = await sql<ChannelRow>`
    select ${columns} from channels
    where organization_id = ${organizationId}
      and (${page.after?.at ?? null}::timestamptz is null
        or (created_at, id) < (${page.after?.at ?? null}::timestamptz, ${page.after?.id ?? null}::uuid))
    order by created_at desc, id desc limit ${page.limit}`.execute(tx);
  return rows;
}

export async function findChannel(
  tx: Tx,
  organizationId: string,
  id: string,
): Promise<ChannelRow | undefined> {
  const { rows } = await sql<ChannelRow>`
    select ${columns} from channels where organization_id = ${organizationId} and id = ${id}`.execute(tx);
  return rows[0];
}

/** They stay while the transaction lasts. */
export async function holdChannels(tx: Tx, organizationId: string, ids: readonly string[]): Promise<void> {
  await sql`
    select id from channels where organization_id = ${organizationId} and id = any(${[...ids]}::uuid[])
    order by id for key share`.execute(tx);
}

export interface LastResultRow {
  channel_id: string;
  status: 'sent' | 'failed';
  at: Date;
  reason: string | null;
  answer: string | null;
}

/** The result of the last message on each channel. */
export async function readLastResults(
  tx: Tx,
  organizationId: string,
  channelIds: readonly string[],
): Promise<LastResultRow[]> {
  const { rows } = await sql<LastResultRow>`
    select c.id as channel_id, n.status, n.settled_at as at, n.reason, m.last_answer as answer
    from unnest(${[...channelIds]}::uuid[]) c (id)
    cross join lateral (
      select status, settled_at, reason, message_id from notifications
      where organization_id = ${organizationId} and channel_id = c.id and status in ('sent', 'failed')
        and settled_at is not null
      order by settled_at desc limit 1
    ) n
    left join notification_messages m on m.id = n.message_id`.execute(tx);
  return rows;
}

/** Holds the channel: its deliveries are claimed one after the other, and its settings stand still. */
export async function lockChannel(
  tx: Tx,
  organizationId: string,
  id: string,
): Promise<ChannelRow | undefined> {
  const { rows } = await sql<ChannelRow>`
    select ${columns} from channels where organization_id = ${organizationId} and id = ${id}
    for no key update`.execute(tx);
  return rows[0];
}

export async function countChannels(tx: Tx, organizationId: string): Promise<number> {
  const { rows } = await sql<{ count: number }>`
    select count(*)::int as count from channels where organization_id = ${organizationId}`.execute(tx);
  return rows[0]?.count ?? 0;
}

export type NewChannel = Omit<ChannelRow, 'version' | 'created_at' | 'updated_at'>;

export async function insertChannel(
  tx: Tx,
  organizationId: string,
  channel: NewChannel,
  now: Date,
): Promise<void> {
  await sql`
    insert into channels (organization_id, id, kind, name, config, secrets, min_severity, enabled, escalation_only, routing,
      managed_by, environment_key, created_at, updated_at)
    values (${organizationId}, ${channel.id}, ${channel.kind}, ${channel.name}, ${JSON.stringify(channel.config)},
      ${channel.secrets}, ${channel.min_severity}, ${channel.enabled}, ${channel.escalation_only}, ${jsonOf(channel.routing)},
      ${channel.managed_by}, ${channel.environment_key}, ${now}, ${now})`.execute(tx);
}

function jsonOf(routing: ChannelRouting | null): string | null {
  return routing === null ? null : JSON.stringify(routing);
}

export type ChannelChange = Pick<
  ChannelRow,
  'name' | 'config' | 'secrets' | 'min_severity' | 'enabled' | 'escalation_only' | 'routing'
>;

export async function updateChannelRow(
  tx: Tx,
  organizationId: string,
  id: string,
  change: ChannelChange,
  now: Date,
): Promise<void> {
  await sql`
    update channels set name = ${change.name}, config = ${JSON.stringify(change.config)}, secrets = ${change.secrets},
      min_severity = ${change.min_severity}, enabled = ${change.enabled}, escalation_only = ${change.escalation_only},
      routing = ${jsonOf(change.routing)},
      version = version + 1, updated_at = ${now}
    where organization_id = ${organizationId} and id = ${id}`.execute(tx);
}

export async function deleteChannelRow(tx: Tx, organizationId: string, id: string): Promise<void> {
  await sql`delete from channels where organization_id = ${organizationId} and id = ${id}`.execute(tx);
}

/** Two processes that start at once set up the environment's channels one after the other. */
export async function lockEnvironmentChannels(tx: Tx, organizationId: string): Promise<void> {
  await sql`select pg_advisory_xact_lock(hashtextextended('channels.environment ' || ${organizationId}, 0))`.execute(
    tx,
  );
}
