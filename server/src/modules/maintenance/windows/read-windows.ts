import { listLimitDefault } from '@watchkeeper/contracts';
import { toInstant } from '@watchkeeper/contracts/instant';
import {
  everything,
  type MaintenanceListQuery,
  type MaintenancePreviewInput,
  maintenanceCalendarDaysMax,
  maintenanceOccurrencesMax,
  maintenancePreviewMax,
  maintenanceWindowsMax,
} from '@watchkeeper/contracts/maintenance';
import type { Static } from 'typebox';
import { requirePermission, type Scope } from '#modules/identity';
import { nowDate } from '#platform/clock';
import type { Ctx } from '#platform/context';
import { invalidField, notFound } from '#platform/errors';
import { decodeTimeCursor, toPage } from '#platform/http/cursor';
import { calendarFault, type Occurrence, occurrencesFrom } from '../calendar/occurrences.ts';
import { coverableChecks } from './coverable-checks.ts';
import { parsePlan } from './parse-window.ts';
import { findWindow, selectAllWindows, selectWindows } from './store.ts';
import { toMaintenanceWindow, type Window } from './window.ts';

/** Newest first. */
export async function listWindows(ctx: Ctx, scope: Scope, query: Static<typeof MaintenanceListQuery>) {
  requirePermission(scope, 'read');
  const now = nowDate(ctx.clock);
  const limit = query.limit ?? listLimitDefault;
  const filter = {
    status: query.status ?? null,
    site: query.location ?? null,
    now,
    after: decodeTimeCursor(query.cursor) ?? null,
    limit,
  };
  const windows = await ctx.db.tenant(scope.organizationId, (tx) =>
    selectWindows(tx, coverableChecks(ctx), scope.organizationId, filter),
  );
  return toPage(
    windows,
    limit,
    (window) => [window.createdAt.toISOString(), window.id],
    (window) => toMaintenanceWindow(window, now),
  );
}

/** @throws not_found */
export async function getWindow(ctx: Ctx, scope: Scope, reference: string): Promise<Window> {
  requirePermission(scope, 'read');
  const window = await ctx.db.tenant(scope.organizationId, (tx) =>
    findWindow(tx, coverableChecks(ctx), scope.organizationId, reference),
  );
  if (window === undefined) throw notFound('maintenance window');
  return window;
}

export interface Dated {
  readonly window: Window;
  readonly occurrence: Occurrence;
}

/**
 * Occurrences that touch the span, ordered by time. One more than `limit` means that there are more. Merges one
 * generator per window, so that the work depends on what is shown, not on how often a window recurs.
 */
export function datedBetween(windows: readonly Window[], from: Date, to: Date, limit: number): Dated[] {
  const heads = windows.flatMap((window) => {
    // A window that cannot be read shows its own fault. The others have their dates.
    if (calendarFault(window) !== null) return [];
    const rest = occurrencesFrom(window, from);
    const first = rest.next();
    return first.done === true ? [] : [{ window, rest, occurrence: first.value }];
  });
  const found: Dated[] = [];
  while (found.length <= limit && heads.length > 0) {
    const soonest = heads.reduce((best, head) =>
      head.occurrence.start < best.occurrence.start ? head : best,
    );
    if (soonest.occurrence.start >= to) break;
    found.push({ window: soonest.window, occurrence: asItRuns(soonest.window, soonest.occurrence) });
    const next = soonest.rest.next();
    if (next.done === true) heads.splice(heads.indexOf(soonest), 1);
    else soonest.occurrence = next.value;
  }
  return found;
}

/** As planned, but the running occurrence has its real end. */
function asItRuns({ current, runId }: Window, planned: Occurrence): Occurrence {
  if (runId === null || current === null) return planned;
  const isThis = planned.start <= current.start && current.start < planned.end;
  return isThis ? { start: planned.start, end: current.end } : planned;
}

/** For the calendar of the console. @throws validation_failed */
export async function readCalendar(ctx: Ctx, scope: Scope, query: { from: string; to: string }) {
  requirePermission(scope, 'read');
  const [from, to] = [toInstant(query.from), toInstant(query.to)];
  if (to <= from) throw invalidField('to', 'must be later than from');
  if (to.getTime() - from.getTime() > maintenanceCalendarDaysMax * 86_400_000)
    throw invalidField('to', `is more than ${maintenanceCalendarDaysMax} days after from`);
  const windows = await ctx.db.tenant(scope.organizationId, (tx) =>
    selectAllWindows(tx, coverableChecks(ctx), scope.organizationId, maintenanceWindowsMax),
  );
  const dated = datedBetween(windows, from, to, maintenanceOccurrencesMax);
  return {
    data: dated.slice(0, maintenanceOccurrencesMax).map(({ window, occurrence }) => ({
      window_id: window.id,
      slug: window.slug,
      location: window.siteSlug ?? everything,
      reason: window.reason,
      start_time: occurrence.start.toISOString(),
      end_time: occurrence.end.toISOString(),
    })),
    truncated: dated.length > maintenanceOccurrencesMax,
  };
}

/** The next occurrences of a window that does not exist yet. @throws validation_failed */
export async function previewWindow(ctx: Ctx, scope: Scope, input: MaintenancePreviewInput) {
  requirePermission(scope, 'read');
  const now = nowDate(ctx.clock);
  const schedule = await ctx.db.tenant(scope.organizationId, (tx) =>
    parsePlan(tx, scope.organizationId, input, now),
  );
  const next = occurrencesFrom(schedule, now).take(maintenancePreviewMax);
  return {
    timezone: schedule.timezone,
    data: [...next].map(({ start, end }) => ({
      start_time: start.toISOString(),
      end_time: end.toISOString(),
    })),
  };
}
