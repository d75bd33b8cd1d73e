import type { IncidentTransitionKind } from '@watchkeeper/contracts';
import { sql } from 'kysely';
import type { Tx } from '#platform/db/database';
import { toJson } from '#platform/storable';

/** Writes on the timeline, the outbox of the messages. Only transition.ts calls them. */

export interface NewIncidentTransition {
  readonly id: string;
  readonly organizationId: string;
  readonly incidentId: string;
  readonly kind: IncidentTransitionKind;
  readonly actor: { readonly kind: string; readonly id: string; readonly name: string };
  readonly why: string;
  readonly note: string | null;
  readonly details: object;
  /** It is told no earlier than this many seconds from now. */
  readonly waitSeconds: number;
  /** Nobody is told. */
  readonly quiet: boolean;
}

/** Lines of an incident whose opening still waits wait as long, so that the first message tells all of it. */
export async function insertIncidentTransitions(
  tx: Tx,
  transitions: readonly NewIncidentTransition[],
  now: Date,
): Promise<void> {
  const json = toJson(
    transitions.map((transition) => ({
      organization_id: transition.organizationId,
      id: transition.id,
      incident_id: transition.incidentId,
      kind: transition.kind,
      actor_kind: transition.actor.kind,
      actor_id: transition.actor.id,
      actor_name: transition.actor.name,
      why: transition.why,
      note: transition.note,
      details: transition.details,
      wait_seconds: transition.waitSeconds,
      quiet: transition.quiet,
    })),
  );
  await sql`
    insert into incident_transitions (organization_id, id, incident_id, at, kind, actor_kind, actor_id, actor_name, why,
      note, details, planned_at, plan_after)
    select organization_id, id, incident_id, ${now}, kind, actor_kind, actor_id, actor_name, why, note, details,
      case when quiet then clock_timestamp() end, greatest(now() + make_interval(secs => wait_seconds), (select max(o.plan_after) from incident_transitions o
        where o.incident_id = t.incident_id and o.kind = 'opened' and o.planned_at is null))
    from jsonb_to_recordset(${json}::jsonb) as t(organization_id uuid, id uuid, incident_id uuid, kind text,
      actor_kind text, actor_id text, actor_name text, why text, note text, details jsonb, wait_seconds float8, quiet boolean)
    order by id`.execute(tx);
}
