import type { Spanned } from './days';

export interface Planned extends Spanned {
  readonly window_id: string;
  /** Slug of a site, or "all". */
  readonly location: string;
  /** As the window says it; left out: not known, so it may be anything there. */
  readonly systems?: readonly string[] | undefined;
}

const everything = 'all';

function touches(a: readonly string[], b: readonly string[]): boolean {
  if (a.includes(everything) || b.includes(everything)) return true;
  // An area may hold the device, a type may be that of it: only two devices are surely apart.
  const isWide = (system: string) => system.startsWith('type:') || system.startsWith('area:');
  if (a.some(isWide) || b.some(isWide)) return true;
  return a.some((system) => b.includes(system));
}

/** Both at once, and both about something that may be the same. */
export function overlaps(a: Planned, b: Planned): boolean {
  if (a.window_id === b.window_id) return false;
  if (a.location !== b.location && a.location !== everything && b.location !== everything) return false;
  const inTime =
    Date.parse(a.start_time) < Date.parse(b.end_time) && Date.parse(b.start_time) < Date.parse(a.end_time);
  return inTime && touches(a.systems ?? [everything], b.systems ?? [everything]);
}

/** Those that meet one of these; each is named once. */
export function overlapping<T extends Planned>(mine: readonly Planned[], others: readonly T[]): T[] {
  const windows = new Set<string>();
  return others.filter((other) => {
    if (windows.has(other.window_id) || !mine.some((each) => overlaps(each, other))) return false;
    windows.add(other.window_id);
    return true;
  });
}
