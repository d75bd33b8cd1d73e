import type { ObservedState } from '@watchkeeper/contracts/sources';
import { sql } from 'kysely';
import { type Reading, type ReadSource, readingRows, type SourceObject, sourceRows } from '#modules/sources';
import { deviceStateRows } from '#modules/telemetry';
import type { Database, Tx } from '#platform/db/database';
import { type Fault, inParts } from '#platform/db/parts';
import { textOfRows } from '#platform/db/shown';
import { storableText, toJson } from '#platform/storable';

/**
 * Stores what a reading says about devices. @returns the objects that could not be stored; their earlier observations
 * stay.
 */
export async function saveObservations(
  tx: Tx,
  source: ReadSource,
  reading: Pick<Reading<SourceObject>, 'objects' | 'complete'>,
  at: Date,
): Promise<readonly Fault<SourceObject>[]> {
  // An object may be listed twice, but a row can be written only once per statement: the last one counts.
  const unique = new Map(reading.objects.map((object) => [storableText(object.externalId), object]));
  const { faults } = await inParts(tx, [...unique.values()], (part) => upsertObjects(tx, source, part, at));
  const unstorable = faults.map(({ item }) => storableText(item.externalId));
  if (reading.complete) await settleAbsent(tx, source, at, unstorable);
  return faults;
}

export async function forgetObservations(tx: Tx, sourceId: string): Promise<void> {
  await sql`delete from source_observations where source_id = ${sourceId}`.execute(tx);
}

async function upsertObjects(
  tx: Tx,
  source: Pick<ReadSource, 'organization_id' | 'id'>,
  part: readonly SourceObject[],
  at: Date,
): Promise<void> {
  const objects = part.map((object) => ({
    external_id: object.externalId,
    name: object.name,
    hostname: object.hostname ?? null,
    macs: object.macs ?? [],
    state: object.state,
    reason: object.reason ?? null,
    since: object.since ?? null,
    when_absent: object.whenAbsent,
    details: object.details,
  }));
  await sql`
    insert into source_observations as o (organization_id, source_id, external_id, name, hostname, macs, state, reason, since,
      observed_at, when_absent, details)
    select ${source.organization_id}, ${source.id}, i.external_id, i.name, i.hostname, i.macs, i.state, i.reason, i.since,
      ${at}, i.when_absent, i.details
    from jsonb_to_recordset(${toJson(objects)}::jsonb) as i (external_id text, name text, hostname text, macs text[],
      state text, reason text, since timestamptz, when_absent text, details jsonb)
    order by i.external_id
    on conflict (source_id, external_id) do update set name = excluded.name, hostname = excluded.hostname, macs = excluded.macs,
      state = excluded.state, reason = excluded.reason,
      since = case when o.state = excluded.state then coalesce(excluded.since, o.since) else coalesce(excluded.since, ${at}) end,
      observed_at = excluded.observed_at, when_absent = excluded.when_absent, details = o.details || excluded.details`.execute(
    tx,
  );
}

/** Objects that a complete reading did not list: kept where a check uses them, deleted otherwise. */
async function settleAbsent(
  tx: Tx,
  source: ReadSource,
  at: Date,
  unstorable: readonly string[],
): Promise<void> {
  const unseen = sql`o.source_id = ${source.id} and o.observed_at < ${at} and o.external_id <> all(${[...unstorable]}::text[])`;
  await sql`
    delete from source_observations o where ${unseen}
      and not exists (select from checks c where c.organization_id = ${source.organization_id}
        and c.config->>'source' = ${source.slug} and c.config->>'ref' = o.external_id and c.config ? 'ref')`.execute(
    tx,
  );
  await sql`
    update source_observations o set state = o.when_absent, observed_at = ${at}, reason = null,
      since = case when o.state = o.when_absent then o.since else ${at} end
    where ${unseen}`.execute(tx);
}

/** What a check judges an object by. */
export interface Observed {
  readonly check_id: string;
  readonly source_name: string;
  readonly source_status: string;
  /** Why the last reading of the source failed; null when it succeeded. */
  readonly source_fault: string | null;
  readonly source_on: boolean;
  readonly read_at: Date | null;
  readonly name: string | null;
  readonly state: ObservedState | null;
  readonly reason: string | null;
  readonly since: Date | null;
  readonly observed_at: Date | null;
  readonly details: Record<string, unknown> | null;
  /** The device's own last heartbeat. Also null where a rule has already called the device offline. */
  readonly last_seen_at: Date | null;
}

export interface Wanted {
  readonly checkId: string;
  readonly organizationId: string;
  readonly deviceId: string | null;
  readonly source: string;
  readonly ref: string;
}

/** Loads the observations for a whole batch of checks. Across tenants, because the engine claims across tenants. */
export async function loadObserved(
  db: Pick<Database, 'pool'>,
  kind: string,
  wanted: readonly Wanted[],
): Promise<Observed[]> {
  const { rows } = await db.pool.query<Observed>({
    name: 'checks.sources.observed',
    text: `select i.check_id, c.name as source_name, st.status as source_status,
        case when st.last_outcome <> 'ok' then st.last_reason end as source_fault, st.next_due_at is not null as source_on,
        r.read_at, o.name, o.state, o.reason, o.since, o.observed_at, o.details,
        case when d.status <> 'offline' then d.last_seen_at end as last_seen_at
      from unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::text[], $5::text[]) as i(check_id, organization_id, device_id, source, ref)
      join ${textOfRows(sourceRows)} s on s.organization_id = i.organization_id and s.slug = i.source and s.kind = $6
      join ${textOfRows(readingRows)} r on r.source_id = s.id
      join checks c on c.id = s.check_id join check_state st on st.check_id = s.check_id
      left join source_observations o on o.source_id = s.id and o.external_id = i.ref
      left join ${textOfRows(deviceStateRows)} d on d.device_id = i.device_id and d.organization_id = i.organization_id`,
    values: [
      wanted.map((one) => one.checkId),
      wanted.map((one) => one.organizationId),
      wanted.map((one) => one.deviceId),
      wanted.map((one) => one.source),
      wanted.map((one) => one.ref),
      kind,
    ],
  });
  return rows;
}
