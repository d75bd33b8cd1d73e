import type { Shift } from './shift.ts';

/** One person (or nobody) without interruption, over as many shifts as that are. */
export interface Stretch {
  readonly userId: string | null;
  readonly start: number;
  readonly end: number;
  readonly gap: Shift['gap'];
}

/** Joins shifts that follow each other and are of one person. */
export function stretchesOf(shifts: readonly Shift[]): Stretch[] {
  const stretches: Stretch[] = [];
  for (const { userId, start, end, gap } of shifts) {
    const before = stretches.at(-1);
    if (before?.userId === userId && before.gap === gap) stretches[stretches.length - 1] = { ...before, end };
    else stretches.push({ userId, start, end, gap });
  }
  return stretches;
}
