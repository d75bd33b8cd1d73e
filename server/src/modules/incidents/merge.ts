import type { Ctx } from '#platform/context';
import type { Tx } from '#platform/db/database';
import { AppError, notFound } from '#platform/errors';
import type { ByHand } from './by-hand.ts';
import { listMembersAmong } from './grouping/place-store.ts';
import { settleIncidents } from './grouping/settle-incidents.ts';
import { readGrouping } from './settings/settings.ts';
import {
  alertsOf,
  changeHeld,
  holdIncidents,
  type LockedIncident,
  moveAlerts,
  openIncidents,
  type TransitionCtx,
} from './transition.ts';

type MergeCtx = TransitionCtx & Pick<Ctx, 'config'>;

/**
 * The alerts of `sources` become part of `target`, and so do those that come later with the same key. The sources are
 * over. Returns the ids that changed, the target first.
 * @throws not_found, conflict when one of them is part of another incident already
 */
export async function mergeIncidents(
  ctx: MergeCtx,
  tx: Tx,
  target: string,
  sources: readonly string[],
  { actor, note }: ByHand,
): Promise<string[]> {
  const held = await holdIncidents(tx, [target, ...sources]);
  const into = held.find((incident) => incident.id === target);
  const from = held.filter((incident) => incident.id !== target);
  if (into === undefined || from.length === 0 || from.length < new Set(sources).size)
    throw notFound('incident');
  const gone = held.find((incident) => incident.merged_into !== null);
  if (gone !== undefined)
    throw new AppError('conflict', `Incident #${gone.number} is part of another incident already.`);
  const now = new Date(ctx.clock.now());
  const moved = await moveAlerts(tx, await alertsOf(tx, idsOf(from)), target, 'merge');
  await changeHeld(
    ctx,
    tx,
    from,
    () => ({
      set: {
        status: 'resolved',
        merged_into: target,
        resolved_at: now,
        resolved_by: actor.name,
        resolved_reason: `It is part of #${into.number}.`,
        snoozed_until: null,
        flapping_since: null,
      },
      entries: [
        {
          kind: 'merged',
          why: `${actor.name} made it part of #${into.number}.`,
          note,
          details: { into: into.number },
        },
      ],
    }),
    actor,
  );
  const numbers = from.map((incident) => incident.number);
  const grown = await changeHeld(
    ctx,
    tx,
    [into],
    () => ({
      entries: [
        {
          kind: 'merged',
          why: `${actor.name} merged ${numbers.map((number) => `#${number}`).join(', ')} into it.`,
          note,
          details: { from: numbers, alerts: moved.length },
        },
      ],
    }),
    actor,
  );
  await settleIncidents(ctx, tx, grown, await readGrouping(ctx, tx, into.organization_id));
  return [target, ...idsOf(from)];
}

/**
 * These alerts leave the incident for a new one, which takes no others by itself. Returns the new incident's id.
 * @throws not_found, conflict when they are not alerts of it, or when none would be left
 */
export async function splitIncident(
  ctx: MergeCtx,
  tx: Tx,
  id: string,
  alertIds: readonly string[],
  { actor, note }: ByHand,
): Promise<string> {
  const [source] = await holdIncidents(tx, [id]);
  if (source === undefined) throw notFound('incident');
  const own = await listMembersAmong(tx, id, alertIds);
  if (own.named < new Set(alertIds).size)
    throw new AppError('conflict', 'Only alerts of this incident can leave it.');
  if (own.staying === 0) throw new AppError('conflict', 'One alert at least must stay.');
  const settings = await readGrouping(ctx, tx, source.organization_id);
  const opened = await openIncidents(
    ctx,
    tx,
    source.organization_id,
    [
      {
        organizationId: source.organization_id,
        groupKey: source.group_key,
        isCurrent: false,
        title: source.title,
        severity: source.severity,
        priority: source.priority,
        siteId: source.site_id,
        openedAt: source.opened_at,
        lastJoinedAt: source.last_joined_at,
        muted: null,
        why: `${actor.name} split it from #${source.number}.`,
        details: { split_from: source.number, alerts: own.leaving, count: own.leaving.length },
        waitSeconds: 0,
        members: [],
      },
    ],
    actor,
  );
  const part = opened[0];
  if (part === undefined) throw notFound('incident');
  await moveAlerts(tx, own.leaving, part.id, 'split');
  const shrunk = await changeHeld(
    ctx,
    tx,
    [source],
    () => ({
      entries: [
        {
          kind: 'split',
          why: `${actor.name} made #${part.number} of ${own.leaving.length} of its alerts.`,
          note,
          details: { to: part.number, alerts: own.leaving },
        },
      ],
    }),
    actor,
  );
  // Its title is that of its own alerts from now on.
  const renamed = { ...part, counts: { title: part.title } };
  await settleIncidents(ctx, tx, [...shrunk, renamed], settings);
  return part.id;
}

function idsOf(incidents: readonly LockedIncident[]): string[] {
  return incidents.map((incident) => incident.id);
}
