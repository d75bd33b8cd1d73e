import { sql } from 'kysely';
import type { Tx } from '#platform/db/database';
import { toJson } from '#platform/storable';

export interface NewEvent {
  id: string;
  external_id: string | null;
  type: string;
  outcome: 'success' | 'failure';
  site_id: string;
  device_id: string | null;
  area_id: string | null;
  route: string | null;
  user_ref: string | null;
  amount: number | null;
  currency: string | null;
  occurred_at: Date;
  received_at: Date;
}

/** Takes the senders' ids; what is not in the answer was counted before. In order, so that two bodies cannot block each other. */
export async function claimEventKeys(
  tx: Tx,
  organizationId: string,
  events: readonly { external_id: string; id: string; received_at: Date }[],
): Promise<Set<string>> {
  if (events.length === 0) return new Set();
  const { rows } = await sql<{ event_id: string }>`
    insert into event_keys (organization_id, external_id, event_id, received_at)
    select ${organizationId}, t.external_id, t.id, t.received_at
    from unnest(${events.map((event) => event.external_id)}::text[], ${events.map((event) => event.id)}::uuid[],
      ${events.map((event) => event.received_at)}::timestamptz[]) as t(external_id, id, received_at)
    order by t.external_id
    on conflict (organization_id, external_id) do nothing
    returning event_id`.execute(tx);
  return new Set(rows.map((row) => row.event_id));
}

export async function insertEvents(
  tx: Tx,
  organizationId: string,
  events: readonly NewEvent[],
): Promise<void> {
  await sql`
    insert into events (organization_id, id, external_id, type, outcome, site_id, device_id, area_id, route,
      user_ref, amount, currency, occurred_at, received_at)
    select ${organizationId}, t.id, t.external_id, t.type, t.outcome, t.site_id, t.device_id, t.area_id, t.route,
      t.user_ref, t.amount, t.currency, t.occurred_at, t.received_at
    from jsonb_to_recordset(${toJson(events)}::jsonb) as t(id uuid, external_id text, type text, outcome text,
      site_id uuid, device_id uuid, area_id uuid, route text, user_ref text, amount numeric, currency text,
      occurred_at timestamptz, received_at timestamptz)`.execute(tx);
}

/** Minutes by type, site and device: what the rules read. Rows are taken in order of the primary key. */
export async function countEvents(
  tx: Tx,
  organizationId: string,
  events: readonly NewEvent[],
): Promise<void> {
  await sql`
    insert into event_counts as c (organization_id, bucket, type, site_id, device_id, successes, failures, amount)
    select ${organizationId}, date_trunc('minute', t.occurred_at, 'UTC') as bucket, t.type, t.site_id,
      coalesce(t.device_id, '00000000-0000-0000-0000-000000000000') as device,
      count(*) filter (where t.outcome = 'success'), count(*) filter (where t.outcome = 'failure'),
      coalesce(sum(t.amount), 0)
    from jsonb_to_recordset(${toJson(events)}::jsonb) as t(type text, outcome text, site_id uuid,
      device_id uuid, amount numeric, occurred_at timestamptz)
    group by t.type, bucket, t.site_id, device
    order by t.type, bucket, t.site_id, device
    on conflict (organization_id, type, bucket, site_id, device_id) do update set
      successes = c.successes + excluded.successes, failures = c.failures + excluded.failures,
      amount = c.amount + excluded.amount`.execute(tx);
}
