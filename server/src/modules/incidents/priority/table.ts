import type { Severity } from '@watchkeeper/contracts';

/**
 * The formula of the priority. Each input gives points, at most its weight. The level is decided by the share: the points
 * of all inputs that are known, divided by their weights. An input that is unavailable is left out of both, so not
 * knowing something makes an incident neither more nor less urgent.
 */
export const priorityTable = {
  /** The worst alert that is not over. */
  severity: {
    weight: 40,
    points: { critical: 40, high: 28, medium: 14, low: 4 } satisfies Record<Severity, number>,
  },
  /** How many sites it reaches. */
  sites: {
    weight: 20,
    steps: [
      [5, 20],
      [2, 10],
      [1, 0],
    ],
  },
  /** How many areas it reaches. */
  areas: {
    weight: 12,
    steps: [
      [4, 12],
      [2, 6],
      [1, 0],
    ],
  },
  /** Whether one of its sites is open. */
  opening_hours: { weight: 15, open: 15, closed: 0 },
  /** Whether somebody is there: a door opened, a device is in use. */
  people: { weight: 20, present: 20, nobody: 0 },
  /** Bookings that it hits. Nothing fills it yet. */
  bookings: { weight: 30 },
} as const;

/** The share of the points from which on a level applies, the most urgent first. Below all of them: P5. */
export const levels = [
  ['P1', 0.7],
  ['P2', 0.45],
  ['P3', 0.25],
  ['P4', 0.1],
] as const;
