import type { Priority } from '@watchkeeper/contracts';
import type { Caller } from '#modules/identity';
import type { Tx } from '#platform/db/database';
import { changeIncidents, type Decide, type TransitionCtx } from './transition.ts';

/**
 * What people do to incidents, each under the incidents' locks, for many at once. They change the incident alone: a
 * verb that also acts on its alerts does so in the same transaction, after this. Each returns the ids that changed.
 */
export interface ByHand {
  readonly actor: Caller;
  readonly note?: string | undefined;
  readonly details?: object;
}

async function change(
  ctx: TransitionCtx,
  tx: Tx,
  ids: readonly string[],
  actor: Caller,
  decide: Decide,
): Promise<string[]> {
  return (await changeIncidents(ctx, tx, ids, decide, actor)).map((incident) => incident.id);
}

/** "I am looking at it." Only open incidents change. */
export async function acknowledgeIncidents(
  ctx: TransitionCtx,
  tx: Tx,
  ids: readonly string[],
  { actor, note, details }: ByHand,
): Promise<string[]> {
  const at = new Date(ctx.clock.now());
  return await change(ctx, tx, ids, actor, ({ status }) =>
    status !== 'open'
      ? undefined
      : {
          set: { status: 'acknowledged', acknowledged_at: at, acknowledged_by: actor.name },
          entries: [
            { kind: 'acknowledged', why: `${actor.name} is looking at it.`, note, details: details ?? {} },
          ],
        },
  );
}

/** "I am not looking at it after all." */
export async function unacknowledgeIncidents(
  ctx: TransitionCtx,
  tx: Tx,
  ids: readonly string[],
  { actor, note }: ByHand,
): Promise<string[]> {
  return await change(ctx, tx, ids, actor, ({ status }) =>
    status !== 'acknowledged'
      ? undefined
      : {
          set: { status: 'open', acknowledged_at: null, acknowledged_by: null },
          entries: [{ kind: 'unacknowledged', why: `${actor.name} took the acknowledgement back.`, note }],
        },
  );
}

/** Gives incidents to a member; null takes them back. */
export async function assignIncidents(
  ctx: TransitionCtx,
  tx: Tx,
  ids: readonly string[],
  user: { readonly id: string; readonly name: string } | null,
  { actor, note }: ByHand,
): Promise<string[]> {
  const whose = user === null ? 'to nobody' : user.id === actor.id ? 'to themselves' : `to ${user.name}`;
  const why = `${actor.name} assigned it ${whose}.`;
  return await change(ctx, tx, ids, actor, ({ assigned_to: before }) =>
    before === (user?.id ?? null)
      ? undefined
      : {
          set: { assigned_to: user?.id ?? null, assigned_name: user?.name ?? null },
          entries: [{ kind: 'assigned', why, note, details: { user: user?.id ?? null } }],
        },
  );
}

export async function commentOnIncidents(
  ctx: TransitionCtx,
  tx: Tx,
  ids: readonly string[],
  text: string,
  { actor }: ByHand,
): Promise<string[]> {
  const why = `${actor.name} wrote a comment.`;
  return await change(ctx, tx, ids, actor, () => ({ entries: [{ kind: 'commented', why, note: text }] }));
}

/** Quiet until `until`, unless it gets worse. Only incidents that are not over. */
export async function snoozeIncidents(
  ctx: TransitionCtx,
  tx: Tx,
  ids: readonly string[],
  until: Date,
  { actor, note }: ByHand,
): Promise<string[]> {
  const why = `${actor.name} wants to hear of it again at ${until.toISOString()}.`;
  return await change(ctx, tx, ids, actor, ({ status }) =>
    status === 'resolved'
      ? undefined
      : {
          set: { snoozed_until: until },
          entries: [{ kind: 'snoozed', why, note, details: { until: until.toISOString() } }],
        },
  );
}

/** "Wake up now." */
export async function unsnoozeIncidents(
  ctx: TransitionCtx,
  tx: Tx,
  ids: readonly string[],
  { actor, note }: ByHand,
): Promise<string[]> {
  const why = `${actor.name} ended the snooze.`;
  return await change(ctx, tx, ids, actor, ({ snoozed_until: until }) =>
    until === null
      ? undefined
      : { set: { snoozed_until: null }, entries: [{ kind: 'snooze_ended', why, note }] },
  );
}

/** A person says that it is over, why, and what was done. Told at once. */
export async function resolveIncidents(
  ctx: TransitionCtx,
  tx: Tx,
  ids: readonly string[],
  { reason, actionTaken }: { readonly reason: string; readonly actionTaken?: string | undefined },
  { actor, details }: ByHand,
): Promise<string[]> {
  const at = new Date(ctx.clock.now());
  const done = actionTaken === undefined ? {} : { action_taken: actionTaken };
  return await change(ctx, tx, ids, actor, ({ status }) =>
    status === 'resolved'
      ? undefined
      : {
          set: {
            status: 'resolved',
            resolved_at: at,
            resolved_by: actor.name,
            resolved_reason: reason,
            action_taken: actionTaken ?? null,
            turned_at: at,
            flapping_since: null,
            snoozed_until: null,
          },
          entries: [{ kind: 'resolved', why: reason, details: { by_hand: true, ...done, ...details } }],
        },
  );
}

/** "It is not over." An incident that became part of another stays there. */
export async function reopenIncidents(
  ctx: TransitionCtx,
  tx: Tx,
  ids: readonly string[],
  { actor, note }: ByHand,
): Promise<string[]> {
  const at = new Date(ctx.clock.now());
  const why = `${actor.name} took the resolution back.`;
  return await change(ctx, tx, ids, actor, (incident) =>
    incident.status !== 'resolved' || incident.merged_into !== null
      ? undefined
      : {
          set: {
            status: incident.acknowledged_at === null ? 'open' : 'acknowledged',
            resolved_at: null,
            resolved_by: null,
            resolved_reason: null,
            action_taken: null,
            turned_at: at,
          },
          entries: [{ kind: 'reopened', why, note, details: { by_hand: true } }],
        },
  );
}

export async function renameIncident(
  ctx: TransitionCtx,
  tx: Tx,
  id: string,
  title: string,
  { actor }: ByHand,
): Promise<string[]> {
  const why = `${actor.name} called it "${title}".`;
  return await change(ctx, tx, [id], actor, (incident) =>
    incident.title === title
      ? undefined
      : { set: { title }, entries: [{ kind: 'renamed', why, details: { before: incident.title } }] },
  );
}

/** Sets the priority by hand; null: it is computed again, at the next look. */
export async function setPriority(
  ctx: TransitionCtx,
  tx: Tx,
  ids: readonly string[],
  level: Priority | null,
  reason: string,
  { actor }: ByHand,
): Promise<string[]> {
  return await change(ctx, tx, ids, actor, (incident) => {
    if (level === null && incident.priority_by === null) return undefined;
    const why =
      level === null
        ? `${actor.name} lets the priority be computed: ${reason}`
        : `${actor.name} set the priority to ${level}: ${reason}`;
    return {
      set:
        level === null
          ? { priority_by: null, priority_reason: null }
          : { priority: level, priority_by: actor.name, priority_reason: reason },
      entries: [{ kind: 'priority_changed', why, details: { before: incident.priority, after: level } }],
    };
  });
}

/** What was learned; one text per incident. */
export async function noteIncident(
  ctx: TransitionCtx,
  tx: Tx,
  id: string,
  text: string,
  { actor }: ByHand,
): Promise<string[]> {
  const why = `${actor.name} ${text === '' ? 'removed' : 'wrote'} the note.`;
  return await change(ctx, tx, [id], actor, (incident) =>
    incident.note === text ? undefined : { set: { note: text }, entries: [{ kind: 'noted', why }] },
  );
}

/** Says that a link was added (verbs/link-store.ts keeps it). */
export async function recordLink(
  ctx: TransitionCtx,
  tx: Tx,
  id: string,
  link: { readonly id: string; readonly url: string; readonly title: string },
  { actor }: ByHand,
): Promise<string[]> {
  const why = `${actor.name} added a link: ${link.title}.`;
  return await change(ctx, tx, [id], actor, () => ({
    entries: [{ kind: 'linked', why, details: { id: link.id, url: link.url, title: link.title } }],
  }));
}

/** Says that a link was removed. */
export async function recordLinkRemoved(
  ctx: TransitionCtx,
  tx: Tx,
  id: string,
  link: { readonly id: string; readonly title: string },
  { actor }: ByHand,
): Promise<string[]> {
  const why = `${actor.name} removed a link: ${link.title}.`;
  return await change(ctx, tx, [id], actor, () => ({
    entries: [{ kind: 'linked', why, details: { id: link.id, removed: true } }],
  }));
}
