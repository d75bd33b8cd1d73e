/** Telemetry days are UTC days: partitions, chunks and retention count in them. */
export const dayMs = 86_400_000;
/** A day stays open this long after its end for what is still under way; then it may be packed. */
export const dayGraceMs = 3_600_000;

export function dayOf(ms: number): number {
  return Math.floor(ms / dayMs);
}

export function dayStart(day: number): Date {
  return new Date(day * dayMs);
}

/** `2026-11-21` */
export function dayText(day: number): string {
  return dayStart(day).toISOString().slice(0, 10);
}

/** Whether a row of time `at` still goes to its day's partition; later it goes beside, and is merged in. */
export function isOpenDay(at: number, now: number): boolean {
  return now < (dayOf(at) + 1) * dayMs + dayGraceMs;
}
