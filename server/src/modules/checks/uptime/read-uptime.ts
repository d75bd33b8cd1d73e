import type { CheckUptime, UptimeFigures } from '@watchkeeper/contracts/check-uptime';
import type { OpeningHours } from '@watchkeeper/contracts/inventory';
import { requirePermission, type Scope } from '#modules/identity';
import { openIntervals } from '#modules/inventory';
import type { Ctx } from '#platform/context';
import { notFound } from '#platform/errors';
import { findCheck } from '../store.ts';
import { passiveKinds } from './roll-up.ts';
import { findSite, readProgress, readUptime, type UptimeRow } from './store.ts';
import { calendarDays, uptimeDaysMax, uptimeWindows } from './windows.ts';

const noSite = { slug: null, timezone: 'UTC', opening_hours: null } as const;
/** Clocks go back by at most a few hours, so the first day cannot begin earlier than this before its nominal start. */
const slackMs = 86_400_000;

export const uptimeFormula =
  'available = up / (up + down). A result counts until the next one, but at most for two intervals and the time of one run; the result of a check that waits for calls has no such limit. A check is down when it has failed as many times in a row as it is set to. Maintenance and unknown time count as neither up nor down. Unknown is the time before the first result, the time without checks, while the check was off or could not run, and while a check it depends on was down. The answer gives maintenance and unknown time separately.';

/** For which share of the time a check was up: of all time, and of the opening hours of its site if it has some. */
export async function readCheckUptime(ctx: Ctx, scope: Scope, reference: string): Promise<CheckUptime> {
  requirePermission(scope, 'read');
  const now = new Date(ctx.clock.now());
  // A system transaction, because the progress of the sums belongs to no tenant.
  const progress = await ctx.db.system(readProgress);
  return await ctx.db.tenant(scope.organizationId, async (tx) => {
    const check = await findCheck(tx, scope.organizationId, reference);
    if (check === undefined) throw notFound('check');
    const site = (check.site_id === null ? undefined : await findSite(tx, check.site_id)) ?? noSite;
    const { timezone } = site;
    const windows = uptimeWindows(now, timezone);
    const days = calendarDays(now, timezone, uptimeDaysMax);
    const from = new Date(
      Math.min(...[...windows, ...days].map((window) => window.from.getTime())) - slackMs,
    );
    const hours = asHours(site.opening_hours);
    const rows = await readUptime(tx, {
      check,
      windows: [...windows, ...days],
      from,
      now,
      stored: progress ?? check.created_at,
      open: hours === null ? null : openIntervals(hours, timezone, from, now),
      passiveKinds,
    });
    const of = (key: string, basis: UptimeRow['basis']) =>
      rows.find((row) => row.key === key && row.basis === basis);
    return {
      check: check.slug,
      site: site.slug,
      timezone,
      checked_since: check.created_at.toISOString(),
      formula: uptimeFormula,
      windows: windows.map(({ key, ...span }) => ({
        window: key,
        from: span.from.toISOString(),
        to: span.to.toISOString(),
        clock: toFigures(of(key, 'clock')),
        opening_hours: hours === null ? null : toFigures(of(key, 'opening_hours')),
      })),
      days: days.map(({ key, ...span }) => ({
        date: key,
        from: span.from.toISOString(),
        to: span.to.toISOString(),
        ...toFigures(of(key, 'clock')),
      })),
    };
  });
}

/** Safe because only inventory writes the column, and it checks the shape. */
function asHours(stored: unknown): OpeningHours | null {
  return (stored ?? null) as OpeningHours | null;
}

function toFigures(row: UptimeRow | undefined): UptimeFigures {
  const {
    total = 0,
    maintenance = 0,
    up = 0,
    down = 0,
    outages = 0,
    longest_outage: longest = 0,
  } = row ?? {};
  const known = up + down;
  const percent = known === 0 ? null : Math.round((1e6 * up) / known) / 1e4;
  return {
    available_percent: percent,
    total_seconds: round(total),
    up_seconds: round(up),
    down_seconds: round(down),
    maintenance_seconds: round(maintenance),
    unknown_seconds: round(Math.max(0, total - maintenance - known)),
    outages,
    longest_outage_seconds: round(longest),
    words:
      percent === null
        ? 'There is no data for this time.'
        : `${plain(up)} s up / (${plain(up)} s up + ${plain(down)} s down) = ${percent} %`,
  };
}

function round(seconds: number): number {
  return Math.round(seconds * 1000) / 1000;
}

function plain(seconds: number): string {
  return Math.round(seconds).toLocaleString('en');
}
