import { isDeepStrictEqual } from 'node:util';
import type { Priority, PriorityInput, Verdict } from '@watchkeeper/contracts';
import type { Caller } from '#modules/identity';
import type { Tx } from '#platform/db/database';
import { countEscalations } from './incident-store.ts';
import { changeHeld, changeIncidents, holdIncidents, type TransitionCtx } from './transition.ts';

/** What happens to incidents without a person: clocks, judgements and escalations. */

export interface IncidentEscalation {
  readonly incidentId: string;
  /** 1 for the first escalation, 2 for the next. */
  readonly level: number;
  readonly why: string;
  readonly details: object;
}

/**
 * Records that nobody acknowledged these incidents in time: once per incident and level, and the levels in order.
 * The answer leaves out incidents that are acknowledged, snoozed, muted or over.
 */
export async function escalateIncidents(
  ctx: TransitionCtx,
  tx: Tx,
  escalations: readonly IncidentEscalation[],
): Promise<string[]> {
  const wanted = new Map(escalations.map((escalation) => [escalation.incidentId, escalation]));
  const held = await holdIncidents(tx, [...wanted.keys()]);
  if (held.length === 0) return [];
  // Count after locking: another process may have recorded this level while this one waited.
  const levels = await countEscalations(tx, [...wanted.keys()]);
  const now = ctx.clock.now();
  const changed = await changeHeld(ctx, tx, held, (incident) => {
    const escalation = wanted.get(incident.id);
    const isWaiting =
      incident.status === 'open' &&
      incident.muted_by === null &&
      (incident.snoozed_until === null || incident.snoozed_until.getTime() <= now);
    if (escalation === undefined || !isWaiting) return undefined;
    if (escalation.level !== (levels.get(incident.id) ?? 0) + 1) return undefined;
    const { why, details, level } = escalation;
    return { entries: [{ kind: 'escalated', why, details: { ...details, level } }] };
  });
  return changed.map((incident) => incident.id);
}

/** Ends the snoozes that ran out. Returns the incidents that are loud again. */
export async function endSnoozes(ctx: TransitionCtx, tx: Tx, ids: readonly string[]): Promise<string[]> {
  const now = ctx.clock.now();
  const changed = await changeIncidents(ctx, tx, ids, ({ snoozed_until: until }) =>
    until === null || until.getTime() > now
      ? undefined
      : { set: { snoozed_until: null }, entries: [{ kind: 'snooze_ended', why: 'The snooze is over.' }] },
  );
  return changed.map((incident) => incident.id);
}

export interface Judgement {
  readonly incidentId: string;
  readonly verdict: Verdict | null;
  readonly priority: { readonly level: Priority; readonly inputs: readonly PriorityInput[] };
}

/** Stores verdicts and priorities; a change has a line. A priority set by hand stays. */
export async function storeJudgements(
  ctx: TransitionCtx,
  tx: Tx,
  judgements: readonly Judgement[],
): Promise<string[]> {
  const wanted = new Map(judgements.map((judgement) => [judgement.incidentId, judgement]));
  const changed = await changeIncidents(ctx, tx, [...wanted.keys()], (incident) => {
    const judgement = wanted.get(incident.id);
    if (judgement === undefined) return undefined;
    const { verdict, priority } = judgement;
    const level = incident.priority_by === null ? priority.level : incident.priority;
    const turned = (incident.verdict?.kind ?? null) !== (verdict?.kind ?? null);
    const moved = level !== incident.priority;
    // Until the first judgement the severity alone decides, so that one is no change worth a line.
    const isFirst = incident.priority_inputs.length === 0;
    if (
      !turned &&
      !moved &&
      isDeepStrictEqual(incident.verdict, verdict) &&
      isDeepStrictEqual(incident.priority_inputs, priority.inputs)
    )
      return undefined;
    return {
      set: { verdict, priority: level, priority_inputs: priority.inputs },
      entries: [
        ...(turned
          ? [
              {
                kind: 'verdict_changed' as const,
                why: verdict?.suggested_cause ?? 'The likely cause is not clear any more.',
                details: { before: incident.verdict?.kind ?? null, after: verdict?.kind ?? null },
              },
            ]
          : []),
        ...(moved && !isFirst
          ? [
              {
                kind: 'priority_changed' as const,
                why: `The priority is ${level}; it was ${incident.priority}.`,
                details: { before: incident.priority, after: level, inputs: priority.inputs },
              },
            ]
          : []),
      ],
    };
  });
  return changed.map((incident) => incident.id);
}

export interface IncidentResponse {
  readonly incidentId: string;
  /** What was done, and what came of it. */
  readonly why: string;
  readonly details: object;
  /** Who did it. */
  readonly actor: Caller;
}

/** Lines about what was done for incidents by itself. They change nothing and are told to nobody. */
export async function recordResponses(
  ctx: TransitionCtx,
  tx: Tx,
  responses: readonly IncidentResponse[],
): Promise<string[]> {
  const of = Map.groupBy(responses, (response) => response.incidentId);
  const changed = await changeIncidents(ctx, tx, [...of.keys()], ({ id }) => ({
    entries: (of.get(id) ?? []).map(({ why, details, actor }) => ({
      kind: 'responded',
      why,
      details,
      actor,
    })),
  }));
  return changed.map((incident) => incident.id);
}
