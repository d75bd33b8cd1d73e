import type { Timeline, TimelineQuery } from '@watchkeeper/contracts/telemetry';
import type { Static } from 'typebox';
import { requirePermission, type Scope } from '#modules/identity';
import type { Ctx } from '#platform/context';
import { notFound } from '#platform/errors';
import { untilOf } from '../history/read-history.ts';
import { findState } from './state-store.ts';
import { timelineOf } from './timeline.ts';
import { findChangeBefore, selectStatusChanges } from './timeline-store.ts';

/** A device that flaps more often than this says so in its alerts; a bar on a screen could not show it. */
const changesMax = 2_000;
const hourMs = 3_600_000;

/**
 * Status over time. It is read from the changes themselves, which are written in the transaction that changes
 * the status: heartbeats and alerts would only allow a guess, and heartbeats are forgotten much sooner.
 * @throws not_found
 */
export async function readTimeline(
  ctx: Ctx,
  scope: Scope,
  device: string,
  query: Static<typeof TimelineQuery>,
): Promise<Timeline> {
  requirePermission(scope, 'read');
  const to = untilOf(query.until, ctx.clock.now());
  const from = to - (query.hours ?? 24) * hourMs;
  return await ctx.db.tenant(scope.organizationId, async (tx) => {
    const state = await findState(tx, scope.organizationId, device);
    if (state === undefined) throw notFound('device');
    const window = { from: new Date(from), to: new Date(to) };
    const newest = await selectStatusChanges(tx, state.device_key, window, changesMax + 1);
    const truncated = newest.length > changesMax;
    const changes = truncated ? newest.slice(1) : newest;
    const before = await findChangeBefore(tx, state.device_key, window.from);
    const { status, status_since: since } = state;
    const current = since === null ? undefined : { status, since: since.getTime() };
    const facts = { from, to, changes, before, current, createdAt: state.created_at.getTime() };
    return {
      from: window.from.toISOString(),
      to: window.to.toISOString(),
      spans: timelineOf(facts),
      truncated,
    };
  });
}
