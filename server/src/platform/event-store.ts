import { sql } from 'kysely';
import type { Tx } from './db/database.ts';
import { liveNotice } from './live-postgres.ts';
import { defineOutbox } from './outbox.ts';

/** The outbox of domain events: one row for an event and a subscriber. A row that is done is deleted. */
export const eventOutbox = defineOutbox({
  name: 'domain events',
  table: 'domain_events',
  columns: {},
  oldestBy: 'plan_after',
  part: sql`event || '.' || subscriber`,
});

/** The topic of live changes that says that events wait. Its ids are names of events. */
export const eventsTopic = 'domain_events';

/** The events of one organization for one subscriber. A process works on them one after the other. */
export interface Lane {
  readonly event: string;
  readonly subscriber: string;
  readonly organizationId: string;
}

export interface NewEvent extends Lane {
  readonly id: string;
  /** JSON text. */
  readonly payload: string;
}

/** Wakes the workers when `tx` commits. */
export async function insertEvents(tx: Tx, rows: readonly NewEvent[]): Promise<void> {
  const names = [...new Set(rows.map(({ event }) => event))];
  await sql`
    insert into domain_events (organization_id, id, event, subscriber, payload)
    select organization_id, id, event, subscriber, payload::jsonb
    from unnest(${rows.map((row) => row.organizationId)}::uuid[], ${rows.map((row) => row.id)}::uuid[],
      ${rows.map((row) => row.event)}::text[], ${rows.map((row) => row.subscriber)}::text[],
      ${rows.map((row) => row.payload)}::text[]) as e (organization_id, id, event, subscriber, payload)
    returning ${liveNotice({ organizationId: '', topic: eventsTopic, ids: names })}`.execute(tx);
}

const ofLane = ({ event, subscriber, organizationId }: Lane) =>
  sql`event = ${event} and subscriber = ${subscriber} and organization_id = ${organizationId}`;

/**
 * Lanes with an event to work on, at most `limit`, the longest waiting first. The query jumps from lane to lane along
 * the index, so the number of events in a lane does not matter.
 */
export async function listLanes(
  tx: Tx,
  known: readonly Pick<Lane, 'event' | 'subscriber'>[],
  limit: number,
): Promise<Lane[]> {
  const { rows } = await sql<Lane>`
    with recursive lanes as (
      (select event, subscriber, organization_id from domain_events where planned_at is null
        order by event, subscriber, organization_id limit 1)
      union all
      select next.* from lanes l cross join lateral (
        select event, subscriber, organization_id from domain_events
        where planned_at is null
          and (event, subscriber, organization_id) > (l.event, l.subscriber, l.organization_id)
        order by event, subscriber, organization_id limit 1) next
    )
    select l.event, l.subscriber, l.organization_id as "organizationId" from lanes l
    cross join lateral (
      select plan_after from domain_events e where planned_at is null
        and e.event = l.event and e.subscriber = l.subscriber and e.organization_id = l.organization_id
      order by plan_after limit 1) first
    where first.plan_after <= statement_timestamp()
      and (l.event, l.subscriber) in (select * from unnest(
        ${known.map(({ event }) => event)}::text[], ${known.map(({ subscriber }) => subscriber)}::text[]))
    order by first.plan_after limit ${limit}`.execute(tx);
  return rows;
}

export interface ClaimedEvent {
  readonly id: string;
  readonly payload: object;
  /** Including this one. */
  readonly attempts: number;
}

/** For this long no other process takes a claimed row. If a process dies or hangs, its claim then ends. */
export const claimSeconds = 15;
const claimEnd = sql`statement_timestamp() + make_interval(secs => ${sql.lit(claimSeconds)})`;

/** The next event of a lane, for the process `by`. */
export async function claimEvent(tx: Tx, lane: Lane, by: string): Promise<ClaimedEvent | undefined> {
  const { rows } = await sql<ClaimedEvent>`
    update domain_events set plan_attempts = plan_attempts + 1, claimed_by = ${by}, plan_after = ${claimEnd}
    where id = (
      select id from domain_events where ${ofLane(lane)} and planned_at is null and plan_after <= statement_timestamp()
      order by plan_after, id limit 1 for update skip locked)
    returning id, payload, plan_attempts as attempts`.execute(tx);
  return rows[0];
}

/** Extends the claims of handlers that are still working. */
export async function renewClaims(tx: Tx, ids: readonly string[], by: string): Promise<void> {
  await sql`
    update domain_events set plan_after = ${claimEnd} where id = any(${[...ids]}::uuid[]) and claimed_by = ${by}`.execute(
    tx,
  );
}

export async function deleteEvent(tx: Tx, id: string): Promise<void> {
  await sql`delete from domain_events where id = ${id}`.execute(tx);
}

type Held = Pick<ClaimedEvent, 'id' | 'attempts'>;

/** Another process may have claimed the row in the meantime. Then that process decides about the row. */
const stillHeld = ({ id, attempts }: Held, by: string) =>
  sql`id = ${id} and claimed_by = ${by} and plan_attempts = ${attempts}`;

/**
 * The event is due again after `seconds`. `isCounted` false: the attempt does not count, because the event was not at
 * fault.
 */
export async function postponeEvent(
  tx: Tx,
  held: Held,
  by: string,
  { seconds, isCounted }: { readonly seconds: number; readonly isCounted: boolean },
): Promise<void> {
  await sql`
    update domain_events set claimed_by = null, plan_attempts = plan_attempts - ${isCounted ? 0 : 1},
      plan_after = statement_timestamp() + make_interval(secs => ${seconds})
    where ${stillHeld(held, by)}`.execute(tx);
}

/** Makes it a dead letter, until somebody retries it. */
export async function giveUpEvent(tx: Tx, held: Held, by: string, error: string): Promise<void> {
  await sql`
    update domain_events set claimed_by = null, planned_at = statement_timestamp(), plan_error = ${error}
    where ${stillHeld(held, by)}`.execute(tx);
}

/** Dead letters, and events whose subscriber no process knows, are kept for `days`. */
export async function deleteOldEvents(tx: Tx, days: number): Promise<void> {
  const limit = sql`statement_timestamp() - make_interval(days => ${days})`;
  await sql`
    delete from domain_events where planned_at < ${limit} or (planned_at is null and plan_after < ${limit})
      or (planned_at is not null and plan_error is null)`.execute(tx);
}

export interface EventFigures {
  readonly name: string;
  readonly waiting: number;
  readonly active: number;
  readonly oldestSeconds: number;
}

/** Events that are due or being worked on, by event and subscriber. Events that are due later are left out. */
export async function readEventFigures(tx: Tx): Promise<EventFigures[]> {
  const { rows } = await sql<EventFigures>`
    select event || '.' || subscriber as name, count(*) filter (where due)::int as waiting,
      count(*) filter (where not due and claimed_by is not null)::int as active,
      coalesce(max(extract(epoch from statement_timestamp() - plan_after)) filter (where due), 0)::float8 as "oldestSeconds"
    from (select *, plan_after <= statement_timestamp() as due from domain_events where planned_at is null) e
    group by 1 order by 2 desc, 3 desc, 1`.execute(tx);
  return rows;
}
