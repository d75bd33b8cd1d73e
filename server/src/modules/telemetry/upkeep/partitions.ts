import type { Database } from '#platform/db/database';
import { dayGraceMs, dayOf, dayText } from './days.ts';
import { addDay, dropDays } from './partition-store.ts';

/** Tables that are kept in day partitions. */
export const dayTables = [
  'heartbeats',
  'heartbeat_chunks',
  'heartbeat_rollups',
  'events',
  'metric_points',
] as const;
export type DayTable = (typeof dayTables)[number];

/** Made ahead, so that midnight costs nothing. */
export const daysAhead = 2;

export interface Days {
  /** The day of `now`, and while yesterday is open yesterday's, have their partitions. */
  ensureFor(now: number): Promise<void> | undefined;
  ensure(table: DayTable, day: number): Promise<void>;
  /** Something was dropped by somebody: look again. */
  forget(): void;
}

/**
 * Intake must not depend on a worker: once per batch it checks a set in memory, and creates a partition
 * that is not in it.
 */
export function createDays(db: Pick<Database, 'system'>): Days {
  const known = new Set<string>();

  async function ensure(table: DayTable, day: number): Promise<void> {
    const key = `${table} ${day}`;
    if (known.has(key)) return;
    // Across tenants: a partition holds everybody's day.
    await db.system((tx) => addDay(tx, table, dayText(day)));
    known.add(key);
  }

  let ensuredUntil = 0;
  return {
    ensure,
    ensureFor(now) {
      // Further ahead than it may be: the clock went back, and another day is today.
      if (now < ensuredUntil && ensuredUntil - now <= dayGraceMs) return undefined;
      return (async () => {
        const today = dayOf(now);
        for (const table of ['heartbeats', 'events', 'metric_points'] as const) await ensure(table, today);
        if (dayOf(now - dayGraceMs) < today) await ensure('heartbeats', today - 1);
        ensuredUntil = Math.min((today + 1) * 86_400_000, now + dayGraceMs);
      })();
    },
    forget() {
      known.clear();
      ensuredUntil = 0;
    },
  };
}

/** Upkeep's part: today and the days ahead, and the end of what has been kept long enough. */
export async function makeDaysAhead(days: Days, now: number): Promise<void> {
  for (let ahead = 0; ahead <= daysAhead; ahead += 1) {
    for (const table of dayTables)
      if (table !== 'heartbeat_chunks') await days.ensure(table, dayOf(now) + ahead);
  }
}

/** Drops whole days before `firstKept`. */
export async function dropDaysBefore(
  db: Pick<Database, 'system'>,
  table: DayTable,
  firstKept: number,
): Promise<number> {
  return await db.system((tx) => dropDays(tx, table, '1970-01-01', dayText(firstKept)));
}
