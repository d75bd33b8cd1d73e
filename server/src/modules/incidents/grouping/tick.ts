import type { Ctx } from '#platform/context';
import { endSnoozes } from '../by-itself.ts';
import { readGrouping } from '../settings/settings.ts';
import { changeIncidents } from '../transition.ts';
import { listDue } from './due-store.ts';
import { readFacts } from './facts-store.ts';

/** One round works on so many; the next one takes the rest. */
const dueMax = 500;

/** What happens to incidents when time passes: snoozes end, and what flapped holds still. */
export async function tickIncidents(ctx: Ctx, signal: AbortSignal): Promise<void> {
  const now = new Date(ctx.clock.now());
  // Across tenants: the clock is the same for all of them.
  const due = await ctx.db.system((tx) => listDue(tx, now, dueMax));
  for (const [organizationId, own] of Map.groupBy(due, (row) => row.organizationId)) {
    if (signal.aborted) return;
    const ids = own.map((row) => row.id);
    await ctx.db.tenant(organizationId, async (tx) => {
      await endSnoozes(ctx, tx, ids);
      const settings = await readGrouping(ctx, tx, organizationId);
      const quietMs = Math.max(settings.hold_down_seconds, settings.reopen_window_seconds) * 1000;
      const facts = await readFacts(tx, ids);
      await changeIncidents(ctx, tx, ids, (incident) => {
        const { flapping_since: since, turned_at: turned } = incident;
        if (since === null || turned.getTime() + quietMs > now.getTime()) return undefined;
        const own = facts.get(incident.id);
        const isOver = own === undefined || own.open + own.muted === 0;
        const steady = {
          kind: 'steadied' as const,
          why: `It has held still for ${Math.round((now.getTime() - turned.getTime()) / 60_000)} minutes.`,
          details: { over: isOver },
        };
        if (!isOver || incident.status === 'resolved')
          return { set: { flapping_since: null }, entries: [steady] };
        const why = 'It flapped, and has held still since.';
        return {
          set: {
            flapping_since: null,
            status: 'resolved',
            resolved_at: own?.endedAt ?? turned,
            resolved_by: 'Watchkeeper',
            resolved_reason: why,
            snoozed_until: null,
          },
          entries: [steady, { kind: 'resolved', why }],
        };
      });
    });
  }
}
