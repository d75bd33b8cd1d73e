import { sql } from 'kysely';
import type { Tx } from '#platform/db/database';
import { toJson } from '#platform/storable';

/**
 * Past events that were not judged yet. The row is the work: the process that judges it deletes it, in
 * its job or, when that was lost, in the next round.
 */

/** Between two heartbeats of one device. */
export interface PastSilence {
  readonly deviceKey: number;
  readonly from: Date;
  readonly to: Date;
}

export async function insertSilences(tx: Tx, silences: readonly PastSilence[]): Promise<void> {
  if (silences.length === 0) return;
  const json = toJson(
    silences.map(({ deviceKey, from, to }) => ({ device_key: deviceKey, started_at: from, ended_at: to })),
  );
  await sql`
    insert into past_silences (device_key, started_at, ended_at)
    select device_key, started_at, ended_at
    from jsonb_to_recordset(${json}::jsonb) as t(device_key int, started_at timestamptz, ended_at timestamptz)`.execute(
    tx,
  );
}

/** Those of some devices, or all that ended by then: what is younger is in its job. */
export type WhichSilences = { readonly deviceKeys: readonly number[] } | { readonly endedBy: Date };

/** Oldest first; deleted when the caller's transaction commits. Callers do not wait for each other. */
export async function takeSilences(tx: Tx, which: WhichSilences, limit: number): Promise<PastSilence[]> {
  const those =
    'deviceKeys' in which
      ? sql`device_key = any(${[...which.deviceKeys]}::int[])`
      : sql`ended_at <= ${which.endedBy}`;
  const { rows } = await sql<PastSilence>`
    with taken as (
      delete from past_silences where id in (
        select id from past_silences where ${those} order by id limit ${limit} for update skip locked)
      returning id, device_key, started_at, ended_at
    )
    select device_key as "deviceKey", started_at as "from", ended_at as "to" from taken order by id`.execute(
    tx,
  );
  return rows;
}

/** When events happened that came in late, and where: one span for those that came in together. */
export interface LateSpan {
  readonly organizationId: string;
  readonly types: readonly string[];
  readonly siteIds: readonly string[];
  readonly from: Date;
  readonly to: Date;
}

export async function insertLateSpan(tx: Tx, span: LateSpan, notedAt: Date): Promise<void> {
  await sql`
    insert into late_spans (organization_id, types, site_ids, started_at, ended_at, noted_at)
    values (${span.organizationId}, ${[...span.types]}::text[], ${[...span.siteIds]}::uuid[], ${span.from}, ${span.to},
      ${notedAt})`.execute(tx);
}

/** Those of an organization, or all that were noted by then: what is younger is in its job. */
export type WhichSpans = { readonly organizationId: string } | { readonly notedBy: Date };

/** Oldest first; they stay until `deleteLateSpan`. */
export async function listLateSpans(
  tx: Tx,
  which: WhichSpans,
  limit: number,
): Promise<(LateSpan & { readonly id: string })[]> {
  const those =
    'organizationId' in which
      ? sql`organization_id = ${which.organizationId}`
      : sql`noted_at <= ${which.notedBy}`;
  const { rows } = await sql<LateSpan & { id: string }>`
    select id::text as id, organization_id as "organizationId", types, site_ids as "siteIds",
      started_at as "from", ended_at as "to"
    from late_spans where ${those} order by id limit ${limit}`.execute(tx);
  return rows;
}

export async function deleteLateSpan(tx: Tx, span: { organizationId: string; id: string }): Promise<void> {
  await sql`delete from late_spans where organization_id = ${span.organizationId} and id = ${span.id}::bigint`.execute(
    tx,
  );
}
